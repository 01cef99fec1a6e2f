"""Several articles in one file of text: their ids stay, and an edit touches only what it edits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.hashed import HashedEncoder
from qa import build_index
from qa.types import IndexReport


def _sentence(number: int, what: str) -> str:
    return f"The council of Quellin spoke for hours on Monday about {what}, item {number} of ten."


def _nexis(*told: str) -> str:
    return "\n".join(
        f"{n} of {len(told)} DOCUMENTS\n\nThe Sandvik Post\n\nMarch {n}, 2024 Monday\n\n"
        f"Council meets again\n\nLENGTH: 20 words\n\n{_sentence(n, what)}\n"
        for n, what in enumerate(told, 1)
    )


def _mailbox(*told: str) -> str:
    return "\n".join(
        f"From a@b.example Mon Mar  4 08:00:00 2024\nFrom: Joris Hale <a@b.example>\n"
        f"Subject: Meeting {n}\n\n{_sentence(n, what)}\n"
        for n, what in enumerate(told, 1)
    )


def _factiva(*told: str) -> str:
    return "\n".join(
        f"HD  Council meets\nPD  {n} March 2024\nSN  The Post\n\nLP  {_sentence(n, what)}\n\n"
        f"AN  Document SNDV00002024030{n}ek350000{n}\n"
        for n, what in enumerate(told, 1)
    )


def _front_matter(*told: str) -> str:
    return "\n".join(
        f"---\ntitle: Meeting {n}\ndate: 2024-03-0{n}\n---\n\n{_sentence(n, what)}\n"
        for n, what in enumerate(told, 1)
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("a.txt", _nexis), ("a.txt", _mailbox), ("a.txt", _factiva), ("a.md", _front_matter)],
    ids=["nexis", "mailbox", "factiva", "front matter"],
)
def test_an_edited_article_is_the_only_one_that_is_updated(
    tmp_path: Path, name: str, written: Callable[..., str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    def update(*told: str) -> IndexReport:
        (folder / name).write_text(written(*told))
        report = build_index([folder], tmp_path / "index", encoder=HashedEncoder())
        assert report.problems == ()
        return report

    first, second, third = f"in/{name}", f"in/{name}:2", f"in/{name}:3"
    assert update("fish").added == (first,)
    one_more = update("fish", "piers", "ships")
    assert (one_more.added, one_more.updated, one_more.removed) == ((second, third), (), ())
    edited = update("fish", "piers and every quay of the old harbour", "ships")
    assert (edited.added, edited.updated, edited.removed) == ((), (second,), ())
    assert update("fish", "piers and every quay of the old harbour").removed == (third,)
