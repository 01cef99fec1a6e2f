"""How often grouped articles are about one event: `python -m eval.stories BEIR_FOLDER...`.

`gold/stories.jsonl` lists pairs of articles at most four days apart, judged by their titles and
leads: are they about one event? Pairs of the sample "band" were drawn at random by bands of their
similarity (`score`), pairs of "grouped" later, from the articles that the rule groups.

`python -m eval.stories --words INDEX...` prints the table of frequencies that the rule uses, from
the articles of these indexes.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files
from math import log
from pathlib import Path
from typing import Annotated, Any

import typer

from qa import build_index, open_index
from qa.store.opening import open_store
from qa.stories.outline import counted_words

# Words of a table, and in how many articles of each index a word must be.
_WORDS, _LEAST = 2000, 3
_MOST_STORIES = 1000


def main(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...")],
    words: Annotated[bool, typer.Option("--words", help="Print frequencies of words.")] = False,
) -> None:
    """Precision and recall of grouped pairs, against the judged ones."""
    if words:
        typer.echo("\n".join(_table(folders)))
        return
    gold = files("eval").joinpath("gold/stories.jsonl").read_text("utf-8").splitlines()
    judged = [json.loads(line) for line in gold]
    with tempfile.TemporaryDirectory() as home:
        stories = {
            folder.name: _stories(folder, Path(home) / str(place))
            for place, folder in enumerate(folders)
        }
    pairs = [pair for pair in judged if pair["collection"] in stories]
    for sample in ("band", "grouped"):
        chosen = [pair for pair in pairs if pair["sample"] == sample]
        for name, some in (
            ("all", chosen),
            ("of two publishers", [pair for pair in chosen if pair["publishers"] == 2]),
        ):
            typer.echo(f"{sample}, {name}: {_measured(some, stories)}")


def _measured(pairs: list[Any], stories: dict[str, dict[str, str]]) -> str:
    grouped = [pair for pair in pairs if _grouped(pair, stories[pair["collection"]])]
    right = sum(pair["one_story"] for pair in grouped)
    one = sum(pair["one_story"] for pair in pairs)
    return (
        f"{len(pairs)} pairs, {len(grouped)} grouped; precision {right}/{len(grouped)}, recall "
        f"{right}/{one}"
    )


def _grouped(pair: Any, story_of: dict[str, str]) -> bool:
    one = story_of.get(pair["ids"][0])
    return one is not None and one == story_of.get(pair["ids"][1])


def _stories(folder: Path, index: Path) -> dict[str, str]:
    """The story of each article of a BEIR folder that is part of one."""
    build_index([folder / "corpus.jsonl"], index, model="hashed")
    with open_index(index) as opened:
        listed = opened.stories(_MOST_STORIES).stories
        typer.echo(f"{folder.name}: {len(listed)} stories")
        return {
            article.doc_id: story.story_id
            for story in listed
            for article in opened.story(story.story_id).articles
        }


def _table(indexes: Iterable[Path]) -> Iterator[str]:
    """Lines of an inverse document frequency and the words that have it, a mean over indexes."""
    shares: list[Counter[str]] = []
    counts: list[int] = []
    for index in indexes:
        with closing(open_store(index)) as store:
            store.load()
            found = [set(counted_words(one.document)) for one in store.scan()]
        shares.append(Counter(word for one in found for word in one))
        counts.append(len(found))
    mean = {
        word: sum(one[word] / n for one, n in zip(shares, counts, strict=True)) / len(shares)
        for word in shares[0]
        if all(one[word] >= _LEAST for one in shares)
    }
    lines: dict[float, list[str]] = {}
    for word in sorted(mean, key=lambda word: (-mean[word], word))[:_WORDS]:
        lines.setdefault(round(-log(mean[word]), 1), []).append(word)
    for weight, listed in lines.items():
        yield f"{weight} {' '.join(sorted(listed))}"


if __name__ == "__main__":
    typer.run(main)
