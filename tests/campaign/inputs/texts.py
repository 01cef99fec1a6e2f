"""Text that tempts a reader to look at the same characters again and again, in every format."""

import html
import json
from collections.abc import Callable
from random import Random

File = tuple[str, bytes]
MakeFiles = Callable[[Random], list[File]]

PROSE = (
    "The council voted on Monday to repair the old railway bridge over the river. "
    "Engineers found cracks in two of its pillars last winter, the mayor said. "
    "Trains wait on both banks until the work is done, which takes some forty days."
)
# Longer lines count as prose; patterns for one line of a page see only shorter ones.
_LINE = 390
_BEGINNINGS = ("", f"{PROSE} ")
_ENDS = ("", "x", " X", "\n")
_LENGTHS = (3_000, 60_000, 400_000, 3_000_000)


def _plain(text: str) -> File:
    return "text.txt", _encoded(text)


def _between(text: str) -> File:
    return "between.txt", _encoded(f"Bridge to be repaired\n\n{PROSE}\n\n{text}\n\n{PROSE}\n")


def _in_lines(text: str) -> File:
    cut = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "lines.txt", _encoded("\n".join([*cut, PROSE, *cut]))


def _markdown(text: str) -> File:
    return "text.md", _encoded(f"# {text[:200]}\n\n{PROSE}\n\n{text}\n")


def _front_matter(text: str) -> File:
    value = " ".join(text[:60_000].split())
    return "front.md", _encoded(f"---\ntitle: {value}\ndate: {value[:300]}\n---\n\n{PROSE}\n")


def _page(text: str) -> File:
    return "text.html", _encoded(page(f"<p>{html.escape(text)}</p>"))


def _raw_page(text: str) -> File:
    return "raw.html", _encoded(page(text))


def _page_facts(text: str) -> File:
    value = html.escape(text[:60_000], quote=True)
    head = f'<title>{value}</title><meta name="author" content="{value}"><meta name="date" content='
    return "facts.html", _encoded(page("", f'{head}"{value}">'))


def _record(text: str) -> File:
    return "text.jsonl", (json.dumps({"text": text}) + "\n").encode()


def _record_facts(text: str) -> File:
    facts = dict.fromkeys(("title", "date", "author", "source", "url"), text[:60000])
    return "facts.jsonl", (json.dumps({"text": PROSE, **facts}, ensure_ascii=True) + "\n").encode()


# A page may take half a minute of its own until its parser is stopped, so an input has only one.
_IN_PAGES = (_page, _raw_page, _page_facts)
_ELSEWHERE = (_plain, _between, _in_lines, _markdown, _front_matter, _record, _record_facts)


def page(body: str, head: str = "") -> str:
    """An HTML page with three paragraphs of prose and `body` below them."""
    prose = "".join(f"<p>{PROSE}</p>" for _ in range(3))
    return f"<html><head>{head}</head><body><article>{prose}{body}</article></body></html>"


def in_places(rng: Random, text: str) -> list[File]:
    """Files that hold the text, a different part of an article in each."""
    places = [*rng.sample(_ELSEWHERE, 3), rng.choice(_IN_PAGES)]
    return [place(text) for place in places]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _run_of(unit: str) -> MakeFiles:
    def make(rng: Random) -> list[File]:
        run = unit * (rng.choice(_LENGTHS) // len(unit))
        return in_places(rng, rng.choice(_BEGINNINGS) + run + rng.choice(_ENDS))

    return make


def _mixed(rng: Random) -> list[File]:
    """A short unit of signs that mean something to a format, repeated."""
    signs = rng.choices(
        "..!?\"'“”’)]}([{<>&#*_`~|\\/-–=:;,@01aA \n\t\u0301\u00ad。」", k=rng.randint(2, 6)
    )
    return _run_of("".join(signs))(rng)


_CHARACTERS = (
    ". ! ? … 。 \" ' “ ” ( ) [ ] { } < > & # * _ ` ~ | \\ / - – = : ; , @ 0 a A e\u0301 한 क 😀"
    " 👨\u200d👩\u200d👧 \ufdfa".split()
    + list(" \t\n\r\x0b\x85\xa0\xad\u0301\u200d\u202e\u2003\u2028\ufeff\ufffd\U000e0041")
)
_UNITS = (
    "A. ", "a ", "a\n", "Mr. ", ".\n", "...” ", ".”", ".) ", "! ? ", "。」", "1,", "1.1.", "\n\n ",
    " \n", "](", "![", "[a](", "**", "*a ", "_a", "<a ", "</p>", "<!--", "-->", "&amp;", "&#",
    "--- ", "> ", "- ", "| ", "```\n", "\\`", "2019-04-26 ", "April 26, ", "by A ", "said. ",
    "http://a.", "#\n",
)  # fmt: skip
RUNS: dict[str, MakeFiles] = {
    **{f"a run of {unit!a}": _run_of(unit) for unit in (*_CHARACTERS, *_UNITS)},
    **dict.fromkeys((f"a run of mixed signs ({number})" for number in range(1, 6)), _mixed),
}
