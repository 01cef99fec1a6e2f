"""Files as people have them, and what is right of each (`read/`): text, facts and problems.

Beside each file stands `NAME.right`, a line for each article or problem, in order. What an
article's line does not name is not compared; a fact that is null is unknown.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.types import Document, Problem

Load = Callable[[str, bytes | str], list[Document | Problem]]

FILES = sorted((Path(__file__).parent / "read").glob("*.right"))


@pytest.mark.parametrize("right", FILES, ids=lambda path: path.stem)
def test_a_file_is_read_right(right: Path, load: Load) -> None:
    source = right.with_suffix("")
    expected = [json.loads(line) for line in right.read_text(encoding="utf-8").splitlines()]
    got = [_shown(item, wanted) for item, wanted in zip(
        load(source.name, source.read_bytes()), expected, strict=True)]  # fmt: skip
    assert got == [_wanted(one, source) for one in expected]


def _shown(item: Document | Problem, wanted: dict[str, object]) -> dict[str, object]:
    if isinstance(item, Problem):
        part = str(wanted.get("problem"))
        return {"problem": part if part in item.reason else item.reason, "line": item.line}
    return {name: getattr(item, name, None) for name in wanted}


def _wanted(expected: dict[str, object], source: Path) -> dict[str, object]:
    """An article without a title is called as its file, as is one of a file that holds one."""
    if "problem" not in expected and expected.get("title") is None:
        return {**expected, "title": source.stem}
    return expected
