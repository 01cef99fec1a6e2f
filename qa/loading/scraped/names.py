"""Recognise a short line as the name of a person, a newspaper or a section of the site.

Names cannot be reliably distinguished from headlines, so every function here is strict, and
`page` calls it only where such names occur: beside the date, or above the headline.
"""

import re

# The last word of most newspapers' names.
_PAPERS = frozenset(
    "news times post ledger herald courier gazette daily tribune journal guardian press mail "
    "observer star chronicle telegraph independent examiner sentinel mirror express echo bulletin "
    "dispatch inquirer globe weekly argus wire".split()
)
# Words that may follow: "Daily News Online", "Oldport News Agency".
_BEHIND = frozenset("agency network online service international group".split())
_SMALL = frozenset("of and the & on for".split())
_THE_DAILY = ["the", "daily"]
_HOST = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}")

# The section links in the navigation of a site.
_SECTIONS = frozenset(
    name.strip()
    for name in """home, homepage, front page, menu, search, sections, news, latest, latest news,
    breaking news, top stories, headlines, live, world, world news, international, global, national,
    nation, local, local news, regional, uk, uk news, us, us news, usa, europe, asia, asia-pacific,
    asia pacific, africa, americas, middle east, north america, south america, latin america,
    australia, china, india, russia, ukraine, politics, us politics, uk politics, elections,
    government, economy, business, business news, markets, finance, money, companies, industry,
    tech, technology, science, science & environment, science and environment, environment, climate,
    climate crisis, energy, health, education, society, law, crime, defence, defense, security,
    military, opinion, opinions, comment, analysis, editorial, editorials, columns, columnists,
    letters, culture, arts, arts & culture, entertainment, entertainment & arts, books, film, music,
    tv, tv & radio, media, lifestyle, life, life & style, style, fashion, food, travel, property,
    real estate, sport, sports, football, soccer, cricket, rugby, tennis, weather, obituaries,
    features, long reads, the long read, video, videos, photos, pictures, in pictures, podcasts,
    newsletters, magazine, puzzles, crosswords, jobs, events, archive, about, about us, contact,
    contact us, sign in, log in, login, register, subscribe, my account""".split(",")
)
_BETWEEN = re.compile(r"\s*[>|/»›·•]\s*")

_CAP = r"[^\W\d_a-z][\w'’.-]*"
_PARTICLE = r"(?:de|da|der|den|del|di|dos|du|la|le|van|von|bin|al|el)"
_BEAT = (
    r"(?:political|politics|economics?|business|foreign|diplomatic|defen[cs]e|security|chief|"
    r"senior|deputy|associate|assistant|managing|executive|contributing|staff|special|guest|"
    r"national|international|regional|local|world|global|european?|asia|africa|health|science|"
    r"environment|climate|energy|technology|tech|media|education|legal|crime|home|social|affairs|"
    r"consumer|financial|finance|markets?|transport|sports?|football|arts?|culture|religion|"
    r"investigations?|data|news|city|royal|labou?r|north|south|east|west|and|US|UK)"
)
_NOUN = (
    r"(?:editor(?:-in-chief)?|correspondent|reporter|writer|columnist|journalist|producer|critic|"
    r"contributor|analyst|commentator|bureau chief|staff)"
)
_ROLE = re.compile(rf"(?:(?:{_BEAT} ){{0,5}}{_NOUN}|(?:\w+ ){{0,3}}{_NOUN})", re.I)
# The shortest name that leaves a role: "Jane Doe" + "Political editor", not "Jane Doe Political".
_PERSON = re.compile(
    rf"(?P<name>{_CAP}(?: (?:{_PARTICLE}|{_CAP})){{1,4}}?)"
    rf"(?P<role> (?i:(?:{_BEAT} ){{0,5}}{_NOUN})| {_CAP} (?:correspondent|bureau chief)|"
    rf" in {_CAP}(?: {_CAP}){{0,2}})?"
)
_PARTS = re.compile(
    rf"\s*(?:[,|•·/–—]|\s-\s|\s&\s)\s*(?:and )?|"
    rf" (?:and|und|et|y) (?={_CAP} (?:{_PARTICLE} ){{0,2}}{_CAP})"
)
_LONGEST_NAME = 80

# What stands in front of an author's name. "Von" needs two capitals behind it: "Von Dutch" is one.
_LABEL = re.compile(
    r"\s*(?:(?:(?i:(?:(?:story|reported|written|words|report|posted|published|text|analysis|"
    r"opinion) )?by)(?::\s*|\s+)(?=\w))|"
    rf"(?:[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]oor|[Pp]rzez):?\s+"
    rf"(?={_CAP} (?:{_PARTICLE} )?{_CAP})|"
    r"(?i:authors?|autor(?:a|en|es)?|auteurs?|autore|text|texte|texto|reporter)\s?[:：]\s?|"
    r"(?:作者|[责責]任[编編][辑輯]|[编編][辑輯]|撰文|撰稿|文|글|기자|취재|取材|執筆)\s?[:：/／|｜]\s?|"
    r"(?:(?:本[报報刊网網]|[实實]习|特[约約派])[记記]者\s?[:：/／]?\s?|[记記]者(?:\s?[:：/／]\s?|\s)))"
)
# "De Lena Moss" is a byline; "De Klerk", "Di Rosa" and "Da Silva" are names.
_SHORT_LABEL = re.compile(rf"\s*(?:[Dd]e|DE|[Dd]i|[Dd]a|[Aa]v|[Aa]f)\s+(?={_CAP} {_CAP})")
_BEHIND_NAME = re.compile(r"\s?(?:기자|특파원|논설위원|[记記]者|报道|報道)\s*$")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}$")
_EAST_ASIAN_NAMES = re.compile(
    r"[\u3040-\ud7ff·]{2,12}(?:[\s、，,/]{1,2}[\u3040-\ud7ff·]{2,12}){0,5}"
)

_OWNER = re.compile(
    r"(?:(?:©|ⓒ|\(c\)|copyright)[\s:]*){1,3}\d{4}(?:\s?[-–]\s?\d{2,4})?[\s,.|]*(?:by )?"
    r"(?P<name>\S.{1,80}?)[\s.,|–—-]*+(?:all rights reserved\b.{0,120})?",
    re.I,
)
# Owners of the picture, not of the article.
_PICTURES = re.compile(r"images|photo|shutterstock|getty|alamy|istock|pictures", re.I)


def publication(line: str) -> bool:
    """`The Morning Ledger`, `Oldport News Agency`, `BridgeNews.example`: two to six words."""
    line = line.strip()
    if _HOST.fullmatch(line):
        return len(line) <= _LONGEST_NAME
    words = _capitalised(line)
    if not 2 <= len(words) <= 6:
        return False
    last = words[-2:] if words[-1] in _BEHIND else words[-1:]
    return last[0].rsplit("-", 1)[-1] in _PAPERS or words[0] == "daily" or words[:2] == _THE_DAILY


def masthead(line: str) -> bool:
    """A publication's name that is not a headline: it begins with `The` or has two words."""
    return publication(line) and (line.split()[0] == "The" or len(line.split()) <= 2)


def perhaps_publication(line: str) -> bool:
    """`The Economist`: distinguishable from a headline only beside a date."""
    words = _capitalised(line)
    return publication(line) or (2 <= len(words) <= 4 and words[0] == "the")


def section(line: str) -> bool:
    """`World`, `Home > World > Europe`: navigation."""
    if len(line) > 120:
        return False
    parts = [part.casefold() for part in _BETWEEN.split(" ".join(line.split())) if part]
    return bool(parts) and all(part in _SECTIONS for part in parts)


def topic_page(line: str) -> bool:
    """`Weapons of Mass Destruction (WMD)`: a subject followed by its initials."""
    found = re.fullmatch(r"(?P<words>[^()]{4,80}) \((?P<initials>[A-Z]{2,8})\)", line.strip())
    if not found:
        return False
    initials = "".join(word[0] for word in found["words"].split() if word[0].isupper())
    return initials == found["initials"]


def person(line: str) -> tuple[str, bool] | None:
    """The names in `Jane Doe Political editor`, and whether a role makes it certain."""
    line = " ".join(line.split())
    if len(line) > _LONGEST_NAME or section(line):
        return None
    names: list[str] = []
    certain = False
    for part in _PARTS.split(line):
        found = _PERSON.fullmatch(part)
        if names and role(part):
            certain = True
        elif found and not publication(part):
            names.append(found["name"])
            certain = certain or bool(found["role"])
        else:
            return None
    if not certain and any(len(name.split()) > 3 for name in names):
        return None
    return (", ".join(names), certain) if names else None


def label_end(line: str, short: bool = False) -> int:
    """Where the name begins behind "By", "Von", "Par", "记者", ... in a byline; 0 without a label.

    `short`: also behind "De" and its like, which begin many names.
    """
    found = _LABEL.match(line) or (_SHORT_LABEL.match(line) if short else None)
    return found.end() if found else 0


def without_label(name: str) -> str:
    """The name of an author without the "By" in front of it and the "기자" behind it."""
    return _BEHIND_NAME.sub("", name[label_end(name) :]).strip()


def east_asian_byline(line: str) -> str | None:
    """The names in `记者 王芳`, `文/王芳` or `홍길동 기자`; None if no word marks them as names."""
    line = _EMAIL.sub("", line).strip()
    name = without_label(line)
    if len(line) > _LONGEST_NAME or name == line or line.isascii():
        return None
    return name if _EAST_ASIAN_NAMES.fullmatch(name) else None


def role(part: str) -> bool:
    """`Political editor`: a job title, not a name."""
    return bool(_ROLE.fullmatch(part.strip()))


def copyright_owner(line: str) -> str | None:
    """The publisher in `© 2024 Oldport Gazette. All rights reserved.`; a year is required."""
    found = _OWNER.fullmatch(line.strip())
    if not found or _PICTURES.search(found["name"]):
        return None
    # "Harbour Post. No part may be copied": the name ends at the first real full stop.
    name = re.split(r"(?<=\w{4})\.\s|\s[|–—-]\s", found["name"], maxsplit=1)[0].strip(" .,")
    whole = 1 <= len(name.split()) <= 6 and (name[0].isupper() or bool(_HOST.fullmatch(name)))
    return name if whole and not re.match(r"all rights", name, re.I) else None


def _capitalised(line: str) -> list[str]:
    """The words of the line in lower case if it is capitalised like a name, else []."""
    words = line.split()
    if not words or len(line) > _LONGEST_NAME or not words[0][0].isupper():
        return []
    named = all(word in _SMALL or re.fullmatch(_CAP, word) for word in words)
    return [word.lower() for word in words] if named else []
