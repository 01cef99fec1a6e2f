"""The variants that an ablation compares: the default, and one changed setting at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from eval.words import WordRules
from qa.retrieval.clauses import CLAUSE_GAIN
from qa.retrieval.evidence import ARTICLE_SHARE, SENTENCE_SHARE
from qa.retrieval.fusion import DENSE_WEIGHT, LEXICAL_EXPONENT, LEXICAL_FLOOR
from qa.retrieval.reranking import LOOKED, Gains
from qa.retrieval.search import DEPTH

# A capacity in word pieces larger than any article.
WHOLE = 10**9


@dataclass(frozen=True, slots=True)
class Variant:
    """The settings of one retrieval variant; the defaults are the product's.

    `dense_weight` is the weight of the vectors: 0 ranks all passages by words alone, 1 by vectors
    alone. `capacity`, in word pieces, splits the articles again; 0 keeps the passages of the index.
    """

    name: str
    dense_weight: float = DENSE_WEIGHT
    lexical_exponent: float = LEXICAL_EXPONENT
    lexical_floor: float = LEXICAL_FLOOR
    sentence_share: float = SENTENCE_SHARE
    article_share: float = ARTICLE_SHARE
    fusion: str = "max"
    words: WordRules = field(default_factory=WordRules)
    expectation: bool = True
    named_source: bool = True
    dates: bool = True
    clause_gain: float = CLAUSE_GAIN
    looked: int = LOOKED
    gains: Gains = field(default_factory=Gains)
    depth: int = DEPTH
    capacity: int = 0


def variants() -> Iterator[Variant]:
    """The default settings, then each variant of them."""
    base = Variant("in memory")
    yield base
    dense = replace(base, dense_weight=1.0, article_share=0.0)
    yield replace(dense, name="dense, passage", sentence_share=0.0)
    yield replace(dense, name="dense, best sentence", sentence_share=1.0)
    yield replace(dense, name="dense, both")
    yield replace(dense, name="dense, both and article", article_share=ARTICLE_SHARE)
    yield replace(base, name="lexical", dense_weight=0.0)
    yield replace(base, name="lexical, k1 0.9 b 0.4", dense_weight=0.0,
                  words=WordRules(k1=0.9, b=0.4))  # fmt: skip
    for weight in (0.3, 0.4, 0.5, 0.55, 0.65, 0.7):
        yield replace(base, name=f"weight {weight}", dense_weight=weight)
    linear = replace(base, lexical_exponent=1.0)
    yield replace(linear, name="exponent 1, weight 0.5", dense_weight=0.5)
    yield replace(linear, name="exponent 1, weight 0.6", dense_weight=0.6)
    yield replace(base, name="exponent 1.5", lexical_exponent=1.5)
    yield replace(base, name="without lexical floor", lexical_floor=0.0)
    for gain in (0.0, 0.4, 1.2):
        yield replace(base, name=f"clause gain {gain}", clause_gain=gain)
    yield from _second_look(base)
    # The gains of the second look fit the scale of the default fusion, so leave them out here.
    plain = replace(base, clause_gain=0.0, looked=0)
    for kind in ("min-max", "z-score"):
        for weight in (0.5, 0.6):
            name = f"fusion {kind}, weight {weight}, no second look"
            yield replace(plain, name=name, fusion=kind, dense_weight=weight)
    yield replace(plain, name="fusion reciprocal rank, no second look", fusion="reciprocal rank")
    for share in (0.0, 0.5, 0.8, 1.0):
        yield replace(base, name=f"sentence share {share}", sentence_share=share)
    yield replace(base, name="without article vector", article_share=0.0)
    yield replace(base, name="without named source", named_source=False)
    yield replace(base, name="without dates", dates=False)
    yield replace(base, name="without expectation", expectation=False)
    yield from _words(base)
    for depth in (50, 200):
        yield replace(base, name=f"{depth} candidates a side", depth=depth)
    for capacity in (64, 128, 192, 384):
        yield replace(base, name=f"passages of {capacity}", capacity=capacity)
    # The settings of published BM25 figures.
    published = WordRules(title="every", stop_words="kept", k1=0.9, b=0.4)
    yield replace(base, name="lexical, whole articles, k1 0.9 b 0.4", dense_weight=0.0,
                  capacity=WHOLE, words=published)  # fmt: skip
    yield replace(base, name="lexical, whole articles", dense_weight=0.0, capacity=WHOLE,
                  words=replace(published, k1=1.2, b=0.75))  # fmt: skip


def _second_look(base: Variant) -> Iterator[Variant]:
    yield replace(base, name="without second look", looked=0)
    for looked in (10, 50):
        yield replace(base, name=f"second look at {looked}", looked=looked)
    for part in ("sentence", "lead", "new_words"):
        name = f"second look without {part.replace('_', ' ')}"
        yield replace(base, name=name, gains=replace(base.gains, **{part: 0.0}))


def _words(base: Variant) -> Iterator[Variant]:
    rules = {
        "without title": WordRules(title="none"),
        "title in every passage": WordRules(title="every"),
        "without source in words": WordRules(source=False),
        "without source at all": WordRules(source=False),
        "without date in words": WordRules(date=False),
        "full stop list": WordRules(stop_words="full"),
        "stop words kept": WordRules(stop_words="kept"),
        "k1 0.9 b 0.4": WordRules(k1=0.9, b=0.4),
    }
    for name, words in rules.items():
        yield replace(base, name=name, words=words, named_source=name != "without source at all")
