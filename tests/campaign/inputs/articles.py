"""Articles in every format whose text has what offsets go wrong by: marks that combine, characters
beyond the first 65,536, both directions, invisible ones, every kind of space, and repetition."""

import html
import json
import unicodedata
from dataclasses import dataclass
from random import Random

from tests.campaign.inputs import pdf
from tests.campaign.inputs.texts import PROSE, page

# Characters that a reader does not see, as they stand inside words.
UNSEEN = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202b\u202c\ufe0f"
_WORDS = (
    "the of minister said prices fell river Zürich Łódź naïve café Müller’s co-operation 10,000"
    " 3.5% N. U.S. Mr. Jan. Inc. e.g. Île ﬁve ſharp İstanbul ǆungla ½ №5 1984 26th Москва сказал"
    " Ἀθῆναι ἄνθρωπος Երևան თბილისი שלום ירושלים السلام عليكم كِتَاب नमस्ते क्षेत्र ภาษาไทย"
    " 北京市長は 東京。 衛星「発射」 서울에서 각나다 𝒜𝓁𝑔 𐌰𐌽𐍃 𠜎𠜱 😀 🇰🇷 ❤\ufe0f 👨\u200d👩\u200d👧"
).split()
_SPACES = (
    *" " * 40, "  ", "\t", "\n", " \n", "\xa0", "\u2003", "\u3000", "\u2028", "\x85", "\r\n", "\r",
    "\u202f",
)  # fmt: skip
_ENDS = (
    *[". "] * 6, "! ", "? ", ".” ", ".) ", "... ", "… ", "。", "？", ": ", "; ", ".\n", " – ",
    ".\n\n", "\n\n", " ",
)  # fmt: skip
_MARKUP = (
    "**{}**", "*{}*", "[{}](http://a.example/b_(c))", "`{}`", "~~{}~~", "\\*{}", "<b>{}</b>",
    "&amp;{}",
)  # fmt: skip
_TAGS = (
    "<b>{}</b>", "<a href='/x'>{}</a>", "{}&shy;", "{}&nbsp;", "{}<br>", "&#128512;{}", "<i>{}</i>",
)  # fmt: skip
_MARKS = "\u0301\u0308\u0323\u20dd\u0591\u064b\u093f"


@dataclass(frozen=True, slots=True)
class Article:
    """A file and, where its format is taken to the letter, the text that must be in the index."""

    name: str
    content: bytes
    text: str | None = None


def article(rng: Random, stem: str) -> Article:
    """An article named `stem` in a format that `rng` chooses."""
    made = rng.choices((_plain, _markdown, _page, _record, _pdf), (30, 25, 20, 24, 1))[0]
    return made(rng, stem)


def _word(rng: Random) -> str:
    word = rng.choice(_WORDS)
    if rng.random() < 0.15:
        at = rng.randrange(len(word) + 1)
        odd = rng.choice((rng.choice(UNSEEN), rng.choice(_MARKS) * rng.choice((1, 2, 40))))
        word = word[:at] + odd + word[at:]
    if rng.random() < 0.1:
        word = unicodedata.normalize(rng.choice(("NFD", "NFKD", "NFC")), word)
    return rng.choice(("{}",) * 12 + ("“{}”", "‘{}’", "({})", '"{}"', "«{}»", "{},")).format(word)


def _sentence(rng: Random) -> str:
    words = [_word(rng) for _ in range(rng.choice((1, 4, 9, 14, 25)))]
    return "".join(word + rng.choice(_SPACES) for word in words).rstrip() + rng.choice(_ENDS)


def _text(rng: Random) -> str:
    """Sentences, some of them several times; seldom a very long text, or one without full stops."""
    known = [_sentence(rng) for _ in range(rng.choice((1, 2, 3, 6)))]
    length = rng.choice((1, 3, 6, 10, 10, 20) if rng.random() < 0.98 else (300,))
    sentences = [rng.choice(known) if rng.random() < 0.4 else _sentence(rng) for _ in range(length)]
    if rng.random() < 0.02:
        sentences.append(rng.choice((" ", "")).join(_word(rng) for _ in range(600)))
    return "".join(sentences)


def _plain(rng: Random, stem: str) -> Article:
    encoding = rng.choice(("utf-8",) * 6 + ("utf-8-sig", "utf-16", "utf-32"))
    return Article(f"{stem}.txt", (PROSE + "\n\n" + _text(rng)).encode(encoding))


def _markdown(rng: Random, stem: str) -> Article:
    blocks = [
        rng.choice(("",) * 6 + ("# ", "> ", "- ", "1. ", "    ", "| "))
        + _marked(rng, block, _MARKUP)
        for block in _text(rng).split("\n\n")
    ]
    front = rng.choice(("", "---\ntitle: Zürich 😀\ndate: 2019-04-26\n---\n", "\ufeff"))
    return Article(f"{stem}.md", (front + "\n\n".join(blocks) + f"\n\n{PROSE}\n").encode())


def _page(rng: Random, stem: str) -> Article:
    blocks = [_marked(rng, html.escape(block), _TAGS) for block in _text(rng).split("\n\n")]
    body = "".join(f"<p>{block}</p>" for block in blocks)
    return Article(f"{stem}.html", page(body, "<meta charset=utf-8><title>T</title>").encode())


def _marked(rng: Random, text: str, marks: tuple[str, ...]) -> str:
    """The text with some of its words marked up."""
    return " ".join(rng.choice(("{}",) * 30 + marks).format(word) for word in text.split(" "))


def _record(rng: Random, stem: str) -> Article:
    text = _text(rng)
    if not text.strip():
        text = PROSE
    record = {"text": text, "title": _word(rng), "source": "Paper"}
    line = json.dumps(record, ensure_ascii=rng.random() < 0.5)
    return Article(f"{stem}.jsonl", (line + "\n").encode(), text)


def _pdf(rng: Random, stem: str) -> Article:
    text = " ".join(_text(rng).encode("cp1252", "ignore").decode("cp1252").split())
    words = f"{PROSE} {text}".split()
    lines = [" ".join(words[at : at + 9]) for at in range(0, len(words), 9)]
    return Article(f"{stem}.pdf", pdf.written(lines))
