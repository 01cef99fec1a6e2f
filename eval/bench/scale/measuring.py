"""Build and measure one index of each size, running each step in a fresh process."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from embeddings.errors import Error
from eval.bench.scale.growth import grow, write

Json = dict[str, Any]
Progress = Callable[[str, int, int], None]
_PASSAGES_FROM = 300
_MORE = 10
_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Scale:
    """The folder to work in, the BEIR folder to grow articles from, the model for the vectors, and
    whether to keep the indexes."""

    work: Path
    beir: Path
    model: str
    keep: bool

    def measure(self, sizes: Sequence[int], progress: Progress) -> Iterator[Json]:
        """Yields the results of each size, in passages, smallest first.

        Raises `Error` if a step fails.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        per_article = self._per_article()
        asked = self._questions()
        for done, size in enumerate(sorted(sizes)):
            progress(f"{size:,} passages", done, len(sizes))
            yield self._one(round(size / per_article), asked)
        progress("done", len(sizes), len(sizes))

    def _questions(self) -> Path:
        lines = (self.beir / "queries.jsonl").read_text("utf-8").splitlines(keepends=True)
        file = self.work / "questions.jsonl"
        file.write_text("".join(lines[:: max(1, len(lines) // _QUESTIONS)][:_QUESTIONS]), "utf-8")
        return file

    def _per_article(self) -> float:
        """The mean number of passages per article, from the first `_PASSAGES_FROM` articles."""
        folder, index = self._folders("few")
        write(islice(grow(self._corpus, _PASSAGES_FROM), _PASSAGES_FROM), folder)
        built = _step("build", index, folder, self.model)
        self._clear(folder, index)
        return float(built["passages"] / built["documents"])

    @property
    def _corpus(self) -> Path:
        return self.beir / "corpus.jsonl"

    def _one(self, articles: int, asked: Path) -> Json:
        folder, index = self._folders(str(articles))
        text = write(grow(self._corpus, articles), folder)
        results: Json = {"articles": articles, "text_bytes": text}
        results["build"] = _step("build", index, folder, self.model)
        results["open, checked"] = _step("opened", index, "recheck")
        results["open"] = _step("opened", index, "lately")
        results["questions"] = _step("questions", index, asked)
        results |= _step("recall", index, asked)
        more = islice(grow(self._corpus, articles + _MORE), articles, None)
        write(more, folder / "more")
        results["ten more"] = _step("build", index, folder, self.model)
        results["nothing more"] = _step("build", index, folder, self.model)
        self._clear(folder, index)
        return results

    def _folders(self, name: str) -> tuple[Path, Path]:
        folder, index = self.work / f"articles-{name}", self.work / f"index-{name}"
        self._clear(folder, index, keep=False)
        return folder, index

    def _clear(self, *folders: Path, keep: bool | None = None) -> None:
        for folder in folders:
            if not (self.keep if keep is None else keep):
                shutil.rmtree(folder, ignore_errors=True)


def _step(name: str, *arguments: Path | str) -> Json:
    command = [sys.executable, "-m", "eval.bench.scale.steps", name, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise Error(f"The step {name!r} ended with status {done.returncode}:\n{last}")
    result: Json = json.loads(done.stdout.splitlines()[-1])
    return result
