"""Every error nkqa raises on purpose, and the exit status the command line gives it.

    Error                       1   ours, unspecific
    ├── UsageError              2   a wrong option or argument
    ├── InputError              3   a file, folder or question that cannot be used
    │   └── ArticleMissing      3   the index has no article of that id
    ├── StoreError             4   the index: see its three kinds
    │   ├── IndexMissing        4   no index where one was looked for
    │   ├── IndexDamaged        4   bytes differ from what was committed
    │   ├── IndexMismatch       4   made by another format or another model
    │   └── IndexBusy           4   another process is writing
    ├── EncoderError            5   a model that is missing, refused or broken
    ├── EndpointError           5   a language model that cannot be reached, or refuses
    └── MissingExtra            6   an optional part that is not installed

Status 0 is success, 7 a failed evaluation gate, 130 an interrupt. An `OSError` that none of these
replaces (output that cannot be written, say) ends with status 1 and the system's own words.
Anything else that escapes is a bug and shows its traceback. A message says what was found, what was
expected and what to run next. The tree lives here because `embeddings` is the lowest package:
everything may import it.
"""

from typing import Self


class Error(Exception):
    """Root of all errors raised on purpose; `str(error)` is ready to show to a person."""

    exit_status = 1


class UsageError(Error):
    """An option or argument with a value that cannot be meant."""

    exit_status = 2


class InputError(Error):
    """A file, folder or question that cannot be used."""

    exit_status = 3


class ArticleMissing(InputError):
    """The index has no article of that id."""


class StoreError(Error):
    """Root of everything wrong with an index folder."""

    exit_status = 4


class IndexMissing(StoreError):
    """There is no index where one was looked for."""


class IndexDamaged(StoreError):
    """The bytes of an index differ from what was committed; nothing is served from it."""


class IndexMismatch(StoreError):
    """The index was made by another format version or with another model."""


class IndexBusy(StoreError):
    """Another process is writing to the index."""


class EncoderError(Error):
    """A model that is missing, refused, or does not give what it should."""

    exit_status = 5


class EndpointError(Error):
    """The language model of `nkqa chat` cannot be reached, refuses, or breaks off."""

    exit_status = 5


class MissingExtra(Error):
    """An optional part of nkqa that is not installed."""

    exit_status = 6

    @classmethod
    def of(cls, extra: str, what: str, package: str, error: ImportError) -> Self:
        """Where importing `package`, which `what` needs and `extra` brings, ended in `error`."""
        return cls(
            f"{what} needs the package {package}, which cannot be imported ({error}). Install it "
            f"with `pip install '.[{extra}]'` in the folder that nkqa was installed from."
        )
