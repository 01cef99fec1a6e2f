"""Check a model's reply against the passages it was given: numbers, quotations and claims."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from qa.answers.claims.comparing import claim_of
from qa.answers.claims.evidence import Text
from qa.answers.claims.sentences import sentences
from qa.assistant.sources import Source
from qa.output.claims import told_claim
from qa.text.citation_marks import cited_numbers
from qa.text.invisible import line_of
from qa.text.quotation_marks import quotations_in
from qa.text.quotations import MAX_QUOTATION, closest, find
from qa.types import Claim, Span

# The end of a sentence. A number in brackets after the full stop still belongs to the sentence.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’)]*\s+(?![\[【])")
# Quotations in a row that may share the numbers after the last of them.
_TOGETHER = 4
# Quotations of a reply that are compared; the rest is flagged.
MOST_QUOTATIONS = 200
# Stands in place of a sentence that is kept back.
WITHHELD = "[A sentence is withheld: its source says something else.]"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something in a reply that its sources do not support.

    `kind`: "not retrieved", a number that no passage has; "not said", a quotation found in no
    passage; "not cited", a quotation found in another passage than those cited; "contradicted", a
    sentence of which a passage says something else; "not compared", the reply has more than two
    hundred quotations. `number` is the cited number or that of the passage with the quotation or
    with what it says instead. `quotation` is that of the reply, or its sentence. `told` is the
    message, with the closest wording of a passage if there is one.
    """

    kind: Literal["not retrieved", "not said", "not cited", "contradicted", "not compared"]
    number: int | None
    quotation: str | None
    told: str


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """The sources that a reply cites, in order of number, how many quotations were compared, the
    flags, and the reply's sentences as claims; their offsets are in the reply."""

    cited: tuple[Source, ...]
    quotations: int
    flags: tuple[Flag, ...]
    claims: tuple[Claim, ...] = ()


def check_reply(reply: str, sources: Iterable[Source], questions: Iterable[str] = ()) -> ReplyCheck:
    """Check every cited number, every quotation of three words or more and every sentence.

    A quotation is compared with the sources cited after it in its sentence, else with those cited
    before it there, else with all sources; quotation marks, dashes and spaces may differ.
    `questions` are the person's own messages, which a reply may quote as well. A sentence is
    compared with the sources that it cites, else with all sources.
    """
    known = {source.number: source for source in sources}
    numbers = sorted(set(cited_numbers(reply)))
    flags = [
        Flag("not retrieved", n, None, f"[{n}] is cited, but no passage has that number.")
        for n in numbers
        if n not in known
    ]
    compared = 0
    for quotation, cited in _quotations(reply):
        if compared == MOST_QUOTATIONS:
            message = f"Only the first {compared} quotations were compared."
            flags.append(Flag("not compared", None, None, message))
            break
        compared += 1
        flag = _flag(quotation, [known[n] for n in cited if n in known], known, list(questions))
        if flag is not None:
            flags.append(flag)
    claims = _claims(reply, known)
    flags += _contradictions(claims, known, [flag.quotation for flag in flags])
    return ReplyCheck(
        tuple(known[n] for n in numbers if n in known), compared, tuple(flags), claims
    )


def without_contradicted(reply: str, claims: Iterable[Claim]) -> str:
    """The reply with a note in place of each sentence that a passage contradicts."""
    for claim in sorted(claims, key=lambda one: -one.start):
        if claim.verdict == "contradicted":
            reply = reply[: claim.start] + WITHHELD + reply[claim.end :]
    return reply


def _claims(reply: str, known: dict[int, Source]) -> tuple[Claim, ...]:
    claims = []
    for sentence in sentences(reply):
        cited = [known[n] for n in sentence.numbers if n in known]
        texts = [
            Text.of(source.citation) for source in (cited if sentence.numbers else known.values())
        ]
        numbers = [str(number) for number in sentence.numbers]
        claims.append(claim_of(sentence, reply, texts, numbers))
    return tuple(claims)


def _contradictions(
    claims: Iterable[Claim], known: dict[int, Source], flagged: Iterable[str | None]
) -> Iterator[Flag]:
    """A flag for each sentence that is contradicted, unless for a quotation that is flagged."""
    wrong = [quotation for quotation in flagged if quotation]
    numbers = {source.citation.passage_id: number for number, source in known.items()}
    for claim in claims:
        evidence = claim.evidence
        if claim.verdict != "contradicted" or evidence is None:
            continue
        if any(quotation in claim.text for quotation in wrong):
            continue
        number = numbers[evidence.passage_id]
        message = f"{told_claim(claim)} [{number}] says: “{line_of(evidence.text)}”"
        yield Flag("contradicted", number, claim.text, message)


def _quotations(reply: str) -> Iterable[tuple[str, list[int]]]:
    """Each quotation of the reply with the numbers cited for it."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*•\d])", reply):
        quoted = quotations_in(paragraph)
        for at, (_, text) in enumerate(quoted):
            yield text, _cited_for(paragraph, quoted, at)


def _cited_for(paragraph: str, quoted: list[tuple[Span, str]], at: int) -> list[int]:
    """The numbers cited for `quoted[at]`.

    Those after it in its sentence, else those after the next quotations of that sentence, else
    those before it in its sentence.
    """
    for later in range(at, min(at + _TOGETHER, len(quoted))):  # “One”, “two” and “three” [1]
        (_, end), text = quoted[later]
        last = later + 1 == len(quoted)
        tail = paragraph[end : None if last else quoted[later + 1][0][0]]
        # A full stop inside the quotation marks also ends the sentence, unless a number follows.
        ended = re.search(r"[.!?]$", text) and not re.match(r"\s*[\[【]", tail)
        pieces = [""] if ended else _SENTENCE_END.split(tail)
        if numbers := cited_numbers(pieces[0]):
            return numbers
        if ended or len(pieces) > 1:
            break
    before = _SENTENCE_END.split(paragraph[quoted[at - 1][0][1] if at else 0 : quoted[at][0][0]])
    # Numbers between two quotations of a sentence belong to the first.
    return [] if at and len(before) == 1 else cited_numbers(before[-1])


def _flag(
    quotation: str, cited: list[Source], known: dict[int, Source], questions: list[str]
) -> Flag | None:
    if len(quotation) > MAX_QUOTATION:
        quotation = quotation[:MAX_QUOTATION]
    if any(_stands(quotation, source) for source in cited):
        return None
    others = [source for source in known.values() if _stands(quotation, source)]
    if others and not cited:
        return None
    short = line_of(quotation)
    if others:
        numbers = "".join(f"[{source.number}]" for source in others)
        instead = "".join(f"[{source.number}]" for source in cited)
        message = f"“{short}” stands in {numbers}, not in {instead}."
        return Flag("not cited", others[0].number, quotation, message)
    if any(find(text, quotation, (0, len(text))) for text in questions):
        return None
    return Flag(
        "not said",
        None,
        quotation,
        f"No passage says “{short}”.{_instead(quotation, cited or list(known.values()))}",
    )


def _stands(quotation: str, source: Source) -> bool:
    """Whether the passage or its title contains the quotation."""
    return any(
        find(text, quotation, (0, len(text))) is not None
        for text in (source.citation.quote, source.citation.title)
    )


def _instead(quotation: str, sources: list[Source]) -> str:
    """A sentence with the closest wording in the passages; empty if nothing is close."""
    near = [
        (len(found.differences), source, found)
        for source in sources
        if (found := closest(source.citation.quote, quotation, (0, len(source.citation.quote))))
    ]
    if not near:
        return ""
    _, source, found = min(near, key=lambda one: one[0])
    return f" [{source.number}] says: “{line_of(source.citation.quote[slice(*found.span)])}”."
