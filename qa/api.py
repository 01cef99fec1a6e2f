"""Opening, describing, checking and rolling back an index: the public calls that only read it.

The ones that write are in `indexing`; they are apart because a question needs none of what they
import.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from qa.store import opening
from qa.types import IndexStatus, VerifyReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from embeddings import Encoder
    from qa.answers.reading.judge import Judge
    from qa.index import Index


def open_index(
    path: Path | str,
    *,
    encoder: "Encoder | None" = None,
    judge: "Judge | None" = None,
    recheck: bool = True,
    today: "Callable[[], date] | None" = None,
) -> "Index":
    """The index at `path`, checked and ready to answer; close it or use it in a `with`.

    The encoder is the one the index was made with unless one is given, and the judge, which reads
    the passages that are found, the one that nkqa ships. For one question only,
    `recheck=False` spares reading all of a record of 64 MiB and more that was checked within a day
    and looks untouched; its rows are checked as they are read. `today` gives the day from which
    "yesterday" and the like are counted, by default that of this machine. Raises `IndexMissing`,
    `IndexDamaged`, `IndexMismatch` or `EncoderError`.
    """
    from qa.index import Index

    clock = {} if today is None else {"today": today}
    return Index(Path(path), encoder, judge, recheck=recheck, **clock)


def index_status(path: Path | str) -> IndexStatus:
    """What the index holds and how it was made, without loading a model.

    Raises as `open_index`.
    """
    return opening.status_of(Path(path))


def verify_index(path: Path | str) -> VerifyReport:
    """Checks every byte of the current generation, and every quote against its article.

    Damage is told in the report's `faults`; a folder that holds no index at all, or an unreadable
    CURRENT or manifest, raises as `open_index`.
    """
    return opening.verify(Path(path))


def rollback_index(path: Path | str) -> tuple[str | None, str]:
    """Returns to the generation before; the names of the one left and the one now current.

    The first is None when the index was too damaged to tell it.
    Raises `StoreError` when there is no other, `IndexDamaged` when the other is damaged too.
    """
    return opening.rollback(Path(path))
