"""Sentences in a model's own words are compared with the passages that they cite."""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qa.answers.claims.comparing import claim_of, compare
from qa.answers.claims.evidence import Text
from qa.answers.claims.sentences import sentences
from qa.types import Claim

REPLIES = Path(__file__).parent / "replies"
FLAGGED = ("contradicted", "not found")


class Counted(NamedTuple):
    """Of a reply with four wrong details: how many were flagged, how many were called contradicted,
    and how many of its six other sentences were flagged."""

    found: int
    contradicted: int
    alarms: int


def cases(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((REPLIES / f"{name}.yaml").read_text("utf-8"))
    return loaded


def claims(case: dict[str, Any], version: str) -> list[tuple[dict[str, str], Claim]]:
    """Each sentence of the reply, in that version where it has it, with its claim."""
    article = Text("a#0-1", "a", 0, case["text"], case["title"], case["source"], case["published"])
    reply = " ".join(one.get(version, one["right"]) for one in case["reply"])
    parts = sentences(reply)
    found = [claim_of(part, reply, [article], ["1"]) for part in parts]
    return list(zip(case["reply"], found, strict=True))


def counted(case: dict[str, Any]) -> Counted:
    found = claims(case, "wrong")
    wrong = [claim for one, claim in found if "wrong" in one]
    right = [claim for one, claim in found if "wrong" not in one]
    assert (len(wrong), len(right)) == (4, 6)
    return Counted(
        sum(claim.verdict in FLAGGED for claim in wrong),
        sum(claim.verdict == "contradicted" for claim in wrong),
        sum(claim.verdict in FLAGGED for claim in right),
    )


@pytest.mark.parametrize(
    ("half", "replies", "contradicted"), [("tuned", 5, 16), ("mended", 8, 28), ("set_aside", 5, 15)]
)
def test_four_wrong_details_of_ten_sentences_are_found_with_hardly_a_false_alarm(
    half: str, replies: int, contradicted: int
) -> None:
    counts = [counted(case) for case in cases(half)]
    assert sum(one.found == 4 for one in counts) >= replies
    assert all(one.found >= 3 for one in counts)
    assert sum(one.contradicted for one in counts) >= contradicted
    assert all(one.alarms <= 1 for one in counts)


@pytest.mark.parametrize("half", ["tuned", "mended", "set_aside"])
def test_nothing_is_called_contradicted_in_a_reply_that_is_right(half: str) -> None:
    for case in cases(half):
        found = claims(case, "right")
        assert not [claim.text for _, claim in found if claim.verdict == "contradicted"]
        assert sum(claim.verdict == "not found" for _, claim in found) <= 1
        assert sum(claim.verdict == "supported" for _, claim in found) >= 7


@pytest.mark.parametrize("half", ["tuned", "mended", "set_aside"])
def test_evidence_is_the_article_at_its_place(half: str) -> None:
    for case in cases(half):
        for _, claim in claims(case, "wrong"):
            if claim.evidence:
                text = case["text"][claim.evidence.start : claim.evidence.end]
                assert claim.evidence.text == text
            assert claim.evidence or claim.verdict not in ("supported", "contradicted")


SAID = (
    "The flood destroyed 29,600 homes in Tarn on Tuesday, mayor Elena Brandt said. "
    "She did not resign. The dam was approved in May 2017. The dam is unlikely to break. "
    "The council met in Tarn on December 12."
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("About 30,000 homes in Tarn were destroyed by the flood.", "supported"),
        ("More than 29,000 homes in Tarn were destroyed by the flood.", "supported"),
        ("On 3 March 2020 the flood destroyed homes in Tarn.", "supported"),  # That Tuesday.
        ("Brandt, the mayor of Tarn, spoke of 29,600 destroyed houses.", "supported"),
        ("Elena Brandt has not resigned.", "supported"),
        ("The flood destroyed 39,600 homes in Tarn.", "contradicted"),
        ("The flood destroyed homes in Tarn on Monday.", "contradicted"),
        ("Mayor Paul Kern said that the flood destroyed 29,600 homes in Tarn.", "contradicted"),
        ("Mayor Erik Brandt said that the flood destroyed 29,600 homes in Tarn.", "contradicted"),
        ("The dam was rejected in May 2017.", "contradicted"),
        ("The dam is likely to break.", "contradicted"),
        ("The council met in Tarn on December 12, 2019.", "supported"),  # Of the winter before.
        ("The council met in Tarn on December 12, 2020.", "not found"),
        ("The flood killed 12 cows in Lauben.", "not found"),
        ("Penguins live on the moon.", "not found"),
        ("Many homes were wrecked by the water.", "nothing to check"),
        ("Brandt has cause to worry.", "nothing to check"),
    ],
)
def test_a_claim_has_the_verdict_that_a_reader_would_give(claim: str, verdict: str) -> None:
    text = Text("a#0-9", "a", 0, SAID, "A flood", "Post", "2020-03-04")
    assert compare(claim, [text]).verdict == verdict


def test_what_cites_nothing_and_has_no_detail_is_nothing_to_check() -> None:
    assert compare("These were busy weeks.", [], is_cited=False).verdict == "nothing to check"


def test_what_differs_is_given_in_the_words_of_both() -> None:
    text = Text("a#0-9", "a", 100, SAID, "A flood", "Post", "2020-03-04")
    found = compare("The flood destroyed 39,600 homes in Tarn.", [text])
    assert [(one.quoted, one.said) for one in found.differences] == [("39,600", "29,600")]
    assert found.evidence
    assert found.evidence.start == 100
    assert found.evidence.text.startswith("The flood destroyed")


DRAFT = """---
title: 12 lies
---
# 14 headings

One is here [1], and
[Two](http://x.org/3) was there. [2][b.md#0-9] Three
is said in a line that goes on for more than forty
characters and is wrapped [3].

* Four (c d.md#1-2)
* Five

```
Six 6.
```

[1]: a.md#3-4
"""


def test_sentences_of_markdown_have_what_they_cite_and_their_place() -> None:
    found = sentences(DRAFT)
    assert [(one.text, one.numbers, one.ids) for one in found] == [
        ("One is here , and", (), ("a.md#3-4",)),
        ("Two was there.", (2,), ("b.md#0-9",)),
        (
            "Three is said in a line that goes on for more than forty characters and is wrapped .",
            (3,),
            (),
        ),
        ("Four", (), ("c d.md#1-2",)),
        ("Five", (), ()),
    ]
    for one in found:
        assert DRAFT[one.start : one.end].split()[0].strip("[]").startswith(one.text.split()[0][:3])


@given(st.text(st.sampled_from("ab1 A.#*[]()-`~\n<!>:_|“"), max_size=120))
def test_any_text_has_sentences_in_order_inside_of_it(text: str) -> None:
    at = 0
    for one in sentences(text):
        assert at <= one.start < one.end <= len(text)
        at = one.end


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_claim_and_passage_can_be_compared(claim: str, passage: str) -> None:
    text = Text("a#0-9", "a", 0, passage, "", None, None)
    found = compare(claim, [text])
    assert found.evidence is None or found.evidence.text in passage
    assert compare(claim, []).verdict != "contradicted"
