"""Articles that come out in numbered editions, and what an answer tells of the one it is from."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embeddings.hashed import HashedEncoder
from qa import build_index

EDITION = re.compile(r"Edition (\d{5})")
_ENCODER = HashedEncoder()


class Editions:
    """The articles, all of which change with every edition, and the index that follows them."""

    def __init__(self, folder: Path, index: Path) -> None:
        self._folder = folder
        self._index = index
        self.number = 0
        # By the name of a generation: its edition, and how many articles that has.
        self.of: dict[str, tuple[int, int]] = {}
        folder.mkdir()
        self.commit()

    def commit(self) -> None:
        """Writes the next edition and brings the index up to date."""
        self.number += 1
        edition, many = f"Edition {self.number:05}", 4 + self.number % 5
        for number in range(10):
            file = self._folder / f"a-{number}.md"
            if number < many:
                file.write_text(
                    f"---\ntitle: {edition} of the Herald\npublisher: {edition} Press\n---\n\n"
                    f"{edition} was printed on Monday. Article {number} stands in {edition}.\n"
                )
            else:
                file.unlink(missing_ok=True)
        report = build_index([self._folder], self._index, encoder=_ENCODER)
        self.of[report.generation] = (self.number, many)


@dataclass(frozen=True, slots=True)
class Answered:
    """A request of a case, and what came back."""

    target: str
    status: int
    body: str

    def faults(self, editions: Editions, least: int) -> Iterator[str]:
        """What is wrong with the answer; it must be of edition `least` or a later one."""
        if self.status != 200:
            yield f"{self.target} is answered with status {self.status}: {self.body[:200]}"
            return
        told = {int(number) for number in EDITION.findall(self.body)}
        held = json.loads(self.body) if self.target.startswith("/api/") else {}
        if generation := held.get("generation"):
            edition, many = editions.of.get(generation, (0, 0))
            told.add(edition)
            counted = held.get("documents") or len(held.get("citations") or held.get("hits") or ())
            if counted != many:
                yield f"{self.target} has {counted} articles of edition {edition}, which has {many}"
        if len(told) != 1:
            yield f"{self.target} mixes the editions {sorted(told)}"
        elif not least <= min(told) <= editions.number:
            yield f"{self.target} is of edition {min(told)}, expected {least} to {editions.number}"
