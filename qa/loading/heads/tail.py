"""The labelled lines that an export puts below the text of an article: `LOAD-DATE: ...`."""

from qa.loading.heads.labelled import EXPORT, KIND, label_of
from qa.loading.scraped.lines import LONGEST, copyright_line, prose

# So many lines are looked at, and so many may stand among them that have no label.
_LINES, _APART = 180, 2


def without_tail(lines: list[str], export: bool) -> tuple[list[str], dict[str, tuple[str, str]]]:
    """The lines without the labels that an export puts below the text, and their values."""
    found: dict[str, tuple[str, str]] = {}
    begin, apart = len(lines), 0
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - _LINES), -1):
        if not lines[at].strip():
            continue
        named = label_of(lines[at])
        kind = KIND.get(named[0]) if named else None
        if named and kind is not None and kind not in ("text", "kept"):
            found.setdefault(named[0], (named[1], lines[at]))
            begin, apart = at, 0
        elif len(lines[at]) <= LONGEST and copyright_line(lines[at]):
            begin, apart = (at, 0) if found or export else (begin, apart)
        elif prose(lines[at]) or (apart := apart + 1) > _APART:
            break
    shown = found and (export or EXPORT.intersection(found))
    return (lines[:begin], found) if shown else (lines, {})
