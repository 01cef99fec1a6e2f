"""Files that are broken, endless or misleading in the ways of their own format."""

import gzip
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from random import Random

from tests.campaign.inputs.texts import PROSE, File, MakeFiles, page

_MANY = (1_000, 30_000, 300_000)
_TAGS = (
    "div", "b", "table><tr><td", "ul><li", "span", "font", "blockquote", "p", "a href=x", "svg",
    "select", "form", "template", "noscript", "math", "dl><dd", "h1", "article", "iframe",
)  # fmt: skip
_TEXT = json.dumps(PROSE)


def deep_page(rng: Random) -> str:
    tag, many = rng.choice(_TAGS), rng.choice(_MANY)
    return page(
        f"<{tag}>" * many + "deep" + f"</{tag.split('>')[0].split()[0]}>" * rng.choice((0, many))
    )


def unfinished_page(rng: Random) -> str:
    part = rng.choice((
        "<", "&", "<!--", "<![CDATA[", "<p a=\"", "<a ", "</", "<?", "<!", "<script>", "<title>",
        "<!DOCTYPE ", "<p a='b' ", "<style>", "<textarea>", "&#x",
    ))  # fmt: skip
    return page(part * rng.choice(_MANY))


def page_of_entities(rng: Random) -> str:
    levels = "".join(
        f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(rng.choice((5, 12)))
    )
    kind = rng.choice(("html", "html PUBLIC 'x' 'file:///etc/passwd'"))
    outside = '<!ENTITY file SYSTEM "file:///etc/hostname">'
    return f'<?xml version="1.0"?><!DOCTYPE {kind} [<!ENTITY e0 "aaaa">{levels}{outside}]>' + page(
        "<p>&e5;&e12;&file;</p>"
    )


def page_of_facts(rng: Random) -> str:
    many = rng.choice(_MANY)
    value = rng.choice((
        "[" * many, '{"a":' * many, "9" * many, '"' + "\\u0000" * many + '"', "1e999999",
        '[{"@type":"NewsArticle"}' + ',{"@graph":[1]}' * many + "]",
        '{"@type":"NewsArticle","author":' + '{"author":' * (many // 30),
    ))  # fmt: skip
    meta = '<meta name="date" content="2019-04-26"><time datetime="x">' * (many // 10)
    return page(
        "<time>1 May 2019</time>" * 10, f'<script type="application/ld+json">{value}</script>{meta}'
    )


def page_of_many_parts(rng: Random) -> str:
    many = rng.choice((1_000, 20_000, 150_000))
    part = rng.choice((
        "<p>The bridge {} stays closed, the mayor said on Monday.</p>", "<br>{}", "<td>{}",
        "<li>{}</li>", "<a href='/{}'>x</a>", "<p>x{}</p>", "<img src='{}'>",
        "<tr><td>{}</td></tr>", "<h2>{}</h2>", "<div id='{}'>x</div>",
    ))  # fmt: skip
    return page("".join(part.format(number) for number in range(many)))


def page_of_another_encoding(rng: Random) -> bytes:
    names = ("utf-16", "utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "zlib",
             "rot13", "base64", "undefined", "mbcs", "utf-8-sig", "euc-kr", "x" * 40)  # fmt: skip
    return page("<p>caf\xe9</p>", f'<meta charset="{rng.choice(names)}">').encode("latin-1")


def deep_json(rng: Random) -> str:
    many = rng.choice(_MANY)
    opening, closing = rng.choice((("[", "]"), ('{"a":', "}"), ('[{"a":[', "]}]")))
    nested = opening * many + "1" + closing * rng.choice((0, many))
    return f'{{"text": {_TEXT}, "title": {nested}}}\n{{"text": {nested}}}\n{nested}\n'


def odd_values(rng: Random) -> str:
    odd = [
        "9" * rng.choice(_MANY), "-0", "1e999", "NaN", "-Infinity", "true", "[[]]", '"\\ud800"',
        '"\\u0000"', '""', '" "', '{"name": ' * 50 + "1" + "}" * 50, '"' + "x" * 400_000 + '"',
        '["a", {"name": ["b"]}, null, 1.5]', '"../../etc/passwd#0-5"', '"\\u202e\\u001b[31m"',
    ]  # fmt: skip
    keys = ("_id", "title", "date", "author", "source", "url", "text", "published_at")
    lines = [f'{{"text": {_TEXT}, "{key}": {value}}}' for key in keys for value in odd]
    return "\n".join([*rng.sample(lines, 60), "no JSON: the file is told"])


def odd_lines(rng: Random) -> bytes:
    good = f'{{"text": {_TEXT}}}\n'.encode()
    many = rng.choice(_MANY)
    return good + rng.choice((
        b"\n" * many, b"\r" * many, b"{}\n" * many, b"\x00" * many, b" " * many, good[:-1] * 9,
        b"\xef\xbb\xbf" + good, good.decode().encode("utf-16"), b"\xff" * many, b"[]\n" * many,
        b'{"text": "' + b"word " * (15 << 20), good.replace(b"T", b"\xe9"), good[:-9],
        b'{"text"\n' * 9,
    ))  # fmt: skip


def front_matter(rng: Random) -> str:
    many = rng.choice((50, 3_000, 60_000))
    laughs = "a0: &a0 [x, x]\n" + "".join(
        f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n"
        for n in range(rng.choice((4, 9, 20)))
    )
    yaml = rng.choice((
        f"{laughs}title: *a4\nauthor: *a4", "title: &t [*t]\nauthor: *t", "title: " + "[" * many,
        "title: " + "{a: " * many, "title:\n" + "- " * many, "? " * many,
        "!!python/object:os.system x", "title: !!binary " + "A" * many, "'" * many,
        "<<: " * (many // 9), "a: b\n" * (many // 5), "title: |\n" + "  x\n" * (many // 4),
        "title: \"" + "\\x41" * (many // 4), "&a " * many, "%YAML 9.9\n" * 9,
        "date: 99999999999999\ntitle: 2019-13-45", "\t: \x01", "title: *nothing",
        "key\n" * (many // 4), ": " * many, "title: >" + "\n\n a" * (many // 4), "--- " * many,
        "author:\n" + "".join(f"{' ' * n}- {'a: ' * 2}\n" for n in range(min(many // 9, 300))),
    ))  # fmt: skip
    return f"---\n{yaml}\n---\n\n{PROSE}\n"


def other_files(rng: Random) -> bytes:
    """What is no article, under the extension of one."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "\0" * (8 << 20))
    return rng.choice((
        packed.getvalue(), gzip.compress(b"\0" * (8 << 20)), b"\x7fELF" + rng.randbytes(9_000),
        b"\x89PNG\r\n\x1a\n" + rng.randbytes(9_000), b"SQLite format 3\0" + bytes(4_000), b"", b" ",
        b"%PDF-1.7", b"<html>", b"{", b"---\n", b"\xef\xbb\xbf", b"\0", b"\n" * 90_000, b"PK\5\6",
        rng.randbytes(300_000), bytes(range(256)) * 400, b"%!PS-Adobe\n" * 900, b"\x1b[2J" * 900,
    ))  # fmt: skip


def other_encodings(rng: Random) -> bytes:
    """Text whose bytes are no valid text, or two kinds of it."""
    text = (PROSE + " Füße, café, 한국, 中文, русский. ") * rng.choice((1, 40, 4_000))
    return rng.choice((
        text.encode("utf-16")[:-1], text.encode("utf-16-le"), text.encode("utf-32-be"),
        text.encode("utf-8") + text.encode("utf-16"), text.encode("utf-8")[: -rng.randint(1, 9)],
        text.encode("utf-8").replace(b"\xc3", b"\xc0\xaf"), text.encode("cp1252", "replace"),
        b"\xff\xfe" + rng.randbytes(999), b"\xff\xfe\0\0" + rng.randbytes(999),
        text.encode("utf-7"), text.encode("utf-8", "surrogatepass") + b"\xed\xa0\x80" * 9,
        text.encode("cp949", "replace"), text.encode("utf-8").replace(b" ", b"\0"),
        text.encode("gb18030"), b"\xfe\xff" * 999, text.encode("utf-8").replace(b"a", b"\x80"),
        text.encode("latin-1", "replace") + bytes(9),
    ))  # fmt: skip


def _named(name: str, make: Callable[[Random], str | bytes]) -> MakeFiles:
    """Makes one file of that name; a name without an extension gets one that `rng` chooses."""

    def files(rng: Random) -> list[File]:
        content = make(rng)
        content = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        return [(name if "." in name else name + rng.choice(_ANY), content)]

    return files


_ANY = (".txt", ".md", ".html", ".pdf", ".jsonl", ".HTM", ".markdown")
_MAKERS: dict[str, tuple[str, Callable[[Random], str | bytes]]] = {
    "a deep page": ("deep.html", deep_page),
    "an unfinished page": ("unfinished.html", unfinished_page),
    "a page of entities": ("entities.htm", page_of_entities),
    "a page of facts": ("facts.html", page_of_facts),
    "a page of many parts": ("parts.html", page_of_many_parts),
    "a page of another encoding": ("other.html", page_of_another_encoding),
    "deep JSON": ("deep.jsonl", deep_json),
    "odd values in JSON": ("odd.jsonl", odd_values),
    "odd lines of JSON": ("lines.jsonl", odd_lines),
    "odd front matter": ("front.md", front_matter),
    "another kind of file": ("odd", other_files),
    "another encoding": ("odd", other_encodings),
}
FORMATS: dict[str, MakeFiles] = {
    f"{called} ({number})": _named(name, make)
    for called, (name, make) in _MAKERS.items()
    for number in (1, 2, 3)
}
