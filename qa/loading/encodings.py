"""Decode bytes by byte order mark, then UTF-8, then declared encoding, then a guess.

Valid UTF-8 with multi-byte characters is UTF-8 whatever is declared: no other text is valid UTF-8
by chance, and any bytes are valid in a single-byte encoding. A wrong guess would corrupt every
quotation, so bytes that fit no encoding well are refused.
"""

import codecs
import re

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
# UTF-8 with a few damaged bytes has many valid sequences per broken one.
_WHOLE_PER_BROKEN = 10
_SAMPLE = 256 * 1024
# Encodings of one byte a character: any bytes, or nearly any, are valid in them.
_SINGLE_BYTE = ("cp1", "cp8", "iso8859", "koi8", "mac", "tis", "ascii", "latin")
_WESTERN_CODECS = ("cp1250", "cp1252", "cp1254", "iso8859-15", "iso8859-2", "mac-roman")
_HIGH = bytes(range(0x80, 0x100))
_HIGH_RUN = re.compile(rb"[\x80-\xff]{4,}")
# Begins Japanese characters in ISO-2022-JP, whose bytes are ASCII.
_SHIFT = b"\x1b$"
_CONTINUATION = bytes(range(0x80, 0xC0))
# A few characters of an East Asian encoding may be valid UTF-8 by chance, not this many bytes.
_SURE_OF_UTF8 = 16
_GUESSES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r",
    "cp949", "cp932", "euc_jp", "gb18030", "big5",
]  # fmt: skip
_LATIN = ("cp1250", "cp1252", "cp1254")
# The non-ASCII letters and signs of Western European prose; see _western.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒ"
    "“”‘’„‚–—…•·«»‹›¿¡€£¥¢§©®™°½¼¾\xa0\xad"
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding, and warnings about what could not be decoded.

    Raises: NotLoaded if the bytes are not text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _by_mark(data, name)
    if wide := _wide_without_mark(data):
        return wide
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > len(data) * _CONTROL_SHARE:
        raise NotLoaded(f"not text: {controls} of its {len(data)} bytes are control characters")
    if _SHIFT in data and (shifted := _strictly(data, "iso2022_jp")) is not None:
        return shifted, "iso2022_jp", ()
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


def _by_mark(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    text = _strictly(data, name)
    if text is None:
        raise NotLoaded(f"not text: it begins like {name} but is not valid {name}")
    return text, name, ()


def _wide_without_mark(data: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    """UTF-16 without a byte order mark: nearly every second byte of Latin text is zero."""
    head = data[:4096]
    if len(head) < 4 or len(data) % 2 or head.count(0) < len(head) * 0.3:
        return None
    name = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    text = _strictly(data, name)
    return (text, name, ()) if text is not None and not _CONTROL.search(text, 0, 2048) else None


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
    # Imported here: most files are UTF-8 and need no guess.
    from charset_normalizer import from_bytes

    matches = from_bytes(_sample(data), cp_isolation=_GUESSES, enable_fallback=False)
    names = [match.encoding for match in matches]
    if names and names[0] in _LATIN:
        # Curly quotes and most accented vowels have the same bytes in all of these, so statistics
        # cannot separate them; signs that Western European prose lacks can.
        names.sort(key=lambda name: (name not in _LATIN, name == "cp1252"))
        if _western(data):
            names.insert(0, "cp1252")
    for name in names:
        if (text := _strictly(data, name)) is not None:
            return text, name, ()
    raise NotLoaded("not text in an encoding that can be recognised; convert it to UTF-8")


def _sample(data: bytes) -> bytes:
    """Up to 256 KiB around the first non-ASCII byte, where the evidence begins."""
    if len(data) <= _SAMPLE:
        return data
    first = len(data) - len(data.lstrip(bytes(range(128))))
    start = data.rfind(b" ", max(0, first - 1024), first) + 1 or first
    cut = data[start : start + _SAMPLE]
    return cut[: cut.rfind(b" ") + 1] or cut


def _western(data: bytes) -> bool:
    """Whether all non-ASCII bytes are letters and signs of Western European prose in cp1252."""
    high = bytes(set(data) - set(range(128)))
    return _WESTERN.issuperset(high.decode("cp1252", "replace"))
