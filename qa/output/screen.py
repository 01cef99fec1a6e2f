"""Values to text for a terminal."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from qa.output.left_out import left_out
from qa.output.serial import visible
from qa.output.stories import in_other_outlets
from qa.output.verdicts import (
    by_article,
    introduces,
    is_marked,
    lead,
    outdated,
    remark,
    value_rows,
    values_heading,
    values_left_out,
    who_say,
)
from qa.types import (
    Answer,
    Citation,
    FileState,
    Highlight,
    IndexedDocument,
    IndexReport,
    IndexStatus,
    Problem,
    QuoteCheck,
    Span,
)

_MOST_PROBLEMS = 20


def show_answer(answer: Answer, out: Console, explain: bool = False, full: bool = False) -> None:
    """The answer in a line, and the citations by article, best first."""
    if said := lead(answer):
        out.print(Text(visible(said), style="bold"), soft_wrap=not _wraps(out))
    for notice in (omitted := left_out(answer.undated, answer.sourceless)):
        out.print(notice)
    _show_values(answer, out)
    if introduction := introduces(answer):
        out.print(introduction)
    if answer.citations and (said or omitted):
        out.print()
    for citations in by_article(answer.citations):
        _show_head(citations[0], out)
        for number, citation in enumerate(citations):
            _show_citation(answer, citation, out, explain, full, further=number > 0)
        _note_story(citations[0], out)
        _note_file(citations[0].file, out)
        out.print()


def _show_values(answer: Answer, out: Console) -> None:
    """The values that the articles give, a line each, with who says so."""
    rows = value_rows(answer)
    if not rows:
        return
    out.print(Text(values_heading(answer), style="bold"))
    width = max(len(visible(row.value)) for row in rows)
    for row in rows:
        _indented(Text(f"{visible(row.value):{width}}  {visible(who_say(row))}"), out)
    if left := values_left_out(answer):
        _aside(left, out)


# How far the lines under a citation's first are set in.
_INDENT = (0, 0, 0, 3)


def _show_head(citation: Citation, out: Console) -> None:
    head = Text(f"{citation.rank}. ", style="bold cyan")
    head.append(visible(citation.source or "publisher unknown"), style="bold")
    head.append(f", {citation.published or 'date unknown'}")
    if citation.title:
        head.append(f", {visible(citation.title)}", style="italic")
    out.print(head, soft_wrap=not _wraps(out))


def _show_citation(
    answer: Answer, citation: Citation, out: Console, explain: bool, full: bool, further: bool
) -> None:
    marked = is_marked(answer, citation)
    text = Text(f"{citation.rank}. " if further else "", style="bold cyan")
    if answer.answer and not marked and not full:
        quote = _brief(citation)
    else:
        quote = _quote(citation, full, _mark(out) if marked else "", marked)
    _indented(text.append_text(quote), out)
    if said := remark(answer, citation):
        _aside(f"note: {said}", out)
    if said := outdated(citation):
        _aside(f"note: {said}", out)
    line = f" line {citation.line}" if citation.line else ""
    place = f"   {citation.passage_id}  {citation.url or citation.path + line}"
    out.print(Text(visible(place), style="dim"), soft_wrap=True)
    for copy in citation.also_in:
        told = f"also in {copy.source or 'publisher unknown'}, {copy.published or 'date unknown'}"
        _aside(f"{told}: {copy.passage_id}", out)
    if explain:
        _aside(f"why: {citation.because} Fused score {citation.scores.fused:.3f}.", out)
        if citation.published:
            _aside(f"date: {citation.published_from}", out)


def _note_story(citation: Citation, out: Console) -> None:
    if citation.story and (told := in_other_outlets(citation)):
        _aside(f"{told}; `nkqa story {citation.story.story_id}` shows all", out)


def _note_file(file: FileState, out: Console) -> None:
    if file != "same":
        now = "has changed since it was indexed" if file == "changed" else "is gone"
        _aside(f"note: the file {now}; `nkqa index` brings the index up to date", out)


def _mark(out: Console) -> str:
    """What stands around marked text: without colours as in Markdown."""
    return "" if out.is_terminal and not out.no_color else "**"


def _aside(told: str, out: Console) -> None:
    _indented(Text(visible(told), style="dim"), out)


def _indented(text: Text, out: Console) -> None:
    if _wraps(out):
        out.print(Padding(text, _INDENT, expand=False))
    else:
        out.print(Text("   ").append_text(text), soft_wrap=True)


def _wraps(out: Console) -> bool:
    """Whether lines are wrapped: on a terminal, or to a width that `$COLUMNS` names."""
    return out.is_terminal or "COLUMNS" in os.environ


def _quote(citation: Citation, full: bool, mark: str, marked: bool) -> Text:
    """The passage with its answering sentences marked; around them as much as `full` asks for."""
    highlights = citation.highlights if full else _shown(citation)
    start, end = (citation.start, citation.end) if full else _context(citation, highlights)
    text = Text("“" if start == citation.start else "“… ")
    at = start
    for highlight in highlights:
        text.append(_flowing(_slice(citation, at, highlight.start)), style="dim")
        style = "bold yellow" if marked else "none"
        text.append(f"{mark}{_flowing(highlight.text)}{mark}", style=style)
        at = highlight.end
    text.append(_flowing(_slice(citation, at, end)), style="dim")
    text.append("”" if end == citation.end else " …”")
    return text


# Characters from the first answering sentence to the last one that are shown, and before and after
# them: five citations then fit on a screen.
_MOST_SHOWN, _AROUND = 320, 60


# Characters shown of a passage that is only on the subject, beside one that answers.
_BRIEF = 150


def _brief(citation: Citation) -> Text:
    """The beginning of the sentence that is nearest to the question."""
    sentence = _flowing(citation.highlights[0].text)
    begun = sentence if len(sentence) <= _BRIEF else sentence[:_BRIEF].rpartition(" ")[0] + " …"
    return Text(f"“{begun}”", style="dim")


def _shown(citation: Citation) -> list[Highlight]:
    """The first of the answering sentences, and those that stand near it."""
    first = citation.highlights[0]
    return [
        one for one in citation.highlights if one is first or one.end - first.start <= _MOST_SHOWN
    ]


def _context(citation: Citation, shown: Sequence[Highlight]) -> Span:
    first, last = shown[0].start, shown[-1].end
    start, end = max(citation.start, first - _AROUND), min(citation.end, last + _AROUND)
    while citation.start < start < first and not _slice(citation, start - 1, start).isspace():
        start += 1
    while last < end < citation.end and not _slice(citation, end, end + 1).isspace():
        end -= 1
    return start, end


def _flowing(text: str) -> str:
    """A quote is one block on the screen, its paragraphs told by a sign; --json has it verbatim."""
    return visible(re.sub(r"\n", " ", re.sub(r"\s*\n\s*\n\s*", " ¶ ", text)))


def _slice(citation: Citation, start: int, end: int) -> str:
    return citation.quote[start - citation.start : end - citation.start]


def show_article(document: IndexedDocument, out: Console) -> None:
    """A whole article, what is known of it, and the passage it was asked for by marked."""
    known = {
        "title": document.title,
        "publisher": document.source,
        "author": document.author,
        "published": document.published,
        "date from": document.published_from,
        "address": document.url,
        "file": document.path + (f" line {document.line}" if document.line else ""),
    }
    _show_lines({name: told for name, told in known.items() if told}, out)
    _note_file(document.file, out)
    mark, start, end = _mark(out), document.start or 0, document.end or 0
    text = Text("\n").append(visible(document.text[:start]))
    if start < end:
        text.append(f"{mark}{visible(document.text[start:end])}{mark}", style="bold yellow")
    out.print(text.append(visible(document.text[end:])), soft_wrap=not _wraps(out))


def told_check(check: QuoteCheck) -> str:
    """What became of a quotation, in a sentence."""
    what = "passage" if check.doc_id != check.cited else "article"
    if check.verdict == "unknown":
        from qa.text.nearest import did_you_mean  # An answer needs none of it.

        return f"The index holds no passage or article {check.cited!r}.{did_you_mean(check.near)}"
    if check.quotation is None:
        return f"The index holds this {what}."
    return {
        "verbatim": f"The {what} says so, to the character.",
        "typography": f"The {what} says so; only marks, spaces or an ellipsis differ.",
        "elsewhere": "The article says so, but not in this passage.",
        "different": "The article does not say so"
        + ("." if check.text is None else "; this is the closest it comes:"),
    }[check.verdict]


def show_check(check: QuoteCheck, out: Console) -> None:
    """Whether a quotation stands where it is cited from, and what stands there."""
    out.print(Text(visible(told_check(check))), soft_wrap=not _wraps(out))
    if check.text is not None and check.quotation is not None:
        _indented(Text(f"“{_flowing(check.text)}”", style="bold yellow"), out)
        _aside(f"{check.doc_id}#{check.start}-{check.end}", out)
    for difference in check.differences:
        said, quoted = f"“{difference.said}”", f"“{difference.quoted}”"
        _aside(
            f"{quoted} is not said there"
            if not difference.said
            else f"{said} is left out"
            if not difference.quoted
            else f"{quoted} where it says {said}",
            out,
        )


def _show_lines(lines: dict[str, str], out: Console) -> None:
    for name, told in lines.items():
        line = Text(f"{name:11}", style="dim").append(visible(told), style="none")
        out.print(line, soft_wrap=True)


def show_report(report: IndexReport, out: Console) -> None:
    """What `nkqa index` did."""
    if report.changed:
        done = (
            f"{len(report.added)} added, {len(report.updated)} updated, "
            f"{len(report.removed)} removed, {report.unchanged} unchanged"
        )
    else:
        done = "nothing to do, all unchanged"
    out.print(f"Indexed: {done}.", highlight=False)
    rate = ""
    if report.embed_seconds >= 1 and report.sentences:
        passages = report.passages * report.embedded / report.sentences
        rate = f" ({passages / report.embed_seconds:.0f} passages/s)"
    out.print(
        f"{_count(report.documents, 'article')}, {_count(report.passages, 'passage')}, "
        f"{_count(report.sentences, 'sentence')}, {_size(report.bytes)} in {visible(report.path)}\n"
        f"{_count(report.embedded, 'sentence')} embedded in {report.embed_seconds:.1f} s{rate}, "
        f"{report.seconds:.1f} s in all.",
        highlight=False,
        soft_wrap=True,
    )


def show_problems(problems: Iterable[Problem], out: Console) -> None:
    """What could not be read, and why; the rest of a long list is counted.

    Files of kinds that nkqa does not read are one line, for there may be many and rightly so.
    """
    problems = list(problems)
    told = [problem for problem in problems if problem.kind != "skipped"]
    if told:
        out.print(f"{_count(len(told), 'problem')}:", style="yellow")
    for problem in told[:_MOST_PROBLEMS]:
        line = f" line {problem.line}" if problem.line else ""
        out.print(Text(visible(f"  {problem.path}{line}: {problem.reason}")), soft_wrap=True)
    if len(told) > _MOST_PROBLEMS:
        out.print(f"  and {len(told) - _MOST_PROBLEMS} more; `nkqa status --json` lists all.")
    if skipped := [problem for problem in problems if problem.kind == "skipped"]:
        kinds = sorted({PurePath(problem.path).suffix or "no extension" for problem in skipped})
        out.print(
            visible(
                f"Skipped {_count(len(skipped), 'file')} not read as articles: {', '.join(kinds)}."
            ),
            soft_wrap=True,
        )


def show_status(status: IndexStatus, out: Console) -> None:
    """What an index holds, a line each."""
    dates = (
        f"{status.dated} dated, {status.oldest} to {status.newest}"
        if status.dated
        else "none dated"
    )
    lines = {
        "index": status.path,
        "generation": f"{status.generation} of {status.created} ({len(status.generations)} kept)",
        "made from": ", ".join(status.roots),
        "articles": f"{status.documents} from {_count(status.sources, 'source')}, {dates}",
        "passages": f"{status.passages} with {_count(status.sentences, 'sentence')}",
        "model": f"{status.model} ({status.model_fingerprint[:16]})",
        "size": _size(status.bytes),
    }
    _show_lines(lines, out)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    return f"{size / 1024:.0f} KiB" if size < 1 << 20 else f"{size / (1 << 20):.1f} MiB"
