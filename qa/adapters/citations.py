"""Shared by all adapters: an index with default arguments, and a citation as flat metadata."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from weakref import finalize

from qa import Answer, Citation, Filters, Index, open_index

Metadata = dict[str, Any]
"""Strings, numbers, booleans, None, and lists of these: JSON without nested objects."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Asking:
    """An index with the default arguments of its questions."""

    index: Index
    k: int
    filters: Filters

    def citations(
        self, question: str, k: int | None = None, filters: Filters | None = None
    ) -> list[tuple[Citation, Metadata]]:
        """At most `k` citations, best first, with their metadata; None means the default.

        Raises as `Index.ask`.
        """
        chosen = asdict(self.filters if filters is None else filters)
        answer = self.index.ask(question, self.k if k is None else k, **chosen)
        return [(citation, metadata(answer, citation)) for citation in answer.citations]


def asking(
    index: Index | Path | str,
    k: int,
    since: str | None = None,
    until: str | None = None,
    source: str | Sequence[str] | None = None,
) -> Asking:
    """The index, opened if it is a path, with its default arguments. Raises as `open_index`.

    An index opened here is closed when the result is garbage collected. The caller closes an index
    that was passed open.
    """
    opened = index if isinstance(index, Index) else open_index(index)
    made = Asking(opened, k, Filters(since, until, source))
    if opened is not index:
        finalize(made, opened.close)
    return made


def metadata(answer: Answer, citation: Citation) -> Metadata:
    """All fields of a citation except its quote, named as in docs/json.md, without nested objects,
    and what the whole answer says.

    The scores are fields of their own. `sentences` has the start and end of each sentence in the
    article, `highlights` the text of the answering sentences, `highlight_spans` their start and
    end, `also_in` the ids of near-identical passages, `story` the id of the story, `outlets` the
    other publishers of it. `span` is the text of the best span and `span_place` its start and
    end. `verdict`, `probability` and `relation` are the answer's, `answer` is the text of the short
    answer, and `values` are the texts of the values.
    """
    fields = asdict(citation)
    del fields["quote"]
    fields |= fields.pop("scores")
    fields["sentences"] = [list(span) for span in citation.sentences]
    fields["highlights"] = [one.text for one in citation.highlights]
    fields["highlight_spans"] = [[one.start, one.end] for one in citation.highlights]
    fields["also_in"] = [place.passage_id for place in citation.also_in]
    fields["story"] = citation.story.story_id if citation.story else None
    fields["outlets"] = list(citation.story.others) if citation.story else []
    span = citation.span
    fields["span"] = span.text if span else None
    fields["span_place"] = [span.start, span.end] if span else None
    fields["verdict"], fields["probability"] = answer.verdict, answer.probability
    fields["answer"] = answer.answer.text if answer.answer else None
    fields["values"] = [value.text for value in answer.values]
    fields["relation"] = answer.relation
    return fields
