"""What became of a draft, for a terminal."""

from rich.console import Console
from rich.text import Text

from qa.output.claims import draft_summary, told_claim
from qa.output.screen import told_check
from qa.output.serial import visible
from qa.text.invisible import line_of
from qa.types import Claim, DraftCheck, QuoteCheck


def show_draft(check: DraftCheck, text: str, out: Console) -> None:
    """The summary; then what is contradicted, the quotations that do not stand, the ids that are
    unknown, and what is not found. `text` is the draft, whose lines are numbered from 1."""
    out.print(Text(draft_summary(check), style="bold"), soft_wrap=True)
    for verdict, style in (("contradicted", "bold red"), ("not found", "yellow")):
        for claim in check.claims:
            if claim.verdict == verdict:
                line = text.count("\n", 0, claim.start) + 1
                _show_claim(claim, line, style, out)
        if verdict == "contradicted":
            _show_citations(check, out)


def _show_claim(claim: Claim, line: int, style: str, out: Console) -> None:
    out.print(Text(visible(f"line {line}: {told_claim(claim)}"), style=style), soft_wrap=True)
    if claim.evidence:
        _aside(f"“{line_of(claim.evidence.text)}”", claim.evidence.passage_id, out)


def _show_citations(check: DraftCheck, out: Console) -> None:
    for quotation in check.quotations:
        if not quotation.stands:
            _show_quotation(quotation, out)
    for cited in check.unknown:
        told = f"The index holds no passage or article {cited!r}."
        out.print(Text(visible(told), style="bold red"), soft_wrap=True)


def _show_quotation(check: QuoteCheck, out: Console) -> None:
    told = f"Quotation “{line_of(check.quotation or '')}”: {told_check(check)}"
    out.print(Text(visible(told), style="bold red"), soft_wrap=True)
    if check.text:
        _aside(f"“{line_of(check.text)}”", f"{check.doc_id}#{check.start}-{check.end}", out)


def _aside(words: str, place: str, out: Console) -> None:
    out.print(Text(visible(f"   {words}"), style="dim"), soft_wrap=True)
    out.print(Text(visible(f"   {place}"), style="dim"), soft_wrap=True)
