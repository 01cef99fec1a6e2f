"""Cut a question at its joints, where one thing that it asks or describes ends and another begins.

There is no parser. Joints are ends of sentences, punctuation, and the words that English joins
clauses with. A wrong cut costs little, because fragments are only used beside the whole question.
"""

import re

from qa.text.sentences import sentence_spans

_QUESTION_WORDS = "what|which|who|whom|whose|when|where|why|how"
_AUXILIARIES = (
    "is|are|was|were|be|been|has|have|had|does|do|did|will|would|can|could|should|may|might|must"
)
# Words after which "and" joins clauses instead of nouns: a verb or an adverb in front of it, a
# question word, or another report. "War and peace" is not cut, "and is also mentioned" is.
_CLAUSE_BEGINS = (
    rf"(?:{_QUESTION_WORDS}|{_AUXILIARIES}|also|then|later|not|that|another"
    r"|(?!need\b|speed\b|seed\b|weed\b)[a-z]{3,}(?:ed|ing|ly)"
    r"|(?:the|an?|a subsequent|the subsequent|the later)\s+(?:\w+\s+)?(?:article|report|piece|one))"
)
_JOINT = re.compile(
    r"[;:?][\"'”’)]*\s+|,[\"'”’]?\s+(?!\d{4}\b)|(?<!\s)\s+[–—-]+\s+|(?<!\s)\s*[()]\s*"
    rf"|(?<!\s)\s+(?:and|or|but)\s+(?={_CLAUSE_BEGINS}\b)"
    r"|(?<!\s)\s+(?=(?:while|whereas|whilst|although|though|despite|unlike|because"
    r"|as\s+(?:reported|described|discussed|mentioned|stated|noted|covered|featured)\s+(?:by|in|on)"
    r"|according\s+to|in\s+contrast\s+to|compared\s+(?:to|with)|as\s+opposed\s+to)\b)",
    re.IGNORECASE,
)


def fragments(question: str) -> tuple[str, ...]:
    """The pieces of a question between its joints, in order; the whole question if it has none."""
    sentences = (question[start:end] for start, end in sentence_spans(question))
    pieces = (piece.strip() for sentence in sentences for piece in _JOINT.split(sentence))
    return tuple(piece for piece in pieces if piece)
