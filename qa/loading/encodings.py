"""Decode bytes by byte order mark, then declared encoding, then UTF-8, then a guess.

A wrong guess would corrupt every quotation, so bytes that fit no encoding well are refused.
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
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
# Text may hold a stray control character; above one in 200, the file is not text.
_CONTROL_SHARE = 1 / 200
# UTF-8 with a few damaged bytes has many valid sequences per broken one.
_WHOLE_PER_BROKEN = 10
_SAMPLE = 256 * 1024
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
    for name in filter(None, (_known(declared), "utf-8")):
        if (text := _strictly(data, name)) is not None:
            return text, name, ()
    return _mostly_utf8(data) or _guess(data)


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
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    if name.startswith(("utf-16", "utf-32")) or not codecs.lookup(name)._is_text_encoding:
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
    whole = len(data) - len(data.translate(None, bytes(range(0x80, 0xC0))))
    if whole < broken * _WHOLE_PER_BROKEN:
        return None
    return text, "utf-8", (f"{broken} places are not valid UTF-8 and stand as U+FFFD",)


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
