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
from qa.loading.fields import Fields, author_of, facts_of, is_address
from qa.loading.formats import front_matter, jsonl, markdown, plain
from qa.loading.formats.web import authors, blocks, dates, linked, publishers, titles
from qa.loading.formats.web.declared import declared_encoding
from qa.loading.formats.web.page import page_of
from qa.loading.formats.web.text import MainText
from qa.loading.formats.web.tree import parse
from qa.loading.heads import Piece, pieces, read_head
from qa.loading.heads.mail import plain_message, sender
from qa.loading.normalise import normalise, one_line
from qa.loading.scraped.lines import byline, credit
from qa.loading.scraped.names import masthead, perhaps_publication, topic_page, without_label
from qa.loading.scraped.page import clean
from qa.store.local.engines.analyzer import Analyzer
from qa.text import dates as text_dates
from qa.text.as_of import as_of
from qa.text.attribution import said_by
from qa.text.clauses import fragments
from qa.text.days import asks_now, day_range, named_days
from qa.text.detection import language_of
from qa.text.folding import folded
from qa.text.invisible import line_of, without_invisible
from qa.text.negation import negations
from qa.text.quantities import asks_quantity, has_quantity, quantities
from qa.text.quantities.asked import asked
from qa.text.quotations import find
from qa.text.sentences import sentence_spans

# A minute of processor time: `.ci/run` has it, and so does whoever changes a rule.
pytestmark = pytest.mark.slow

Linear = Callable[..., bool]

_PROSE = "It was said that the man who left on Monday had been there again."


def _lines(raw: str) -> None:
    for _ in jsonl.read(io.BytesIO(raw.encode()), Limits()):
        pass


def _record(text: str) -> None:
    facts = dict.fromkeys(("title", "date", "author", "source", "url", "_id"), text)
    _lines(json.dumps({"text": "x", **facts}) + "\n" + json.dumps({"text": text}))


def _page(text: str) -> None:
    """What nkqa itself reads of a page; trafilatura and its time are not ours."""
    script = f'<script type="application/ld+json">{text}</script>'
    tree = parse(f"<html><body>{script}<h1>{text}</h1><p>{text}</p>{text}</body></html>")
    if tree is not None:
        page = page_of(tree, text)
        found, main = linked.linked_of(page), MainText(text, first=tree[-1], last=tree[-1])
        titles.title_of(page, [text], publishers.names_of_site(page, found))
        authors.author_of(page, found, main, [])
        dates.published(page, found, main)
        blocks.blocks_of(tree)


def _facts(record: dict[str, object]) -> None:
    facts_of(record, Fields(record))


RULES: dict[str, Callable[[str], object]] = {
    "sentences": lambda text: list(sentence_spans(text)),
    "passages": lambda text: list(split(text, HashedEncoder().count)),
    "plain text": lambda text: list(plain.read(text.encode())),
    "head of a page": lambda text: clean(f"{text}\n{_PROSE}"),
    "tail of a page": lambda text: clean(f"{_PROSE}\n{text}", "Storm hits Arlen"),
    "markdown": lambda text: list(markdown.read(text.encode())),
    "a .jsonl file": _lines,
    "a record": _record,
    "encoding": lambda text: decode(text.encode()),
    "normalisation": lambda text: (normalise(text), one_line(text)),
    "names": lambda text: (masthead(text), perhaps_publication(text), topic_page(text)),
    "bylines": lambda text: (byline(text), credit(text), without_label(text)),
    "declared encoding": lambda text: declared_encoding(text.encode()),
    "declared in a meta": lambda text: declared_encoding(f"<meta {text}>".encode()),
    "a publisher": publishers.name,
    "a web page": _page,
    "expected quantities": lambda text: (has_quantity(text), asks_quantity(text)),
    "quantities": quantities,
    "dates": text_dates.dates,
    "fields": lambda text: (author_of(text), is_address(text), _facts({"date": text, text: "1"})),
    "articles of a file": pieces,
    "head of an export": lambda text: read_head(Piece(f"1 of 1 DOCUMENT\n{text}\n", export=True)),
    "labelled head": lambda text: read_head(Piece(f"Title: a\n{text}\n{_PROSE}\n{text}")),
    "message": lambda text: plain_message(f"Subject: =?utf-8?q?a?=\nFrom: {text}\n\n{text}"),
    "parts of a message": lambda text: plain_message(
        f"Content-Type: multipart/mixed; boundary=a\nFrom: a\n\n{text}\n--a--"
    ),
    "sender": sender,
    "days": day_range,
    "days of a question": lambda text: (named_days(text), asks_now(text)),
    "clauses": fragments,
    "invisible characters": lambda text: (without_invisible(text), line_of(text)),
    "words": Analyzer().finder(["word"]),
    "words of a language": lambda text: Analyzer(["ko", "ru"]).terms(text, "ru"),
    "a question's words": Analyzer(["ja", "de", "th"]).question_terms,
    "language": language_of,
    "folding": folded,
    "sentences of a draft": sentences,
    "a claim": lambda text: has_details(text[:1000]),
    "negations": negations,
    "a speaker": lambda text: said_by(text, len(text) // 2),
    "time of a sentence": lambda text: as_of(text, 0, "2019-04-26"),
    "kind of quantity": asked,
    "quotations": lambda text: find(text, "some words", (0, 10)),
}
PIECES = [
    ".", "…", ". ", "a.", "。」", '"', "(", "[", "]", "[{},", '{"a":', " ", "\u00a0", "\n", " \n",
    "-", "---\n", "9", "9.", "2019-", "May 1 ", "two ", "a", "한", "by ", "<", "<a ", "<!--", "&",
    "`", "*", "**a", "_a ", "[a](", "![a][", "[^1]: a\n", "[a]: b\n", "a|\n", "\\", "> ", "- a\n",
    "!", "?! ", ". . ", "«", "» ", "„", "“! ", "”", "—", "3. ", "z. B. ", "U.S. The ", "? »",
    "[…] ", "“No!” Lee of ", "\u0301", "e\u0301", "\x1b[0", "\x90", "Topics\n", "© 2024 ",
    "기자 ", "More from a\n", "<meta ", "<p>a", "<br>", "<sup>1</sup>", "<script>", "a|b ",
    "a: b\n", "Title: a\n", ": ",
    "1 of 2 DOCUMENTS\n", "1 of ", "HD  a\n", "=====\n", "End of Document\n", "From a 2024\na:\n",
    "Title: a\nBy: b\n\n", "---\ntitle: a\ndate: b\n", "+++\n", "--a\n", "@", "a@", "a.b/",
    "Content-Type: multipart/mixed; boundary=a\n\n--a\n", "9 words\n", "=?utf-8?q?a?= ",
    "漢", "ก\u0e38\u0e48", "ｶﾞ", "א\u05b8",
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
        list(plain.read(text.encode()))
        list(markdown.read(text.encode()))

    def text_of(size: int) -> str:
        return "\n".join(line.format(_word(number)) for number in range(size // 20)) + f"\n{_PROSE}"

    assert linear(read, text_of)


@pytest.mark.parametrize(
    "part",
    [
        "<p class=author>By Ann Lee</p>", "<time datetime=2024-01-02>x</time>", "<h1>A Storm</h1>",
        "<div class=byline><h3><a href=/x>A Storm</a></h3>By Ann Lee</div>",
        "<li class=date>a</li>",
        "<span itemprop=datePublished>2024-01-02</span>", "<tr><td>a</td></tr>", "<q>a</q>",
        "<a rel=author href=/x>Ann Lee</a>", "<meta name=author content=a>", "<p>a<br><br>b</p>",
    ],
)  # fmt: skip
def test_elements_that_are_repeated_take_linear_time(part: str, linear: Linear) -> None:
    assert linear(_page, lambda size: part * (size // len(part)))
