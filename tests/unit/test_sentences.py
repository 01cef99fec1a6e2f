"""Sentences end where a reader ends them, and offsets are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import MAX_CHARACTERS, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "one",
    [
        "Putin joins a tug-of-war over N. Korea’s denuclearization",
        "The U.S. President met Sen. Coons and J. Smith of St. Louis on Apr. 24 at 7 a.m. sharp.",
        "It was posted on April. 26, 2019 at 07:55.",
        '"Following an invitation from Vladimir Putin ... Kim Jong-un will visit," it said.',
        "Trade fell 56.4 percent to $3.4 million in No. 2 of the series.",
        "Apple Inc. Chief Tim Cook spoke.",
        '"It will crumble!" the professor said.',
        "Fla. Gov. Ida Poe met Det. Bo Kern and Dist. Atty. Mia Low at 5 p.m. Monday in Erie, Pa.",
        "Am Dienstag, dem 3. 10. 2023, und vom 3. – 5. Mai blieb das Museum im 2. Stock zu.",
        "Laut Dipl.-Ing. Roth kostet der 1. Abschnitt ca. 5 Mio. Euro, d. h. Nr. 7 fehlt noch.",
        "« Vous partez ? », a demandé M. Le Bris à Mme. Roux, av. Foch.",
        "El Sr. Los Arcos vive en EE. UU. con la Dra. Gil, p. ej. en Miami.",
        "L'on. Merlo e il dott. De Rosa citano l'art. 5 della S. p. A. milanese.",
        "Dhr. De Boer en mevr. Kok wonen bijv. Op Zuid nr. 5.",
        "В 2019 г. Иван купил дом на ул. Мира за 5 млн. рублей, т. е. даром.",
        '"Stop it!" Fire Chief Bob Moe told reporters on Tuesday.',
        '"Who shut it?" Arlen resident Dora Low wondered as she left.',
        "‘Not here!’ Lee Ray, who owns the mill, said.",
        "„Nie!“ Bürgermeisterin Ina Kolb sagte das am Montag.",
        "— Правда ли это? — спросил министр.",
        "It was . . . fine, etc. , and cheap.",
        "「行かない。」と彼は言った。",
        "3. Arlen Rovers (4-2), second place",
        "A long line that a mail program broke by its width only, as the next\n"
        "President of the country might have found out.",
    ],
)
def test_full_stops_that_end_nothing_do_not_cut(one: str) -> None:
    assert sentences(one) == [one]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("He works in the U.S. The job is new.", ["He works in the U.S.", "The job is new."]),
        ("He said “no.” “Why?” she asked.", ["He said “no.”", "“Why?” she asked."]),
        ("Who knows? Nobody! It ended…  Then", ["Who knows?", "Nobody!", "It ended…", "Then"]),
        ("A headline\n\nThe text.", ["A headline", "The text."]),
        ("A short line\nAnother line", ["A short line", "Another line"]),
        ("会議は終わった。彼は帰った。", ["会議は終わった。", "彼は帰った。"]),
        ("She answered no. He left.", ["She answered no.", "He left."]),
        ("“It is over.” The mayor left.", ["“It is over.”", "The mayor left."]),
        ("“Why?” He did not answer.", ["“Why?”", "He did not answer."]),
        ("Moss cried “Go!” Lee said on Monday.", ["Moss cried “Go!”", "Lee said on Monday."]),
        ("“No.” Lee said on Monday he was ill.", ["“No.”", "Lee said on Monday he was ill."]),
        ("“No.” Lee added: “Never.”", ["“No.”", "Lee added: “Never.”"]),
        ("We have a plan B. The vote is near.", ["We have a plan B.", "The vote is near."]),
        (
            "They saved ten. Bob has a cap. Ann won.",
            ["They saved ten.", "Bob has a cap.", "Ann won."],
        ),
        ("Er kam auf Platz 3. Trainer Marx ging.", ["Er kam auf Platz 3.", "Trainer Marx ging."]),
        (
            "Elle vit à l'est. Marc est à sec. Bon.",
            ["Elle vit à l'est.", "Marc est à sec.", "Bon."],
        ),
        ("El barco va al mar. Juan lo ve.", ["El barco va al mar.", "Juan lo ve."]),
        ("Dat is kunst. ’s Avonds rust hij.", ["Dat is kunst.", "’s Avonds rust hij."]),
        ("Это сделал я. Потом пришёл он.", ["Это сделал я.", "Потом пришёл он."]),
        ("What?! No way!! Really... So be it.", ["What?!", "No way!!", "Really...", "So be it."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


TEXTS = st.text(
    st.sampled_from("aB. ?!\n\t\"”'9é한。U.S…\u2029\x0b") | st.characters(codec="utf-8"),
    max_size=400,
)


@given(TEXTS)
def test_spans_are_ordered_trimmed_and_leave_out_only_white_space(text: str) -> None:
    spans = list(sentence_spans(text))
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert end - start <= MAX_CHARACTERS
        at = end
    assert not text[at:].strip()


def test_a_text_without_full_stops_is_cut_at_spaces() -> None:
    text = "word " * 1000
    assert all(part.split() == ["word"] * len(part.split()) for part in sentences(text))
    assert len(sentences(text)) >= 5
    assert len(sentences("x" * 2500)) == 3
