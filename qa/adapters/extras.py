"""What is said when a framework is not installed."""

from embeddings.errors import MissingExtra


def missing(extra: str, package: str, error: ImportError) -> MissingExtra:
    """The error to raise where importing the package of an extra failed."""
    return MissingExtra(
        f"This needs the package {package}, which cannot be imported ({error}). "
        f"Run: pip install 'nkqa[{extra}]'"
    )
