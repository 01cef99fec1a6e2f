"""What an index holds, and what was done to it."""

from dataclasses import dataclass

from qa.types.articles import Problem


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one `build_index` did. `embedded` counts sentences that went through the model.

    `seconds` is wall-clock time, `embed_seconds` the part spent in the model.
    """

    path: str
    generation: str
    changed: bool
    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    documents: int
    passages: int
    sentences: int
    embedded: int
    bytes: int
    seconds: float
    embed_seconds: float
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can be asked of an index: how many articles, from which publishers, of which days."""

    documents: int
    sources: tuple[str, ...]
    oldest: str | None
    newest: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list: its id, title, publisher and date."""

    doc_id: str
    title: str
    source: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Articles that pass the filters, newest first, those without a date last.

    `total` counts all that pass, of which `articles` has those from number `skip` on. `undated` and
    `sourceless` are as in `Answer`.
    """

    articles: tuple[Listed, ...]
    skip: int
    total: int
    undated: int
    sourceless: int
    generation: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher and the number of its articles; `source` is None for those that name none."""

    source: str | None
    documents: int


@dataclass(frozen=True, slots=True)
class Publishers:
    """The publishers of the articles that pass the filters, those with the most articles first.

    `total` counts these articles. `undated` and `sourceless` are as in `Answer`.
    """

    publishers: tuple[Publisher, ...]
    total: int
    undated: int
    sourceless: int
    generation: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds and how it was made; dates are of the oldest and newest article.

    `trouble` says why a newer generation is not served, where a server went on with this one.
    """

    path: str
    generation: str
    created: str
    generations: tuple[str, ...]
    roots: tuple[str, ...]
    model: str
    model_fingerprint: str
    documents: int
    passages: int
    sentences: int
    sources: int
    dated: int
    oldest: str | None
    newest: str | None
    bytes: int
    problems: tuple[Problem, ...]
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify_index` checked, and each fault in one sentence; none means sound."""

    path: str
    generation: str
    files: int
    passages: int
    faults: tuple[str, ...]
