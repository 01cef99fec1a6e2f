"""Decode bytes by byte order mark, then UTF-8, then declared encoding, then a guess.

Valid UTF-8 with multi-byte characters is UTF-8 whatever is declared: no other text is valid UTF-8
by chance, and any bytes are valid in a single-byte encoding. A wrong guess would corrupt every
quotation, so bytes that fit no encoding well are refused.
"""

import codecs
import re
import unicodedata

from qa.loading.alphabets import latin
from qa.loading.article import NotLoaded

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Browsers decode these labels as a larger encoding. Source: WHATWG, Encoding Standard, section 4.2.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "johab": "johab",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Labels of the same standard that Python does not know.
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "windows-949": "cp949",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "windows-874": "cp874",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-cyrillic": "mac_cyrillic",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
# Text may hold a stray control character; above one in 200, the file is not text.
_CONTROL_SHARE = 1 / 200
# In UTF-16 far more bytes than these are zero or low.
_STRAY_SHARE = 1 / 20
# UTF-8 with a few damaged bytes has many valid sequences per broken one.
_WHOLE_PER_BROKEN = 10
_SAMPLE = 256 * 1024
# Encodings of one byte a character: any bytes, or nearly any, are valid in them.
_SINGLE_BYTE = ("cp1", "cp8", "iso8859", "koi8", "mac", "tis", "ascii", "latin")
_WESTERN_CODECS = ("cp1250", "cp1252", "cp1254", "iso8859-15", "iso8859-2", "mac-roman")
_HIGH = bytes(range(0x80, 0x100))
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")
_CONTINUATION = bytes(range(0x80, 0xC0))
# A few characters of an East Asian encoding may be valid UTF-8 by chance, not this many bytes.
_SURE_OF_UTF8 = 16
_GUESSES = [
    "cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "koi8_u", "iso8859_5", "cp866",
    "cp949", "cp932", "euc_jp", "gb18030", "big5",
]  # fmt: skip
# Text in Latin script has few letters beyond ASCII.
_LATIN_SHARE = 1 / 4
# How well a language must fit for the encoding to be certain, and by how much less noise it must
# have than the next one; measures of charset-normalizer.
_COHERENT, _CLEARER = 0.42, 0.04
_DOUBLE_BYTE = ("cp949", "cp932", "euc_jp", "gb18030", "big5")
# Escape sequences switch to two-byte characters, all bytes of which are ASCII.
_ESCAPED = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"))
# Categories of characters that no text has: control, unassigned, private, half of a pair.
_NO_TEXT = frozenset(("Cc", "Cn", "Co", "Cs"))
# What texts in any language have, if they are UTF-16: spaces, line breaks, stops and commas.
_COMMON = frozenset(" \n\r\t\u3000\u3001\u3002\uff0c\u3042\u306e\u306f")
_COMMON_SHARE = 1 / 100


def decode(data: bytes, declared: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding, and warnings about what could not be decoded.

    Raises: NotLoaded if the bytes are not text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _by_mark(data, name)
    if (found := _wide_without_mark(data) or _escaped(data)) is not None:
        return found
    controls = _controls(data)
    if controls > len(data) * _CONTROL_SHARE:
        raise NotLoaded(f"not text: {controls} of its {len(data)} bytes are control characters")
    text = _strictly(data, "utf-8")
    other = _known(declared)
    other = None if other == "utf-8" else other
    if text is not None and (other is None or _is_utf8(data, other)):
        return text, "utf-8", ()
    known = _as_declared(data, other) if other else None
    return known or _mostly_utf8(data) or _noting(_guess(data), declared)


def _as_declared(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]] | None:
    """The text in the encoding that is declared, if the bytes fit it."""
    text = _strictly(data, name)
    if text is None:
        return _mostly(data, name)
    if name in _WESTERN_CODECS and _not_western(data):
        return _instead(data, text, name)
    return text, name, ()


def _is_utf8(data: bytes, declared: str) -> bool:
    """Whether valid UTF-8 is UTF-8 although something else is declared."""
    beyond_ascii = len(data) - len(data.translate(None, _CONTINUATION))
    single = declared.startswith(_SINGLE_BYTE)
    return beyond_ascii > 0 and (single or beyond_ascii >= _SURE_OF_UTF8)


def _not_western(data: bytes) -> bool:
    """Whether most bytes beyond ASCII stand in runs, as in Cyrillic, Greek or East Asian text."""
    runs = sum(len(run) for run in _HIGH_RUN.findall(data))
    return runs >= 40 and runs * 2 > len(data) - len(data.translate(None, _HIGH))


def _instead(data: bytes, text: str, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Another reading of bytes that are declared Western European and do not look like it."""
    try:
        other, guessed, _ = _guess(data)
    except NotLoaded:
        other, guessed = text, name
    if guessed in _WESTERN_CODECS:
        return text, name, (f"it declares {name}, which its text does not look like",)
    return other, guessed, (f"it declares {name}, but its text looks like {guessed}, a guess",)


def _noting(
    guess: tuple[str, str, tuple[str, ...]], declared: str | None
) -> tuple[str, str, tuple[str, ...]]:
    """The guess, with a warning if the file declares something that its bytes are not."""
    if declared is None:
        return guess
    text, name, _ = guess
    label = declared[:40] if declared.isprintable() else "an unknown encoding"
    return text, name, (f"it declares {label}, which does not fit; {name} is a guess",)


def _controls(data: bytes) -> int:
    """How many of the bytes are control characters of ASCII that text does not have."""
    return len(data) - len(data.translate(None, _CONTROLS))


def _by_mark(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    text = _strictly(data, name)
    if text is None:
        raise NotLoaded(f"not text: it begins like {name} but is not valid {name}")
    return text, name, ()


def _wide_without_mark(data: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    """UTF-16 without a byte order mark: what it decodes to is text in one byte order alone.

    A zero byte is in a space or a letter of ASCII. Without one, only text that is no UTF-8 and has
    the stops and letters of Chinese or Japanese is taken for UTF-16.
    """
    head = data[:8192]
    if len(head) < 4 or len(data) % 2:
        return None
    if _controls(head) <= len(head) * _STRAY_SHARE and _strictly(data, "utf-8") is not None:
        return None
    found: list[tuple[float, str]] = []
    for name in ("utf-16-le", "utf-16-be"):
        text = codecs.getincrementaldecoder(name)("replace").decode(head)
        share = sum(letter in _COMMON for letter in text) / max(len(text), 1)
        usual = not any(
            unicodedata.category(letter) in _NO_TEXT and letter not in "\n\r\t" for letter in text
        )
        if usual and "\ufffd" not in text and share >= (0 if 0 in head else 5 * _COMMON_SHARE):
            found.append((share, name))
    if not found:
        return None
    name = max(found)[1]
    text_ = _strictly(data, name)
    return (text_, name, ()) if text_ is not None else None


def _escaped(data: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    """Japanese or Korean mail, whose bytes look like ASCII."""
    name = next((name for mark, name in _ESCAPED if mark in data), None)
    text = _strictly(data, name) if name else None
    return (text, name, ()) if name and text is not None else None


def _known(declared: str | None) -> str | None:
    """Python's name of the declared encoding; None if unknown, UTF-16, UTF-32 or not text."""
    label = (declared or "").lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    if name.startswith(("utf-16", "utf-32", "utf-7")) or not codecs.lookup(name)._is_text_encoding:
        return None
    return _LARGER.get(name, name)


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _mostly_utf8(data: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    whole = len(data) - len(data.translate(None, _CONTINUATION))
    if whole < broken * _WHOLE_PER_BROKEN:
        return None
    return text, "utf-8", (f"{broken} places are not valid UTF-8 and stand as U+FFFD",)


def _mostly(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]] | None:
    """A page in the multi-byte encoding that it declares, but for a few damaged bytes."""
    if name.startswith(_SINGLE_BYTE):
        return None
    text = data.decode(name, "replace")
    broken = text.count("\ufffd")
    if sum(not letter.isascii() for letter in text) - broken < broken * _WHOLE_PER_BROKEN:
        return None
    return text, name, (f"{broken} places are not valid {name} and stand as U+FFFD",)


def _guess(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    if high <= len(data) * _LATIN_SHARE and (fit := latin(_sample(data))) is not None:
        text = _strictly(data, fit.encoding)
        if text is not None:
            told = f"{fit.rival} fits as well" if fit.rival else None
            return text, fit.encoding, _uncertain(fit.encoding, told)
    # Imported here: most files are UTF-8 and need no guess.
    from charset_normalizer import from_bytes

    matches = list(from_bytes(_sample(data), cp_isolation=_GUESSES, enable_fallback=False))
    for place, match in enumerate(matches):
        name = match.encoding
        if (text := _strictly(data, name)) is None:
            continue
        others = [other for other in matches[place + 1 :] if other.encoding in _DOUBLE_BYTE]
        told = None
        if name in _DOUBLE_BYTE:
            rival = next((one for one in others if one.chaos <= match.chaos + _CLEARER), None)
            told = f"{rival.encoding} fits as well" if rival else None
        elif match.coherence < _COHERENT:
            told = "its words are of no language that is known"
        return text, name, _uncertain(name, told)
    raise NotLoaded("not text in an encoding that can be recognised; convert it to UTF-8")


def _uncertain(name: str, why: str | None) -> tuple[str, ...]:
    """The warning of a guess that may be wrong."""
    return (
        (f"its encoding is uncertain: read as {name}, but {why}; convert it to UTF-8",)
        if why
        else ()
    )


def _sample(data: bytes) -> bytes:
    """Up to 256 KiB around the first non-ASCII byte, where the evidence begins."""
    if len(data) <= _SAMPLE:
        return data
    first = len(data) - len(data.lstrip(bytes(range(128))))
    start = data.rfind(b" ", max(0, first - 1024), first) + 1 or first
    cut = data[start : start + _SAMPLE]
    return cut[: cut.rfind(b" ") + 1] or cut
