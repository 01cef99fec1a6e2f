"""Generate any number of articles from real ones.

The first articles are the real ones, unchanged. Every further article rewrites a real one: it
shuffles the sentences, replaces one in five with a sentence of a second article, one word in eight
with a word of that article, and one word in forty with a name, which may be new. Words thus keep
their frequencies, the vocabulary keeps growing as in real text (H. Heaps, 1978), and all articles
differ.
"""

import datetime
import json
import random
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from qa.text.sentences import sentence_spans

_SEED = 2019
_SYLLABLES = (
    "ba be bo da de do ga ge go ka ke ko la le lo ma me mo na ne no pa pe po ra re ro sa se so ta"
    " te to va ve vo wa we wo ya ye yo za ze zo"
).split()
_FIRST_DAY = datetime.date(2015, 1, 1)
_DAYS = 3650
_IN_A_FILE = 500


def grow(corpus: Path, count: int) -> Iterator[dict[str, str]]:
    """Yields `count` articles in the fields of a BEIR corpus, always the same for a `corpus`."""
    real = [json.loads(line) for line in corpus.open(encoding="utf-8")]
    dice = random.Random(_SEED)  # noqa: S311 - growth is to be the same each time
    yield from real[:count]
    texts = [_sentences(one["text"]) for one in real]
    for number, (one, sentences) in enumerate(cycle(zip(real, texts, strict=True)), len(real)):
        if number >= count:
            return
        other = texts[dice.randrange(len(texts))]
        day = _FIRST_DAY + datetime.timedelta(days=dice.randrange(_DAYS))
        yield {
            "_id": f"grown-{number}",
            "title": " ".join(_reworded(one["title"].split(), other, dice)),
            "text": _retold(sentences, other, dice),
            "source": one.get("source") or "Grown News",
            "published_at": day.isoformat(),
        }


def write(articles: Iterator[dict[str, str]], folder: Path) -> int:
    """Writes articles to .jsonl files of `_IN_A_FILE` each; returns the size of their text in
    bytes."""
    folder.mkdir(parents=True)
    size = number = 0
    lines: list[str] = []
    for article in articles:
        size += len(article["text"].encode())
        lines.append(json.dumps(article, ensure_ascii=False) + "\n")
        if len(lines) == _IN_A_FILE:
            (folder / f"{number:06}.jsonl").write_text("".join(lines), encoding="utf-8")
            number, lines = number + 1, []
    if lines:
        (folder / f"{number:06}.jsonl").write_text("".join(lines), encoding="utf-8")
    return size


def _sentences(text: str) -> list[list[str]]:
    return [text[start:end].split() for start, end in sentence_spans(text)]


def _retold(sentences: Sequence[list[str]], other: Sequence[list[str]], dice: random.Random) -> str:
    chosen = [
        dice.choice(other) if dice.random() < 1 / 5 else sentence
        for sentence in dice.sample(sentences, len(sentences))
    ]
    return " ".join(" ".join(_reworded(words, other, dice)) for words in chosen)


def _reworded(words: Sequence[str], other: Sequence[list[str]], dice: random.Random) -> list[str]:
    reworded = list(words)
    for _ in range(round(len(reworded) / 8 + dice.random())):
        from_other = dice.choice(other)
        if reworded and from_other:
            reworded[dice.randrange(len(reworded))] = dice.choice(from_other)
    for _ in range(int(len(reworded) / 40 + dice.random())):
        reworded[dice.randrange(len(reworded))] = _name(dice)
    return reworded


def _name(dice: random.Random) -> str:
    """A name from an unlimited supply, of which a few occur often."""
    number = int(dice.paretovariate(0.7))
    parts = []
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
    return "".join(parts[:6]).capitalize()
