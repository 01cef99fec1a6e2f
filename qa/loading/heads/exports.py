"""The heads that databases write without labels, or with codes instead: Nexis, Factiva, ProQuest.

Nexis      newspaper, date, edition, headline; or headline, newspaper, date, edition
Factiva    lines `HD  Headline`; or section, headline, byline, length, date, newspaper, ...
ProQuest   the headline above its labels
"""

import re
from collections.abc import Sequence

from qa.loading.dates import parse_date
from qa.loading.fields import author_of
from qa.loading.heads.values import Head
from qa.loading.normalise import one_line
from qa.loading.scraped.lines import byline, copyright_line, prose
from qa.loading.scraped.names import person, publication, section

# A line of one of these ends an article.
END_OF_NEXIS = (
    r"End of Document|Ende des Dokuments|Fin du document|Fin del documento|Fine del documento|"
    r"Fim do documento|Einde van (?:het )?document"
)
END_OF_FACTIVA = (
    r"(?:AN[ \t]+)?(?:Document|Dokument|Documento)[ \t]+"
    r"(?=[A-Za-z0-9]{0,24}\d{8})[A-Z][A-Za-z0-9]{14,40}"
)
_END = re.compile(rf"[ \t]*(?:{END_OF_NEXIS}|{END_OF_FACTIVA})[ \t]*")
COUNTER = (
    r"[ \t]*(?P<before>(?:document|dokument|documento)[ \t]+)?(?P<n>\d{1,5})[ \t]+"
    r"(?:of|von|de|di|van)[ \t]+(?P<m>\d{1,5})"
    r"(?P<after>[ \t]+(?:documents?|dokumente?n?|documentos?|documenti|documenten))?[ \t]*"
)
_COUNTER = re.compile(COUNTER, re.IGNORECASE)
_RULE = re.compile(r"[ \t]*[_=*~#-]{3,}[ \t]*")
_EDITION = re.compile(
    r"\b(?:edition|ausgabe|édition|edición|edizione|editie|edição)\b|^final$|^late final$", re.I
)
# Two-letter codes and what they hold; all other codes are dropped with their values.
_CODE = re.compile(
    r"(?P<code>SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|CLM|RF|ART|CO|IN|NS|RE|IPC|IPD|"
    r"PUB|AN|DE)(?:[ \t]{2,}|\t|[ \t]*$)(?P<value>.*)"
)
# The same with one space, which only the lines above the text have.
_LOOSE = re.compile(r"(?P<code>SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|AN) (?P<value>.*)")
_LOOSE_LINES = 8
_CODES_LEAST = 3
_CODE_LINES = 12
_WORDS = re.compile(
    r"[\d.,\s\xa0]{1,10}(?:words?|mots?|W[öo]rter|palabras|parole|palavras|woorden)", re.I
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?: ?[AP]M)?(?: \w{2,5})?", re.I)
_SHORT = 200
# Lines of a Factiva head from the date on: time, newspaper, code, edition, page, language, rights.
_BELOW_DATE = 9

Masthead = tuple[str | None, str | None, str | None, str | None, list[str]]


def without_marks(text: str) -> list[str]:
    """The lines of a piece without the marks that an export puts around it."""
    kept: list[str] = []
    end = None
    for line in text.split("\n"):
        if _END.fullmatch(line):
            end = len(kept)
        marks = _RULE.fullmatch(line) or _END.fullmatch(line) or _counts(line)
        kept.append("" if marks else line)
    # Below the end of the last article stands a summary of the search.
    return kept if end is None or any(map(prose, kept[end:])) else kept[:end]


def without_rules(text: str) -> str:
    """The text without the rules above and below it."""
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
        lines.pop()
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    return (
        "\n".join(lines[first + 1 :] if _RULE.fullmatch(lines[first]) else lines) if lines else ""
    )


def _counts(line: str) -> bool:
    found = _COUNTER.fullmatch(line) if len(line) <= _SHORT else None
    return bool(found and (found["before"] or found["after"]))


def masthead(lines: Sequence[str]) -> Masthead | None:
    """Title, publisher, date, the line of the date, and the lines that are none of these, of the
    lines above the labels of an export; None if none of them is a date."""
    blocks = _blocks([line for line in lines if not (line.strip() and copyright_line(line))])
    at = [(of, place) for of, block in enumerate(blocks) for place, line in enumerate(block)
          if parse_date(line)]  # fmt: skip
    if not at:
        return None
    number, place = at[-1]
    dated = blocks[number][place]
    # What stands right under the date is the edition; a headline below it has a block of its own.
    titles = [" ".join(block) for block in blocks[number + 1 :] if not _is_edition(block)]
    if titles:
        above = blocks[number][:place] or (blocks[number - 1] if number else [])
        source, rest = " ".join(above), titles if len(titles) > 1 else []
    else:
        above = blocks[number][:place] or (blocks.pop(number - 1) if number else [])
        source, rest = " ".join(above[-1:]), []
        before = blocks[number - 2] if number > 1 else []
        titles = [" ".join(above[:-1] or before)]
        if publication(titles[0]) and not publication(source):
            titles, source = [source], titles[0]
    return (
        one_line(titles[0]) if len(titles[0]) <= _SHORT else None,
        one_line(source) if len(source) <= _SHORT else None,
        parse_date(dated),
        dated,
        rest,
    )


def _is_edition(block: Sequence[str]) -> bool:
    return len(block) == 1 and bool(_EDITION.search(block[0]))


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """The lines in blocks that blank lines separate, with single spaces."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(" ".join(line.split()))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def coded(lines: Sequence[str]) -> Head | None:
    """The head of lines with Factiva's codes; None if the text has no such lines."""
    found: dict[str, list[str]] = {}
    seen = filled = 0
    code, outside = "", list[str]()
    loose = _is_loose(lines)
    for line in lines:
        named = _CODE.fullmatch(line)
        if loose and named is None and ("LP" not in found or line.startswith(("TD ", "AN "))):
            named = _LOOSE.fullmatch(line)
        if named:
            code, seen = named["code"], seen + 1
            found.setdefault(code, []).append(named["value"].strip())
        elif code:
            found[code].append(line.strip())
        else:
            outside.append(line)
        filled += bool(line.strip())
        if filled == _CODE_LINES and seen < _CODES_LEAST:
            return None
    if seen < _CODES_LEAST or not ("HD" in found and {"LP", "TD"} & found.keys()):
        return None
    values = {code: one_line(" ".join(value)) for code, value in found.items()}
    dated = values.get("PD")
    text = (*outside, "", *found.get("LP", ()), "", *found.get("TD", ()), "", *found.get("ART", ()))
    published = parse_date(dated or "")
    return Head(
        text="\n".join(text).strip("\n"),
        title=values["HD"],
        source=values.get("SN"),
        author=author_of(values.get("BY")),
        published=published,
        published_from=f'the line "PD {dated}"' if published else None,
        warnings=_doubt(dated) if not published else (),
    )


def _is_loose(lines: Sequence[str]) -> bool:
    """Whether the codes have one space behind them: the first lines all begin with another one."""
    filled = [line for line in lines[: 2 * _LOOSE_LINES] if line.strip()][:_LOOSE_LINES]
    codes = [found["code"] for line in filled if (found := _LOOSE.fullmatch(line))]
    return "HD" in codes[:2] and len(set(codes)) == len(codes) > _CODES_LEAST


def _doubt(dated: str | None) -> tuple[str, ...]:
    return (f"`PD` is not a date that can be read: {dated[:60]!r}",) if dated else ()


def counted(lines: Sequence[str]) -> Head | None:
    """The head of a Factiva article without codes: its length in words stands above its date."""
    filled = _short_lines(lines)
    shown = [" ".join(lines[at].split()) for at in filled]
    at = next((at for at, line in enumerate(shown[:_CODE_LINES]) if _WORDS.fullmatch(line)), None)
    if not at or at + 2 >= len(shown) or any(map(prose, shown[:at])):
        return None
    published = parse_date(shown[at + 1])
    if not published:
        return None
    end = at + 3 if _CLOCK.fullmatch(shown[at + 2]) else at + 2
    if end >= len(shown):
        return None
    author, titles = _signed([line for line in shown[:at] if not section(line)])
    source = shown[end]
    # The head goes on to the rights, or to the first blank line.
    last = end
    for next_ in range(end + 1, len(shown)):
        if filled[next_] != filled[next_ - 1] + 1 and not copyright_line(shown[next_]):
            break
        if prose(shown[next_]):
            break
        last = next_
        if copyright_line(shown[next_]):
            break
    return Head(
        text="\n".join(lines[filled[last] + 1 :]).strip("\n"),
        title=titles[-1] if titles else None,
        source=source if len(source) <= _SHORT and not prose(source) else None,
        author=author,
        published=published,
        published_from=f'date line "{shown[at + 1]}"',
    )


def _short_lines(lines: Sequence[str]) -> list[int]:
    """The first lines that hold something, up to one that is too long for a head."""
    filled: list[int] = []
    for at, line in enumerate(lines):
        if len(line) > _SHORT or len(filled) == _CODE_LINES + _BELOW_DATE:
            break
        if line.strip():
            filled.append(at)
    return filled


def _signed(above: list[str]) -> tuple[str | None, list[str]]:
    """The author and the headline in the lines above the length."""
    for at in range(len(above) - 1, 0, -1):
        signed = byline(above[at])
        if signed and signed.author:
            return author_of(above[at]) if not signed.source else signed.author, above[:at]
    named = person(above[-1]) if len(above) > 1 else None
    if named and len(above[-2].split()) > len(above[-1].split()):
        return named[0], above[:-1]
    return None, above
