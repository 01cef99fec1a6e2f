"""PDF files: honest ones, and ones that loop, unpack without end, lie about themselves or stop."""

import zlib
from collections.abc import Callable, Sequence
from random import Random

from tests.campaign.inputs.texts import PROSE, File, MakeFiles

_MANY = (1_000, 30_000, 300_000)
_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>>>>>"
)
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def written(lines: Sequence[str]) -> bytes:
    """A PDF with one page of text, line by line; the text is what Windows-1252 can write."""
    escaped = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    shown = "\n".join(f"({line}) Tj T*" for line in escaped)
    return _of(stream(f"BT /F1 12 Tf 72 720 Td 14 TL\n{shown}\nET".encode("cp1252")))


def stream(content: bytes, filters: bytes = b"", more: bytes = b"") -> bytes:
    """A stream object: the content packed, or as it is when its filters are named."""
    packed = content if filters else zlib.compress(content, 1)
    named = filters or b"/FlateDecode"
    return b"<</Length %d/Filter[%b]%b>>stream\n%b\nendstream" % (len(packed), named, more, packed)


def _of(
    content: bytes,
    *more: bytes,
    page: bytes = _PAGE,
    pages: bytes = _PAGES,
    catalog: bytes = _CATALOG,
    font: bytes = _FONT,
    trailer: bytes = b"",
    start: bytes | None = None,
) -> bytes:
    """A file of the objects: catalog, pages, page, content and font are the objects 1 to 5."""
    objects = [catalog, pages, page, content, font, *more]
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    at = str(len(out)).encode() if start is None else start
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
        + b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%b\n%%%%EOF" % (count, trailer, at)
    )  # fmt: skip


_HONEST = stream(f"BT /F1 12 Tf 72 720 Td ({PROSE}) Tj ET".encode())


def bomb(rng: Random) -> bytes:
    spaces = b" " * rng.choice((9 << 20, 90 << 20, 250 << 20))
    content = (
        b"BT /F1 12 Tf (" + spaces.replace(b" ", b"a" if rng.random() < 0.5 else b" ") + b") Tj ET"
    )
    if rng.random() < 0.5:
        return _of(stream(content))
    twice = zlib.compress(zlib.compress(content, 9), 9)
    filters = rng.choice((b"/FlateDecode/FlateDecode", b"/FlateDecode" * 90, b"/Fl/Fl"))
    return _of(stream(twice, filters))


def odd_filters(rng: Random) -> bytes:
    many = rng.choice(_MANY)
    columns = b"/DecodeParms[<</Predictor %d/Columns %d/Colors 99/BitsPerComponent 32>>]" % (
        rng.choice((2, 12, 15)), rng.choice((1, 10**9, -1)),
    )  # fmt: skip
    return _of(rng.choice((
        stream(zlib.compress(b"x" * 99), b"/FlateDecode", columns),
        stream(b"\x81x" * many, b"/RunLengthDecode"),
        stream(b"\x80\x0b\x60\x50\x22" * many, b"/LZWDecode"),
        stream(b"z" * many + b"~>", b"/ASCII85Decode"), stream(b"4" * many, b"/ASCIIHexDecode"),
        stream(b"\0" * many, b"/CCITTFaxDecode", b"/DecodeParms[<</K -1/Columns 1000000000>>]"),
        stream(rng.randbytes(many), b"/JBIG2Decode"),
        stream(rng.randbytes(many), b"/FlateDecode"), stream(b"x", b"/NoSuchDecode"),
        stream(rng.randbytes(9_000), b"/DCTDecode/LZWDecode/FlateDecode"),
    )))  # fmt: skip


def loops(rng: Random) -> bytes:
    form = stream(
        b"/X Do " * rng.choice((1, 2, 30)),
        b"",
        b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>",
    )
    shows = _PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    return rng.choice((
        _of(_HONEST, pages=b"<</Type/Pages/Kids[2 0 R]/Count 9>>"), _of(_HONEST, pages=b"2 0 R"),
        _of(_HONEST, pages=b"<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 1>>"),
        _of(_HONEST, pages=_PAGES + b"/Parent 2 0 R", page=_PAGE.replace(b"/MediaBox", b"/Old")),
        _of(b"[4 0 R 4 0 R]"), _of(b"4 0 R"), _of(_HONEST, font=b"5 0 R"),
        _of(_HONEST, catalog=b"1 0 R"), _of(_HONEST.replace(b"/Length", b"/Length 4 0 R/Old")),
        _of(_HONEST, trailer=b"/Prev 9"),
        _of(_HONEST, font=_FONT.replace(b"/WinAnsiEncoding", b"5 0 R") + b"/ToUnicode 5 0 R"),
        _of(_HONEST, start=b"9"), _of(stream(b"/X Do"), form, page=shows),
        _of(_HONEST, stream(b"6 0 ", b"", b"/Type/ObjStm/N 9/First 9/Extends 6 0 R")),
        _of(_HONEST, trailer=b"/XRefStm 9"),
        _of(_HONEST, pages=b"<</Type/Pages/Count 300000/Kids[" + b"3 0 R " * 300_000 + b"]>>"),
        _of(b"[" + b"6 0 R " * 90_000 + b"]", _HONEST),
        _of(_HONEST, trailer=b"/Info 7 0 R", catalog=b"<</Type/Catalog/Pages 2 0 R/Names 1 0 R>>"),
    ))  # fmt: skip


def odd_content(rng: Random) -> bytes:
    many = rng.choice(_MANY)
    return _of(stream(b"BT /F1 12 Tf 72 720 Td " + rng.choice((
        b"[" * many, b"<<" * many, b"(" * many, b"<" * many, b"% " * many, b"/" * many,
        b"q " * many, b"9" * many, b"BI /W 1 ID " * many,
        b"BI /W 9 /H 9 /BPC 8 ID " + b"E" * many, b"(a) Tj " * many, b"(a) Tj T* " * many,
        b"1 0 0 1 0 0 cm " * many, b"[(a)-900" + b"(b)-900" * many + b"] TJ",
        b"/F1 1e99 Tf (a) Tj", b"1e999 1 Td " * many, b"ID EI" * many, b"\0" * many,
        rng.randbytes(many), b"BT " * many, b"0 0 0 0 0 0 Tm (a) Tj " * (many // 9),
    )) + b" ET"))  # fmt: skip


def odd_fonts(rng: Random) -> bytes:
    high = rng.choice((b"FFFF", b"FFFFFFFF", b"0FFFFFFF"))
    low = b"0" * len(high)
    table = rng.choice((
        b"1 beginbfrange <%b> <%b> <0041> endbfrange" % (low, high),
        b"9 beginbfchar " + b"<41> " * 90_000,
        b"1 beginbfrange <%b> <%b> [" % (low, high) + b"<0041>" * 90_000 + b"] endbfrange",
        b"beginbfrange", b"1 begincodespacerange <%b> <%b> endcodespacerange" % (low, high),
        b"1 beginbfrange <zz> <> <> endbfrange",
    ))  # fmt: skip
    widths = rng.choice(
        (b"/FirstChar 0/LastChar 999999999/Widths[1]", b"/Widths 5 0 R", b"/W[0 999999999 1]", b"")
    )
    font = _FONT.replace(b">>", widths + b"/ToUnicode 6 0 R>>")
    return _of(_HONEST, stream(table), font=font)


def encrypted(rng: Random) -> bytes:
    keys = b"/O<%b>/U<%b>" % (rng.randbytes(32).hex().encode(), rng.randbytes(32).hex().encode())
    lock = rng.choice((
        b"<</Filter/Standard/V 1/R 2/P -4%b>>" % keys,
        b"<</Filter/Standard/V 5/R 6/P -4/Length 256%b>>" % keys,
        b"<</Filter/Standard/V 2/R 3/Length 99999%b>>" % keys, b"<</Filter/Unknown>>", b"6 0 R",
        b"<<>>", b"null",
        b"<</Filter/Standard/V 4/R 4/P -4/CF<</StdCF<</CFM/AESV2>>>>/StmF/StdCF%b>>" % keys,
    ))  # fmt: skip
    identity = rng.choice((b"/ID[<00><00>]", b"", b"/ID 6 0 R"))
    return _of(_HONEST, lock, trailer=b"/Encrypt 6 0 R" + identity)


def damaged(rng: Random) -> bytes:
    """An honest file, cut or with some bytes changed."""
    content = bytearray(_of(_HONEST, trailer=b"/Info<</Title(T)>>"))
    if rng.random() < 0.4:
        return bytes(content[: rng.randrange(len(content))])
    for _ in range(rng.choice((1, 5, 60))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def lies(rng: Random) -> bytes:
    huge = rng.choice((b"999999999", b"-1", b"99999999999999999999", b"1e9", b"4294967296"))
    many = rng.choice(_MANY)
    honest = _of(_HONEST)
    return rng.choice((
        honest.replace(b"/Size 6", b"/Size " + huge), honest.replace(b"0 6\n", b"0 %b\n" % huge),
        honest.replace(b"/Length ", b"/Length %b/Old " % huge), _of(_HONEST, start=huge),
        honest * 90, honest.replace(b"/Count 1", b"/Count " + huge),
        _of(_HONEST, catalog=b"[" * many), b"%PDF-1.7\n" * many,
        b"%PDF-1.7\n" + b"1 0 obj\n" * many, _of(_HONEST, catalog=b"<</A" * many),
        honest.replace(b"xref", b"xxxx"),
        _of(_HONEST, trailer=b"/Info<</Title(" + b"\\" * many + b")>>"),
        b"%PDF-1.7\ntrailer<<" * many, b"%%EOF" * many,
        b"%PDF-1.7\n%%EOF\nstartxref\n" + b"9" * many, honest[:-9] + b"\n" * many,
        b"\n" * many + honest,
        _of(_HONEST, stream(b"1" * 9, b"", b"/Type/XRef/W[8 8 8]/Index[0 99999999]"), start=b"450"),
    ))  # fmt: skip


_MAKERS = {
    "bomb": bomb, "odd filters": odd_filters, "loops": loops, "odd content": odd_content,
    "odd fonts": odd_fonts, "encryption": encrypted, "damage": damaged, "lies": lies,
}  # fmt: skip


def _as_file(make: Callable[[Random], bytes]) -> MakeFiles:
    def files(rng: Random) -> list[File]:
        return [("odd.pdf", make(rng))]

    return files


PDFS: dict[str, MakeFiles] = {
    f"a PDF with {name} ({number})": _as_file(make)
    for name, make in _MAKERS.items()
    for number in range(1, 7)
}
