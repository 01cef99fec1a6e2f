"""The languages that a model was trained for, where they are known."""

import re

_ENGLISH = frozenset({"en"})
_CHINESE = frozenset({"zh", "en"})
# Names of models, without their publisher, and their languages (ISO 639-1) as their model cards
# declare them. A model that is not here may know any language.
_DECLARED = (
    (r"static|all-(MiniLM|mpnet|distilroberta|roberta)-.*", _ENGLISH),
    (r"(multi-qa|msmarco|nli|stsb|nq|gtr-t5|sentence-t5|paraphrase-(MiniLM|mpnet|albert|TinyBERT))-"
     r"(?!.*(multilingual|xlm)).*", _ENGLISH),
    (r"(e5|gte)-(small|base|large)(-v[12]|-v1\.5)?|bge-(small|base|large)-en(-v1\.5)?", _ENGLISH),
    (r"(bge|gte)-(small|base|large)-zh(-v1\.5)?|text2vec-(base|large)-chinese.*", _CHINESE),
)  # fmt: skip


def languages_of(model: str) -> frozenset[str] | None:
    """The codes of the languages of the model of that name; None if they are not known."""
    name = model.rstrip("/").rpartition("/")[2]
    return next((codes for form, codes in _DECLARED if re.fullmatch(form, name)), None)
