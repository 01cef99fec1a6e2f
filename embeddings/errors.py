"""Every error that nkqa raises on purpose, and its exit status on the command line.

    Error                       1   any other error of nkqa
    ├── UsageError              2   a wrong option or argument
    ├── InputError              3   an unusable file, folder or question
    │   └── ArticleMissing      3   the index has no article with that id
    ├── StoreError              4   the index, one of:
    │   ├── IndexMissing        4   no index at this location
    │   ├── IndexDamaged        4   bytes differ from what was committed
    │   ├── IndexMismatch       4   made by another format or another model
    │   └── IndexBusy           4   another process is writing
    ├── EncoderError            5   a model is missing, refused or broken
    ├── EndpointError           5   a language model is unreachable, or refuses
    └── MissingExtra            6   an optional part is not installed

Status 0 is success, 7 a failed evaluation gate, 130 an interrupt. An `OSError` outside this tree
(unwritable output, for example) ends with status 1 and the system's message. Any other exception is
a bug and shows its traceback. A message says what was found, what was expected and what to run
next. The tree is defined here because `embeddings` is the lowest package, which every other may
import.
"""

from typing import Self


class Error(Exception):
    """Root of all errors raised on purpose; `str(error)` is the message for the user."""

    exit_status = 1


class UsageError(Error):
    """An invalid value of an option or argument."""

    exit_status = 2


class InputError(Error):
    """An unusable file, folder or question."""

    exit_status = 3


class ArticleMissing(InputError):
    """The index has no article with that id; `near` has the ids that may be meant."""

    near: tuple[str, ...] = ()


class StoreError(Error):
    """Root of all errors about an index."""

    exit_status = 4


class IndexMissing(StoreError):
    """There is no index at the given location."""


class IndexDamaged(StoreError):
    """The bytes of an index differ from what was committed; no query is answered from it."""


class IndexMismatch(StoreError):
    """The index was made by another format version or with another model."""


class IndexBusy(StoreError):
    """Another process is writing to the index."""


class EncoderError(Error):
    """A model is missing, refused, or gives wrong vectors."""

    exit_status = 5


class EndpointError(Error):
    """The language model of `nkqa chat` is unreachable, refuses, or breaks off its answer."""

    exit_status = 5


class MissingExtra(Error):
    """An optional part of nkqa is not installed."""

    exit_status = 6

    @classmethod
    def of(cls, extra: str, what: str, package: str, error: ImportError) -> Self:
        """The error for a failed import of `package`, which `what` needs and `extra` installs."""
        return cls(
            f"{what} needs the package {package}, which cannot be imported ({error}). Install it "
            f"with `pip install '.[{extra}]'` in the folder that nkqa was installed from."
        )
