"""The names of generators: each is called what the first line of its documentation says."""

from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made", bound=Callable[..., object])

# The extensions of the files that nkqa reads, one for each format.
EXTENSIONS = (".txt", ".md", ".html", ".pdf", ".jsonl")


def titled(*generators: Made) -> dict[str, Made]:
    """The generators by name."""
    return {(made.__doc__ or "").partition("\n")[0].rstrip("."): made for made in generators}
