"""No text makes a rule slow: all that reads text in the indexing process takes linear time."""

import io
import json
from collections.abc import Callable
from contextlib import suppress

import pytest

from embeddings.errors import UsageError
from embeddings.hashed import HashedEncoder
from qa.answers.claims.comparing import has_details
from qa.answers.claims.sentences import sentences
from qa.indexing.splitting import split
from qa.loading import Limits, NotLoaded
from qa.loading.encodings import decode
from qa.loading.fields import author_field
from qa.loading.formats import front_matter, jsonl, markdown, plain
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.names import masthead, perhaps_publication, topic_page
from qa.loading.scraped.page import clean
from qa.store.local.engines.terms import Analyzer
from qa.text.clauses import fragments
from qa.text.dates import dates
from qa.text.days import asks_now, day_range, named_days
from qa.text.invisible import line_of, without_invisible
from qa.text.negation import negations
from qa.text.quantities import asks_quantity, has_quantity, quantities
from qa.text.quotations import find
from qa.text.sentences import sentence_spans

Linear = Callable[..., bool]

_PROSE = "It was said that the man who left on Monday had been there again."


def _lines(raw: str) -> None:
    for _ in jsonl.read(io.BytesIO(raw.encode()), Limits()):
        pass


def _record(text: str) -> None:
    facts = dict.fromkeys(("title", "date", "author", "source", "url", "_id"), text)
    _lines(json.dumps({"text": "x", **facts}) + "\n" + json.dumps({"text": text}))


RULES: dict[str, Callable[[str], object]] = {
    "sentences": lambda text: list(sentence_spans(text)),
    "passages": lambda text: list(split(text, HashedEncoder().count)),
    "plain text": lambda text: plain.read(text.encode()),
    "head of a page": lambda text: clean(f"{text}\n{_PROSE}"),
    "tail of a page": lambda text: clean(f"{_PROSE}\n{text}", "Storm hits Arlen"),
    "markdown": lambda text: markdown.read(text.encode()),
    "a .jsonl file": _lines,
    "a record": _record,
    "encoding": lambda text: decode(text.encode()),
    "normalisation": lambda text: (normalise(text), one_line(text)),
    "names": lambda text: (masthead(text), perhaps_publication(text), topic_page(text)),
    "fields": lambda text: author_field({"author": text}),
    "expected quantities": lambda text: (has_quantity(text), asks_quantity(text)),
    "quantities": quantities,
    "dates": dates,
    "days": day_range,
    "days of a question": lambda text: (named_days(text), asks_now(text)),
    "clauses": fragments,
    "invisible characters": lambda text: (without_invisible(text), line_of(text)),
    "words": Analyzer().finder(["word"]),
    "sentences of a draft": sentences,
    "a claim": lambda text: has_details(text[:1000]),
    "negations": negations,
    "quotations": lambda text: find(text, "some words", (0, 10)),
}
PIECES = [
    ".", "…", ". ", "a.", "。」", '"', "(", "[", "]", "[{},", '{"a":', " ", "\u00a0", "\n", " \n",
    "-", "---\n", "9", "9.", "2019-", "May 1 ", "two ", "a", "한", "by ", "<", "<a ", "<!--", "&",
    "`", "*", "**a", "_a ", "[a](", "![a][", "[^1]: a\n", "[a]: b\n", "a|\n", "\\", "> ", "- a\n",
    "\u0301", "e\u0301", "\x1b[0", "\x90", "Topics\n", "© 2024 ",
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_takes_linear_time_whatever_is_repeated(rule: str, linear: Linear) -> None:
    def apply(text: str) -> None:
        with suppress(NotLoaded, UsageError):
            RULES[rule](text)

    def is_linear(piece: str, around: str) -> bool:
        return bool(linear(apply, lambda size: around + piece * (size // len(piece)) + around))

    slow = [
        (piece, around) for piece in PIECES for around in ("", "a") if not is_linear(piece, around)
    ]
    assert slow == []


@pytest.mark.parametrize("rule", ["quantities", "dates"])
@pytest.mark.parametrize(
    "piece",
    [
        "million ", "two thousand ", "twenty-one ", "1 in 2 ", "5 to ", "5-", "9,999", "a half of ",
        "hundreds of ", "May 5 and ", "5 and 6 ", "2019-2020 ", "5 km-", "No. ", "1 A St ", "$",
        "at least ", "more than a ", "5 red ", "°", "1/2 ", "a quarter of a ", "10:", "over about ",
    ],
)  # fmt: skip
def test_numbers_and_their_words_take_linear_time(rule: str, piece: str, linear: Linear) -> None:
    assert linear(RULES[rule], lambda size: piece * (size // len(piece)))


@pytest.mark.parametrize("piece", ["[", "{", "- ", "? ", "a: ", "- a\n", "&a ", "!a ", '"', "|\n"])
def test_long_front_matter_takes_no_more_time_than_the_longest_there_is(
    piece: str, linear: Linear
) -> None:
    def read(text: str) -> None:
        front_matter.split(f"---\ntitle: {text[:60_000]}\n---\n{text}")

    assert linear(read, lambda size: piece * (size // len(piece)), least=60_000)


def _word(number: int) -> str:
    """Another one for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).title()


@pytest.mark.parametrize(
    "line",
    [
        "The {} Post", "A Storm Hits {} Today", "A Storm Hits {0} Today\nA Storm Hits {0} Today",
        "By {} Lee", "{} Doe\nApril 24, 2019", "{} / AFP", "Topics\n{}\nReuse this content",
        "# {}", "- {}", "[{0}]: {0}", "[^{0}]: {0}", "| {} |", "```{}", "<!-- {}",
    ],
)  # fmt: skip
def test_lines_that_are_all_different_take_linear_time(line: str, linear: Linear) -> None:
    def read(text: str) -> None:
        plain.read(text.encode())
        markdown.read(text.encode())

    def text_of(size: int) -> str:
        return "\n".join(line.format(_word(number)) for number in range(size // 20)) + f"\n{_PROSE}"

    assert linear(read, text_of)
