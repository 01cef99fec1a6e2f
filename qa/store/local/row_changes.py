"""Find the passage rows that differ between two records, in SQLite."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Difference:
    """Passage rows that differ between two records: `gone` are only in the old record, `come` only
    in the new record, `renewed` are all rows of documents that are new or have changed facts."""

    gone: Rows
    come: Rows
    renewed: Rows


def difference(old: Path, new: Path) -> Difference:
    """The difference from `old` to `new`, two records built by the same rules."""
    with closing(sqlite3.connect(_reading(new), uri=True)) as db:
        db.execute("ATTACH ? AS old", (_reading(old),))
        gone, come = (
            db.execute(
                f"SELECT passage FROM {this}.passages AS a WHERE NOT EXISTS (SELECT 1 FROM"
                f" {that}.passages AS b WHERE b.passage = a.passage AND b.sha256 = a.sha256"
                " AND b.document = a.document) ORDER BY 1"
            ).fetchall()
            for this, that in (("old", "main"), ("main", "old"))
        )
        renewed = db.execute(
            "SELECT a.first_row, a.rows FROM main.documents AS a"
            " LEFT JOIN old.documents AS b USING (document) WHERE a.title IS NOT b.title"
            " OR a.source IS NOT b.source OR a.published IS NOT b.published"
            " OR a.text_sha256 IS NOT b.text_sha256 OR a.first_row IS NOT b.first_row"
        ).fetchall()
    return Difference(
        gone=_rows(row for (row,) in gone),
        come=_rows(row for (row,) in come),
        renewed=_rows(row for first, rows in renewed for row in range(first, first + rows)),
    )


def _reading(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _rows(found: Iterable[int]) -> Rows:
    return np.fromiter(found, dtype=np.int64)
