"""Bytes to text: marks, declarations, UTF-8, guesses, and bytes that are no text."""

import random
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.loading.article import NotLoaded
from qa.loading.encodings import decode
from qa.loading.formats.web.declared import declared_encoding
from qa.loading.normalise import normalise
from qa.types import Document, Problem

Only = Callable[[str, bytes | str], Document]
Load = Callable[[str, bytes | str], list[Document | Problem]]

FRENCH = (
    "Le ministre a déclaré vendredi que l’accord était proche. Les négociations reprendront l’été."
)
SPANISH = "El señor Peña llegó por la mañana con los niños y habló de la canción."
ENGLISH = (
    "The senator said it’s over. The vote was held on Tuesday in the café — after a long debate."
)
KOREAN = "시장은 월요일에 새 다리를 짓는다고 발표했다. 주민들은 오래 기다렸다고 말했다."
RUSSIAN = "Мэр объявил в понедельник, что город построит новый мост через гавань."
POLISH = "Burmistrz ogłosił w poniedziałek, że miasto zbuduje nowy most. Żółć, gęś i jaźń."


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16"),
        (ENGLISH, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-32", "utf-32"),
        (FRENCH, "cp1252", "cp1252"),
        (SPANISH, "latin-1", "cp1252"),
        (ENGLISH, "cp1252", "cp1252"),
        (KOREAN, "euc-kr", "cp949"),
        (RUSSIAN, "cp1251", "cp1251"),
        (POLISH, "cp1250", "cp1250"),
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_undeclared_text_is_read_and_its_encoding_named(
    document: Only, text: str, encoding: str, name: str, times: int
) -> None:
    written = "\n".join([text] * times)
    got = document("a.txt", written.encode(encoding))
    assert (got.text, got.encoding) == (written, name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Burmistrz ogłosił, że miasto zbuduje most. Żółć, gęś i jaźń są ważne.", "iso8859_2"),
        ("Starosta v pondělí oznámil, že město postaví nový most přes přístav.", "cp1250"),
        ("Starosta v pondělí oznámil, že město postaví nový most přes přístav.", "iso8859_2"),
        ("A polgármester hétfőn bejelentette, hogy a város új hidat épít a kikötőben.", "cp1250"),
        ("Primarul a anunţat luni că oraşul va construi un pod nou peste râu.", "cp1250"),
        ("Belediye başkanı şehrin limanda yeni bir köprü yapacağını söyledi.", "cp1254"),
        ("Borgarstjórinn sagði á mánudag að ný brú yrði byggð yfir höfnina.", "cp1252"),
        ("Mērs pirmdien paziņoja, ka pilsēta būvēs jaunu tiltu.", "cp1257"),
        ("L'œuvre du théâtre coûte cher à la ville.", "iso8859_15"),
        ("Le ministre a déclaré vendredi que l’accord était proche.", "mac_roman"),
        ("Le ministre a déclaré vendredi que l'accord était proche.", "cp850"),
        (RUSSIAN, "iso8859_5"),
        ("The bridge cost £5 million, the Müller brothers of the Café São said.", "cp1252"),
        ("© 2024 The Post. It cost £5, or £6 at the quay, and 10° of frost.", "cp1252"),
        ("El señor Peña habló mañana.", "cp1252"),
    ],
)
def test_letters_tell_the_encodings_of_one_byte_apart(
    document: Only, text: str, encoding: str
) -> None:
    got = document("a.txt", text.encode(encoding))
    assert (got.text, got.encoding) == (text, encoding)


def test_an_encoding_that_cannot_be_told_is_named_with_its_rival() -> None:
    text, name, warnings = decode("港の委員会は北桟橋を閉鎖する。".encode("euc_jp"))
    assert len(warnings) == 1
    assert warnings[0].startswith(f"its encoding is uncertain: read as {name}, but ")
    assert "convert it to UTF-8" in warnings[0]
    assert text


@pytest.mark.parametrize(
    ("text", "declared", "name"),
    [(KOREAN, "euc-kr", "cp949"), (FRENCH, "iso-8859-1", "cp1252"), (RUSSIAN, "koi8-r", "koi8-r")],
)
def test_an_html_page_is_read_as_it_declares(
    document: Only, text: str, declared: str, name: str
) -> None:
    codec = "cp1252" if declared == "iso-8859-1" else declared
    page = f'<html><head><meta charset="{declared}"><title>T</title></head><body><article>'
    page += "".join(f"<p>{number}. {text}</p>" for number in range(5)) + "</article></body></html>"
    got = document("a.html", page.encode(codec))
    assert text in got.text
    assert got.encoding == name


def test_a_wrong_declaration_gives_way_to_valid_utf8(document: Only) -> None:
    page = '<html><head><meta charset="ascii-ish"></head><body><article>'
    page += (
        "".join(f"<p>{number}. {FRENCH}</p>" for number in range(5)) + "</article></body></html>"
    )
    assert document("a.html", page).encoding == "utf-8"


JAPANESE = "市長は月曜日、港に新しい橋をかけると発表した。住民は長い間待っていたと話した。"
CHINESE = "市长星期一宣布，港口将建造一座新桥。居民们说，他们已经等了很久。"
META = '<meta charset="{}">'
LONG_SCRIPT = f"<script>{'var a = 1;' * 700}</script>"


@pytest.mark.parametrize(
    ("text", "codec", "head", "name", "warned"),
    [
        (FRENCH, "utf-8", META.format("iso-8859-1"), "utf-8", False),
        (ENGLISH, "utf-8", META.format("windows-1252"), "utf-8", False),
        (KOREAN, "utf-8", META.format("euc-kr"), "utf-8", False),
        (JAPANESE, "utf-8", META.format("shift_jis"), "utf-8", False),
        (RUSSIAN, "utf-8", f"<!-- {META.format('koi8-r')} -->{META.format('utf-8')}",
         "utf-8", False),
        (RUSSIAN, "cp1251", f"<!--[if IE]>{META.format('utf-8')}<![endif]-->"
         + META.format("windows-1251"), "cp1251", False),
        (RUSSIAN, "cp1251", "<script>var a = '<meta charset=koi8-r>'</script>"
         + META.format("windows-1251"), "cp1251", False),
        (RUSSIAN, "utf-8", '<meta name="description" content="charset=koi8-r">', "utf-8", False),
        (KOREAN, "euc-kr", LONG_SCRIPT + META.format("euc-kr"), "cp949", False),
        (CHINESE, "gbk", LONG_SCRIPT + META.format("x-gbk"), "gb18030", False),
        (JAPANESE, "shift_jis", LONG_SCRIPT + '<META content="text/html; charset=x-sjis" '
         "http-equiv=Content-Type>", "cp932", False),
        (JAPANESE, "iso-2022-jp", "", "iso2022_jp", False),
        (RUSSIAN, "cp1251", META.format("iso-8859-1"), "cp1251", True),
        (KOREAN, "euc-kr", META.format("iso-8859-1"), "cp949", True),
        (KOREAN, "euc-kr", META.format("utf-8"), "cp949", True),
        (FRENCH, "cp1252", META.format("klingon"), "cp1252", True),
    ],
)  # fmt: skip
def test_the_declaration_is_sought_where_browsers_look_and_doubted_where_it_does_not_fit(
    text: str, codec: str, head: str, name: str, warned: bool
) -> None:
    body = f"<article><p>{text}</p><p>{text}</p></article>"
    data = f"<html><head>{head}</head><body>{body}</body></html>".encode(codec)
    got, encoding, warnings = decode(data, declared_encoding(data))
    assert (body in got, encoding, bool(warnings)) == (True, name, warned)


def test_a_guess_at_the_encoding_of_a_page_is_told(load: Load) -> None:
    body = f"<html><body><article><p>{RUSSIAN}</p><p>{RUSSIAN}</p></article></body></html>"
    got, warning = load("a.html", body.encode("cp1251"))
    assert isinstance(got, Document)
    assert RUSSIAN in got.text
    assert isinstance(warning, Problem)
    assert "declares no encoding; cp1251 is a guess" in warning.reason


def test_a_damaged_byte_in_a_declared_encoding_is_marked_and_told() -> None:
    data = (KOREAN * 20).encode("euc-kr")
    text, name, warnings = decode(data[:100] + b"\xff" + data[100:], "euc-kr")
    assert (name, len(warnings)) == ("cp949", 1)
    assert text.startswith(KOREAN[:40])


def test_a_few_damaged_bytes_in_utf8_are_marked_and_told() -> None:
    text, name, warnings = decode((FRENCH * 20).encode() + b"\xff end")
    assert text == FRENCH * 20 + "\ufffd end"
    assert (name, len(warnings)) == ("utf-8", 1)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 1000,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20,
        random.Random(1).randbytes(50_000),
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00" * 50,
        b"\xff\xfeodd",
        b"\x7fELF\x02\x01\x01" + b"\x00" * 9 + b"text " * 10,
    ],
)
def test_binary_content_is_refused_as_not_text(
    problem: Callable[[str, bytes], str], data: bytes
) -> None:
    assert "not text" in problem("photo.txt", data)


@given(st.text())
def test_utf8_always_comes_back_as_it_was(text: str) -> None:
    data = text.encode()
    try:
        got, name, warnings = decode(data)
    except NotLoaded:
        assert any(ord(letter) < 32 or ord(letter) == 127 for letter in text)
    else:
        assert name != "utf-8" or (got == text and warnings == ())


@given(st.binary(max_size=300))
def test_any_bytes_give_writable_text_or_a_reason(data: bytes) -> None:
    try:
        text, _, _ = decode(data)
    except NotLoaded:
        return
    text.encode()


@given(st.text())
def test_normal_text_is_composed_has_one_newline_and_stays_normal(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in once)


def test_invisible_and_bidirectional_characters_stay(document: Only) -> None:
    text = "A line with \u202eturned\u202c and zero\u200bwidth letters."
    assert document("a.txt", text).text == text


def test_newlines_and_control_characters_become_plain(document: Only) -> None:
    text = (
        "one of the lines\r\ntwo of them\rthree e\u0301\x07 here and more text to read "
        + "x " * 200
    )
    assert document("a.txt", text).text.startswith("one of the lines\ntwo of them\nthree \xe9 here")


def test_a_million_combining_marks_end_in_bounded_time() -> None:
    text = "a" + "\u0300\u0316" * 1_000_000
    assert len(normalise(text)) == len(text)
