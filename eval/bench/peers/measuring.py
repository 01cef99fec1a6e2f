"""Measure the participants in turn, so that a slow minute of the machine affects all of them."""

import contextlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.peers.articles import Sample
from eval.bench.peers.environments import cache, environment, variables, versions
from eval.bench.peers.participants import Participant
from eval.bench.peers.process import Process, Told
from eval.measures import Found, paper_measures

_DRIVER = Path(__file__).parent / "driver.py"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """The results of one participant: the answers to each build, the first answer of each of
    several processes, and the answers by question id with all participants running."""

    participant: Participant
    versions: Mapping[str, str]
    prepared: Told
    builds: tuple[Told, ...]
    index_bytes: int
    firsts: tuple[Told, ...]
    warm: Mapping[str, Told]
    quality: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bench:
    """The work folder, the articles and questions, and the model folder that all share."""

    work: Path
    sample: Sample
    model: Path
    progress: Progress

    def measure(
        self, participants: Sequence[Participant], builds: int, firsts: int
    ) -> list[Measured]:
        """The results of each participant. Raises `Error` if one fails."""
        self.sample.write(self._articles)
        prepared = {}
        for done, one in enumerate(participants, 1):
            self.progress("installing", done, len(participants))
            environment(one, self.work)
            shutil.rmtree(cache(one, self.work), ignore_errors=True)
            with self._run(one, "prepare") as process:
                prepared[one] = process.answer()
        built: dict[Participant, list[Told]] = {one: [] for one in participants}
        for turn in range(builds):
            for one in participants:
                self.progress(f"building {one.name}, round", turn + 1, builds)
                built[one].append(self._build(one))
        first: dict[Participant, list[Told]] = {one: [] for one in participants}
        for turn in range(firsts):
            self.progress("first answers, round", turn + 1, firsts)
            query = self.sample.queries[turn % len(self.sample.queries)]
            for one in participants:
                with self._serve(one) as process:
                    first[one].append(process.first_answer(query.text))
        warm = self._ask_all(participants)
        return [
            Measured(
                one,
                versions(one, environment(one, self.work)),
                prepared[one],
                tuple(built[one]),
                _size(self._index(one)),
                tuple(first[one]),
                warm[one],
                quality(self.sample, {name: _texts(answer) for name, answer in warm[one].items()}),
            )
            for one in participants
        ]

    def _build(self, one: Participant) -> Told:
        shutil.rmtree(self._index(one), ignore_errors=True)
        with self._run(one, "build", self._index(one), self._articles) as process:
            return process.answer()

    def _ask_all(self, participants: Sequence[Participant]) -> dict[Participant, dict[str, Told]]:
        """Asks each question of each participant in turn, with all participants running."""
        queries = self.sample.queries
        answers: dict[Participant, dict[str, Told]] = {one: {} for one in participants}
        with contextlib.ExitStack() as stack:
            opened = {one: stack.enter_context(self._serve(one)) for one in participants}
            for process in opened.values():
                process.answer(queries[0].text)  # Warm up: first answers are measured separately.
            for done, query in enumerate(queries, 1):
                self.progress("asking", done, len(queries))
                for one, process in opened.items():
                    answers[one][query.query_id] = process.answer(query.text)
        return answers

    def _serve(self, one: Participant) -> Process:
        return self._run(one, "serve", self._index(one))

    def _run(self, one: Participant, command: str, *rest: Path) -> Process:
        log = self.work / one.name / f"{command}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        python = environment(one, self.work)
        arguments = map(str, (python, "-P", _DRIVER, one.script, command, self.model, *rest))
        return Process(list(arguments), variables(one, self.work), log)

    def _index(self, one: Participant) -> Path:
        return self.work / one.name / "index"

    @property
    def _articles(self) -> Path:
        return self.work / "articles.jsonl"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _texts(answer: Told) -> list[str]:
    return [text for _, text in answer.values["passages"]]


def quality(sample: Sample, found: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The means of `paper_measures`; `found` has the texts of passages, best first, by question
    id."""
    texts = {
        f"{query_id}/{rank}": text
        for query_id, passages in found.items()
        for rank, text in enumerate(passages)
    }
    rankings = {
        query_id: tuple(
            Found(f"{query_id}/{rank}", 0, len(text), -rank) for rank, text in enumerate(passages)
        )
        for query_id, passages in found.items()
    }
    values = paper_measures(sample.queries, rankings, texts.get)
    return {name: sum(each.values()) / len(each) for name, each in values.items()}
