"""Parse calendar dates as news sites write them into ISO 8601, at the precision stated.

    parse_date("April. 26, 2019 07:55")   -> "2019-04-26"     the whole string is a date
    parse_timestamp("1709625600")         -> "2024-03-05"     seconds since 1970, as programs write
    find_date("By Ann Lee April 24, 2019") -> ("2019-04-24", (11, 25))  a full date inside a line

The date is taken as written: no time zone is applied. `04/05/2019` is rejected because day and
month are ambiguous; `26/04/2019` is accepted. Month names are English; between day and year
(`12 juin 2023`, `3 de mayo de 2024`) also French, German, Spanish, Italian, Portuguese and Dutch,
regardless of the locale. Not supported: two-digit years, other languages, relative dates.
"""

import re
from datetime import UTC, date, datetime

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?P<{{0}}>{_ENGLISH})\b\.?"
# Full names only, with or without accents: abbreviations would clash between languages.
_FOREIGN = {
    name: number
    for number, names in enumerate(
        (
            "janvier januar jänner enero gennaio janeiro januari",
            "février fevrier februar febrero febbraio fevereiro februari",
            "mars märz maerz marzo março marco maart",
            "avril abril aprile",
            "mai mayo maggio maio mei",
            "juin juni junio giugno junho",
            "juillet juli julio luglio julho",
            "août aout agosto augustus",
            "septembre septiembre setiembre settembre setembro",
            "octobre oktober octubre ottobre outubro",
            "novembre noviembre novembro",
            "décembre decembre dezember diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_ANY_MONTH = rf"(?P<{{0}}>{'|'.join(_FOREIGN)}|{_ENGLISH})\b\.?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
# One alternative per way to write a full date; groups with the same digit belong together.
_FULL = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<y1>\d{4})(?P<sep>-|/|\.\s?)(?P<m1>\d{1,2})(?P=sep)(?P<d1>\d{1,2})(?:\.(?!\d)|(?=T\d|(?![\w/-])))"
    r"|(?P<y2>\d{4})\s?[년年]\s?(?P<m2>\d{1,2})\s?[월月]\s?(?P<d2>\d{1,2})\s?[일日]"
    r"|" + _MONTH.format("m3") + r"\s?(?P<d3>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,\s?|\s)(?:" + _CLOCK + r"(?:\s[A-Z]{3,4})?\s)?(?P<y3>\d{4})\b(?!:)"
    r"|(?P<d4>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-](?:(?:of|de)\s)?"
    + _ANY_MONTH.format("m4")
    + r",?[\s-](?:del?\s)?(?P<y4>\d{4})\b(?!:)"
    r"|(?P<a5>\d{1,2})(?P<sep5>[-/.])(?P<b5>\d{1,2})(?P=sep5)(?P<y5>\d{4})(?![\w/-])"
    r")",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?=T\d|$)")
_COMPACT_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})[0-2]\d[0-5]\d[0-5]\d")
_NUMBER = re.compile(r"\d{9,19}(?:\.\d{1,12})?")
_1980, _2100 = 315_532_800, 4_102_444_800
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(_MONTH.format("m") + r",?\s(?P<y>\d{4})", re.IGNORECASE)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|"
    r"lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|"
    r"luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato|domenica|"
    r"(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|"
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
)
_ZONE = r"(?:utc|gmt|bst|ist|kst|jst|hkt|sgt|msk|wes?t|ces?t|ees?t|[ecmp][sd]?t|ae[sd]?t|akst|hst)"
_BEFORE = re.compile(rf"(?:{_CLOCK},?\s)?(?:{_WEEKDAY}\b\.?,?\s?)?", re.IGNORECASE)
# Possessive, to prevent exponential backtracking: "-12:30" matches as an offset, or as a dash and a
# time, so a row of them matches in exponentially many ways. Longer alternatives come first.
_AFTER = re.compile(
    rf"(?:[+-]\d{{2}}:?\d{{2}}|[\s,|–-]|(?:at|à|um|om|uhr|alle|a las|às)\b|\(?{_WEEKDAY}\b\)?|"
    r"오전|오후|[上下]午|午[前後]|\d{1,2}[시時时点點]\s?(?:\d{1,2}[분分])?|"
    r"T?\d{1,2}[:.h]\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|T\d{6}|\d{1,2}(?=\s?[ap]\.?m)|[ap]\.?m\b\.?|"
    rf"Z\b|\(?{_ZONE}\b(?:[+-]\d{{1,2}}:?\d{{0,2}})?\)?)*+",
    re.IGNORECASE,
)
# No real date is longer. Longer strings are rejected unparsed, so no pattern can be slow.
_LONGEST = 120


def parse_date(text: str) -> str | None:
    """The date that the whole string states (`2019-04-26`, `2019-04`, `2019`), else None."""
    text = " ".join(text[: _LONGEST + 1].split())
    if not text or len(text) > _LONGEST:
        return None
    if found := _FULL.search(text):
        start, end = found.span()
        whole = _BEFORE.fullmatch(text, 0, start) and _AFTER.fullmatch(text, end)
        return _full_date(found) if whole else None
    if (found := _COMPACT.match(text)) and _AFTER.fullmatch(text, found.end()):
        return _calendar(found[1], found[2], found[3])
    if found := _YEAR_MONTH.fullmatch(text):
        return _month(found[1], int(found[2]))
    if found := _MONTH_YEAR.fullmatch(text):
        return _month(found["y"], _number(found["m"]))
    return f"{int(text)}" if re.fullmatch(r"\d{4}", text) and _plausible(int(text)) else None


def parse_timestamp(text: str) -> str | None:
    """The day, in UTC, of a number of seconds since 1970, or of milli-, micro- or nanoseconds, and
    the day of `20240305080000`; None for a number that is neither between 1980 and 2100."""
    if not _NUMBER.fullmatch(text):
        return None
    if (found := _COMPACT_TIME.fullmatch(text)) and (iso := _calendar(*found.groups())):
        return iso
    for unit in (1, 10**3, 10**6, 10**9):
        # The spans of years do not overlap, so that the size of the number tells the unit.
        if _1980 <= (seconds := float(text) / unit) < _2100:
            return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    return None


def find_date(line: str) -> tuple[str, tuple[int, int]] | None:
    """The first full date in the line and its span; None if the line has no full date."""
    for found in _FULL.finditer(line):
        if iso := _full_date(found):
            return iso, found.span()
    return None


def without_time(line: str) -> str:
    """The line without its first date and the clock time that follows the date."""
    if not (found := find_date(line)):
        return line
    start, end = found[1]
    after = _AFTER.match(line, end)
    return line[:start] + (line[after.end() :] if after else line[end:])


def _full_date(found: re.Match[str]) -> str | None:
    if found["y1"]:
        return _calendar(found["y1"], found["m1"], found["d1"])
    if found["y2"]:
        return _calendar(found["y2"], found["m2"], found["d2"])
    if found["y3"]:
        return _calendar(found["y3"], _number(found["m3"]), found["d3"])
    if found["y4"]:
        return _calendar(found["y4"], _number(found["m4"]), found["d4"])
    first, second = int(found["a5"]), int(found["b5"])
    if first > 12 or first == second:
        return _calendar(found["y5"], second, first)
    return _calendar(found["y5"], first, second) if second > 12 else None


def _number(month: str) -> int:
    return _FOREIGN.get(month.lower()) or _MONTHS.index(month[:3].lower()) + 1


def _calendar(year: str, month: str | int, day: str | int) -> str | None:
    if not _plausible(int(year)):
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _month(year: str, month: int) -> str | None:
    return f"{int(year):04d}-{month:02d}" if _plausible(int(year)) and 1 <= month <= 12 else None


def _plausible(year: int) -> bool:
    """Newspapers begin about 1600; a year past 2100 is an error in the page."""
    return 1600 <= year <= 2100
