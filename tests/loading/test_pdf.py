"""PDF: the text layer as paragraphs, and metadata only when it is real."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfWriter

from qa.types import Document, Problem

Only = Callable[[str, bytes | str], Document]
Pdf = Callable[..., bytes]

LINES = (
    "New bridge for the harbour", "", "By Mara Vell April 24, 2019", "",
    "The harbour town will get a new bridge next year, as the council de-",
    "cided on Monday after a long and bitter debate about the costs and the",
    "site. Nobody voted against it.",
    "Half of the money comes from the state, said the mayor (Rosa Field), who",
    "asked for it in 2015.",
)  # fmt: skip


def test_lines_become_paragraphs_and_cut_words_whole(document: Only, pdf: Pdf) -> None:
    got = document("a.pdf", pdf(*LINES))
    assert got.text.split("\n\n")[2:] == [
        "The harbour town will get a new bridge next year, as the council decided on Monday after "
        "a long and bitter debate about the costs and the site. Nobody voted against it.",
        "Half of the money comes from the state, said the mayor (Rosa Field), who asked for it "
        "in 2015.",
    ]
    assert (got.title, got.author) == ("New bridge for the harbour", "Mara Vell")
    assert (got.published, got.encoding) == ("2019-04-24", None)


def test_a_byline_right_below_the_headline_gives_author_newspaper_and_date(
    document: Only, pdf: Pdf
) -> None:
    head = ("Minister resigns over the contract for the ferry to Arlen",
            "By Lena Moss, The Morning Ledger, 3 April 2024")  # fmt: skip
    got = document("a.pdf", pdf(*head, *LINES[4:]))
    assert (got.title, got.author, got.source) == (head[0], "Lena Moss", "The Morning Ledger")
    assert got.published == "2024-04-03"
    assert got.text.split("\n\n")[:2] == list(head)


def test_real_metadata_is_used(document: Only, pdf: Pdf) -> None:
    info = {"Title": "A bridge at last", "Author": "Tom Roe", "CreationDate": "D:20240101"}
    got = document("a.pdf", pdf("The bridge opens.", info=info))
    assert (got.title, got.author, got.published) == ("A bridge at last", "Tom Roe", None)


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - x.doc", "untitled", "scan0001.pdf", "", "  ", "Document1", "12", "x.indd"],
)
def test_a_title_that_a_program_wrote_is_not_used(document: Only, pdf: Pdf, title: str) -> None:
    got = document("report.pdf", pdf(*LINES, info={"Title": title, "Author": "Administrator"}))
    assert (got.title, got.author) == ("New bridge for the harbour", "Mara Vell")


def test_without_headline_the_file_names_the_article(document: Only, pdf: Pdf) -> None:
    assert document("report.pdf", pdf("It opens.")).title == "report"


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_told_and_an_empty_one_opens(
    document: Only, problem: Callable[[str, bytes], str], pdf: Pdf
) -> None:
    assert problem("a.pdf", encrypted(pdf(*LINES), "secret")) == "encrypted: needs a password"
    assert "new bridge" in document("b.pdf", encrypted(pdf(*LINES), "")).text


def test_a_file_under_aes_is_told_as_encrypted(
    problem: Callable[[str, bytes], str], pdf: Pdf
) -> None:
    zeros = "0" * 96
    locked = (
        f"/Encrypt <</Filter/Standard/V 5/R 6/Length 256/P -4/O <{zeros}>/U <{zeros}>"
        f"/OE <{zeros[:64]}>/UE <{zeros[:64]}>/Perms <{zeros[:32]}>"
        "/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF>>"
        "/ID[<00><00>]"
    )
    data = pdf(*LINES).replace(b"/Root 1 0 R", b"/Root 1 0 R" + locked.encode())
    assert problem("a.pdf", data) == "encrypted: needs a password"


def test_a_scan_has_no_text_layer(problem: Callable[[str, bytes], str]) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    assert problem("a.pdf", out.getvalue()).startswith("no text layer")


@pytest.mark.parametrize("cut", [0, 1, 8, 100, 500])
def test_a_damaged_file_is_a_problem(
    problem: Callable[[str, bytes], str], pdf: Pdf, cut: int
) -> None:
    assert problem("a.pdf", pdf(*LINES)[:cut])


_NEXIS = (
    "Harbour Board Closes North Pier", "The Sandvik Post", "March 5, 2024 Tuesday", "",
    "Copyright 2024 The Sandvik Post Company", "Section: LOCAL; Pg. 3", "Length: 83 words",
    "Byline: By Joris Hale", "", "Body", "", *LINES[4:], "", "Load-Date: March 6, 2024", "",
    "End of Document",
)  # fmt: skip


def test_the_head_of_an_export_states_its_article(document: Only, pdf: Pdf) -> None:
    got = document("a.pdf", pdf(*_NEXIS))
    assert (got.title, got.source) == ("Harbour Board Closes North Pier", "The Sandvik Post")
    assert (got.author, got.published) == ("Joris Hale", "2024-03-05")
    assert "Length: 83 words" in got.text


def test_of_several_articles_in_one_pdf_none_gives_its_date_to_the_others(
    load: Callable[[str, bytes], list[Document | Problem]], pdf: Pdf
) -> None:
    got, warning = load("a.pdf", pdf(*_NEXIS, "", *_NEXIS))
    assert isinstance(got, Document)
    assert isinstance(warning, Problem)
    assert (got.title, got.source, got.author, got.published) == ("a", None, None, None)
    assert "it holds 2 articles" in warning.reason
