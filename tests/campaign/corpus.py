"""Generated articles, and what an index shows of them.

All sentences look like "Some 300 dockers left Busan in April.", so the campaign knows where each
begins and ends without asking nkqa. A large corpus combines a few thousand sentences again and
again: a large record, of which little has to be encoded.
"""

import dataclasses
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embeddings.hashed import HashedEncoder
from qa import IndexMissing, open_index, verify_index

_WHO = "dockers miners pilots nurses teachers welders farmers sailors".split()
_DID = "left reached praised avoided rebuilt inspected".split()
_WHERE = "Busan Sokcho Wonsan Khabarovsk Nakhodka Rason Dandong Hunchun Ulsan Incheon".split()
_MONTHS = "January March April June August October December".split()
_PUBLISHERS = ["Coast Daily", "River Post", "Forest Wire", "Port Gazette"]
QUESTIONS = ("Who reached Sokcho in April?", "How many dockers left Busan?", "Which miners praised")


def sentences(dice: random.Random, count: int) -> list[str]:
    """`count` sentences, few of them alike."""
    return [
        f"Some {dice.randrange(100, 1000)} {dice.choice(_WHO)} {dice.choice(_DID)} "
        f"{dice.choice(_WHERE)} in {dice.choice(_MONTHS)}."
        for _ in range(count)
    ]


def sentences_in(text: str) -> set[str]:
    """The sentences of an article's text."""
    return {f"{one}." for one in text.replace("\n", " ").rstrip(".").split(". ")}


def article(dice: random.Random, name: str, pool: list[str], length: int) -> dict[str, str]:
    """An article with everything that a citation shows."""
    return {
        "_id": name,
        "title": f"{dice.choice(_WHERE)} report {name}",
        "source": dice.choice(_PUBLISHERS),
        "author": f"Author of {name}",
        "published_at": f"20{dice.randrange(10, 24)}-{dice.randrange(1, 13):02}-15",
        "url": f"https://news.example/{name}",
        "text": " ".join(dice.choice(pool) for _ in range(length)),
    }


def write_small(folder: Path, dice: random.Random, count: int = 9) -> None:
    """`count` files of articles, in each plain format."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        write_one(folder, dice, f"{dice.choice(_WHERE).lower()}-{number}", number % 3)


def write_one(folder: Path, dice: random.Random, name: str, kind: int) -> None:
    """A file of plain text (`kind` 0), of Markdown with front matter (1) or of JSON lines (2)."""
    pool = sentences(dice, 12)
    made = article(dice, name, pool, 12)
    if kind == 0:
        (folder / f"{name}.txt").write_text(made["text"] + "\n")
    elif kind == 1:
        head = {"title": "title", "publisher": "source", "author": "author", "url": "url"}
        front = "".join(f"{key}: {made[what]}\n" for key, what in head.items())
        front += f"published: {made['published_at']}\n"
        (folder / f"{name}.md").write_text(f"---\n{front}---\n\n{made['text']}\n")
    else:
        two = [made, article(dice, f"{name}-second", pool, 5)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in two))


def edit(folder: Path, dice: random.Random, name: str) -> None:
    """Makes the next edition of the folder: adds a file, changes another and removes a third."""
    files = sorted(folder.iterdir())
    gone, changed = dice.sample(files, 2)
    gone.unlink()
    changed.write_text(changed.read_text().replace("Some ", "About "))
    write_one(folder, dice, name, dice.randrange(3))


def write_large(folder: Path, dice: random.Random, articles: int, length: int) -> None:
    """Articles as JSON lines, a hundred a file."""
    folder.mkdir(parents=True)
    pool = sentences(dice, 5000)
    for first in range(0, articles, 100):
        made = (article(dice, f"wire-{n}", pool, length) for n in range(first, first + 100))
        (folder / f"{first:05}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in made))


# What an index shows


def look(index: Path, encoder: HashedEncoder | None = None) -> Any:
    """Every passage and article of a small index, in the order of its answers; None for no index.

    Raises `AssertionError` when `nkqa verify` would find faults, and the errors of opening it.
    """
    try:
        faults = verify_index(index).faults
    except IndexMissing:
        return None
    assert not faults, f"verify finds faults: {faults}"
    with open_index(index, encoder=encoder or HashedEncoder()) as opened:
        answers = [
            _plain(opened.ask(question, 100, read=False).citations) for question in QUESTIONS
        ]
        names = sorted({citation["doc_id"] for answer in answers for citation in answer})
        return {"answers": answers, "articles": [_plain(opened.article(name)) for name in names]}


def _plain(value: Any) -> Any:
    """The values as dictionaries, without the sentence that contains rounded scores."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.asdict(value)
        fields.pop("because", None)
        return fields
    return [_plain(one) for one in value]


def differences(found: Any, expected: Any, where: str = "") -> Iterator[str]:
    """Where two values of `look` differ. Scores may differ in their last digits."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in found.keys() | expected.keys():
            yield from differences(found.get(key), expected.get(key), f"{where}.{key}")
    elif isinstance(found, list | tuple) and isinstance(expected, list | tuple):
        if len(found) != len(expected):
            yield f"{where}: {len(found)} instead of {len(expected)}"
        for place, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from differences(one, other, f"{where}[{place}]")
    elif isinstance(found, float) and isinstance(expected, float):
        if not math.isclose(found, expected, abs_tol=1e-4):
            yield f"{where}: {found} instead of {expected}"
    elif found != expected:
        yield f"{where}: {str(found)[:200]!r} instead of {str(expected)[:200]!r}"


def same(found: Any, expected: Any) -> bool:
    return next(differences(found, expected), None) is None
