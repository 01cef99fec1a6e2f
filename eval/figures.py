"""Measure the values of answers on labelled figures: `nkqa eval figures FILE`.

A line of the file is a question with two or more figures of articles (`doc_id`, `quote`, `value`: a
number or a list of numbers) and how they should be shown (`show`): "merge" (one value), "timeline",
"side by side" or "separate" (they are not values of one thing). `collection` says which index has
the article, if a file is about several.

An answer shows two figures as "merge" if they are in one of its values, as "timeline" or "side by
side" if they are in different ones and its `relation` is "over_time" or "differ", and as "separate"
otherwise. So figures that are not found are separate, which is right only where they should be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from embeddings.errors import InputError
from eval.gold import lines_of
from eval.results import Json
from qa import Index
from qa.text.quantities import quantities
from qa.types import Answer, Relation, Value

Show = Literal["merge", "timeline", "side by side", "separate"]
SHOWS: tuple[Show, ...] = get_args(Show)
# A figure that a label has is that of a statement if they are as near as this.
_EQUAL = 0.003
_SHOWN: Mapping[Relation | None, Show] = {"over_time": "timeline", "differ": "side by side"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A labelled figure: the article that gives it, verbatim words of it, and its values."""

    doc_id: str
    collection: str
    quote: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question, its figures, how they should be shown, and what kind of trap it is."""

    id: str
    question: str
    kind: str
    show: Show
    figures: tuple[Figure, ...]

    @property
    def half(self) -> int:
        """0 or 1, by a digest of the id."""
        return sha256(self.id.encode()).digest()[0] & 1


@dataclass(frozen=True, slots=True)
class Shown:
    """How an answer shows the figures of an item."""

    item: Item
    show: Show
    relation: Relation | None
    places: tuple[int | None, ...]
    """The value of the answer that has each figure; None where none has."""

    @property
    def is_right(self) -> bool:
        return self.show == self.item.show

    @property
    def has_both(self) -> bool:
        """Whether two figures are among the values as different ones."""
        return len({place for place in self.places if place is not None}) > 1


def read_items(path: Path) -> list[Item]:
    """The items of a file. Raises `InputError` for a broken line, and for a file without items."""
    items = [_item(f"{path} line {number}", line) for number, line in lines_of(path)]
    if not items:
        raise InputError(
            f"{path} has no labelled figures; expected a line of JSON for each question."
        )
    return items


def _item(where: str, line: Mapping[str, Any]) -> Item:
    try:
        figures = tuple(
            Figure(
                str(one["doc_id"]),
                str(one.get("collection") or ""),
                str(one["quote"]),
                _numbers(one["value"]),
            )
            for one in line["figures"]
        )
        item = Item(
            str(line["id"]), str(line["question"]), str(line["relation"]), line["show"], figures
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{where}: {error!r}. Expected id, question, relation, show, and figures with doc_id, "
            "quote and value."
        ) from error
    if item.show not in SHOWS:
        raise InputError(f"{where}: show is {item.show!r}; expected {', '.join(SHOWS)}.")
    return item


def _numbers(value: Any) -> tuple[float, ...]:
    found = value if isinstance(value, list) else [value]
    return tuple(float(one) for one in found if one is not None)


def measure(indexes: Mapping[str, Index], items: Iterable[Item]) -> list[Shown]:
    """How the indexes, by collection, show the figures of the items.

    Items about a collection that is not given are left out. Raises `InputError` where an article
    does not have a quote, so that nothing is measured against wrong labels.
    """
    found = []
    for item in items:
        names = {figure.collection for figure in item.figures}
        if len(names) > 1 or not names <= indexes.keys():
            continue
        index = indexes[names.pop()]
        for figure in item.figures:
            _check(index, item, figure)
        found.append(shown(item, index.ask(item.question)))
    return found


def _check(index: Index, item: Item, figure: Figure) -> None:
    if " ".join(figure.quote.split()) not in " ".join(index.article(figure.doc_id).text.split()):
        raise InputError(
            f"{item.id}: the article {figure.doc_id!r} does not say {figure.quote[:60]!r}; correct "
            "the quote, or measure on the index that it is from."
        )


def shown(item: Item, answer: Answer) -> Shown:
    """How an answer shows the figures of an item."""
    places = tuple(_place(figure, answer.values) for figure in item.figures)
    known = [place for place in places if place is not None]
    show: Show = "separate"
    if len(set(known)) > 1:
        show = _SHOWN.get(answer.relation, "separate")
    elif len(known) > 1 or len(known) == len(places):
        show = "merge"
    return Shown(item, show, answer.relation, places)


def _place(figure: Figure, values: Sequence[Value]) -> int | None:
    """The value that has the figure, that of its own article if there is one."""
    has = [
        (statement.doc_id != figure.doc_id, place)
        for place, value in enumerate(values)
        for statement in value.statements
        if _states(statement.text, figure.values)
    ]
    return min(has)[1] if has else None


def _states(text: str, wanted: Sequence[float]) -> bool:
    return any(
        abs(end - value) <= _EQUAL * abs(value)
        for quantity in quantities(text)
        for end in (quantity.low, quantity.high)
        for value in wanted
    )


def report(found: Sequence[Shown]) -> Json:
    """The measures over all items and over each half, and the confusion of how they are shown."""
    return {
        "all": measures(found),
        "halves": [measures([one for one in found if one.item.half == half]) for half in (0, 1)],
        "shown": {
            show: {
                other: sum(one.item.show == show and one.show == other for one in found)
                for other in SHOWS
            }
            for show in SHOWS
        },
        "kinds": {
            kind: measures([one for one in found if one.item.kind == kind])
            for kind in sorted({one.item.kind for one in found})
        },
    }


def measures(found: Sequence[Shown]) -> Json:
    """`accuracy` of how figures are shown; `differ_precision`: share of answers that say "differ"
    about figures that do, and `differ_recall`; `both`: share of the questions with two values that
    have both. None where there is nothing to count."""
    said = [one for one in found if one.relation == "differ"]
    differ = [one for one in found if one.item.show == "side by side"]
    several = [one for one in found if one.item.show in ("side by side", "timeline")]
    return {
        "items": len(found),
        "accuracy": _share(one.is_right for one in found),
        "differ_precision": _share(one.item.show == "side by side" for one in said),
        "differ_recall": _share(one.is_right for one in differ),
        "both": _share(one.has_both for one in several),
    }


def _share(marks: Iterable[bool]) -> float | None:
    counted = list(marks)
    return sum(counted) / len(counted) if counted else None
