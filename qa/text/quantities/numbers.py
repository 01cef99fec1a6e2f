"""A number in digits or words with its magnitude: "1.2 million", "two and a half", "5bn"."""

from typing import NamedTuple

from qa.text.quantities.tokens import Tokens

SMALL = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split()
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "lakh": 1e5,
    "crore": 1e7,
}
# Written against the digits; these also with a space.
_SHORT = {"k": 1e3, "mn": 1e6, "mln": 1e6, "bn": 1e9, "tn": 1e12, "trn": 1e12}
_SPACED_SHORT = frozenset(("mn", "mln", "bn", "tn", "trn"))
# Of money, or in front of a plural: "$5m", "5m users", but "5m" of cloth and "3M".
_LETTER = {"m": 1e6, "b": 1e9, "t": 1e12}
_PARTS = {"half": 0.5, "quarter": 0.25}
_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_VAGUE = {"dozens": (24.0, 99.0), "scores": (40.0, 99.0)} | {
    f"{word}s": (SCALES[word], SCALES[word] * 10 - 1) for word in SCALES if word != "dozen"
}
_MANY = frozenset(("several", "few", "many"))
# Floats count exactly up to here.
_LONGEST = 15


class Number(NamedTuple):
    """A number in the tokens from `first` up to `end`; `step` is the unit of its last digit."""

    first: int
    end: int
    low: float
    high: float
    step: float
    # Digits without a separator, a decimal point or a magnitude: perhaps a year, or part of a name.
    bare: bool
    spelled: bool
    vague: bool = False
    scale: float = 1.0


def read_number(tokens: Tokens, at: int, *, money: bool = False) -> Number | None:
    """The number whose first token is at this index."""
    token = tokens[at]
    if token.is_number:
        return _in_digits(tokens, at, money)
    if not token.is_word:
        return None
    return _vague(tokens, at) or _in_words(tokens, at)


def step_of(value: float, decimals: int, scale: float) -> float:
    """The unit of the last significant digit of a value with so many decimals before its scale."""
    if decimals:
        return float(scale * 10.0**-decimals)
    if value < 100 or not value.is_integer():
        return 1.0
    digits = f"{value:.0f}"
    return float(10.0 ** (len(digits) - len(digits.rstrip("0"))))


def _in_digits(tokens: Tokens, at: int, money: bool) -> Number | None:
    written = tokens[at].text
    whole, _, decimals = written.partition(".")
    if len(written) > _LONGEST:
        return None
    value, end = float(written.replace(",", "")), at + 1
    part, end = _part(tokens, end)
    if part:
        scale, end = _scale(tokens, end, money)
        value = (value + part) * scale
        return Number(at, end, value, value, part * scale, False, False, scale=scale)
    scale, end = _scale(tokens, end, money)
    value *= scale
    bare = "," not in whole and not decimals and scale == 1.0
    step = 12.0 if scale == SCALES["dozen"] else step_of(value, len(decimals), scale)
    return Number(at, end, value, value, step, bare, False, scale=scale)


def _part(tokens: Tokens, at: int) -> tuple[float, int]:
    """ "and a half", "½", "1/2" after a number."""
    if tokens[at].text in _SIGNS:
        return _SIGNS[tokens[at].text], at + 1
    above, below = tokens[at], tokens[at + 2]
    if tokens[at + 1].text == "/" and above.text in "123" and below.text in ("2", "3", "4", "8"):
        return int(above.text) / int(below.text), at + 3
    words = [tokens[place].lower for place in range(at, at + 4)]
    part = _PARTS.get(words[2])
    fits = part and words[:2] == ["and", "a"] and words[3] != "of"
    return (part, at + 3) if part and fits else (0.0, at)


def _scale(tokens: Tokens, at: int, money: bool) -> tuple[float, int]:
    """The magnitude after digits and the index after it."""
    token = tokens[at]
    if tokens.is_hyphen(at) and tokens[at + 1].lower in SCALES:
        return SCALES[tokens[at + 1].lower], at + 2
    word = token.lower
    if word in SCALES:
        again = tokens[at + 1].lower
        if word in ("hundred", "thousand", "million") and again in ("thousand", "million"):
            return SCALES[word] * SCALES[again], at + 2
        return SCALES[word], at + 1
    touches = tokens[at - 1].joins
    counts = money or (touches and _is_before_plural(tokens, at))
    if token.text == "K" and not counts:  # A "4K display".
        return 1.0, at
    if word in _SHORT and (touches or word in _SPACED_SHORT):
        return _SHORT[word], at + 1
    if word == "cr" and money:
        return SCALES["crore"], at + 1
    if word in _LETTER and counts and (touches or word == "m"):
        return _LETTER[word], at + 1
    return 1.0, at


def _is_before_plural(tokens: Tokens, at: int) -> bool:
    word = tokens[at + 1].lower
    return word == "people" or (word.endswith("s") and len(word) > 3)


def _in_words(tokens: Tokens, at: int) -> Number | None:
    """ "a hundred", "two dozen", "one hundred and twenty-one thousand"."""
    start, total, group, last, scale = at, 0.0, 0.0, "", 1.0
    if tokens[at].lower in ("a", "an") and tokens[at + 1].lower in SCALES:
        group, last, at = 1.0, "small", at + 1
    elif tokens[at].lower == "a" and tokens[at + 1].lower == "couple":
        return _couple(tokens, at)
    while True:
        word = tokens[at].lower
        if word in SMALL and last in ("", "tens", "hundred", "scale"):
            if last == "tens" and not 0 < SMALL[word] < 10:
                break
            group, last = group + SMALL[word], "small"
        elif word in TENS and last in ("", "hundred", "scale"):
            group, last = group + TENS[word], "tens"
        elif word in SCALES and last in ("small", "tens", "hundred", "part"):
            scale = SCALES[word]
            if word in ("hundred", "dozen") and last != "hundred":
                group, last = group * scale, "hundred"
            elif word not in ("hundred", "dozen") and (total == 0 or group * scale < total):
                total, group, last = total + group * scale, 0.0, "scale"
            else:
                break
        else:
            break
        at += 1
        at, part = _joint(tokens, at, last)
        if part:
            group, last = group + part, "part"
    if not last or at == start:
        return None
    value = total + group
    step = 0.5 * scale if not value.is_integer() else step_of(value, 0, 1.0)
    step = 12.0 if scale == SCALES["dozen"] else step
    return Number(start, at, value, value, step, False, True, scale=scale)


def _joint(tokens: Tokens, at: int, last: str) -> tuple[int, float]:
    """The index after "-" or "and" inside of a number, and the part that "and a half" adds."""
    after = tokens[at + 1].lower
    if tokens.is_hyphen(at):
        fits = after in SMALL if last == "tens" else after in SCALES
        return (at + 1 if fits else at), 0.0
    if tokens[at].lower != "and":
        return at, 0.0
    if after == "a" and last in ("small", "tens"):
        part, end = _part(tokens, at)
        return end, part
    return (at + 1 if last in ("hundred", "scale") and after in SMALL | TENS else at), 0.0


def _couple(tokens: Tokens, at: int) -> Number | None:
    """ "a couple of hours", "a couple hundred"; not "a couple", who are married."""
    end, scale = at + 2, 1.0
    if tokens[end].lower == "of":
        end += 1
    elif tokens[end].lower not in SCALES:
        return None
    if tokens[end].lower in SCALES:
        scale, end = SCALES[tokens[end].lower], end + 1
    return Number(at, end, 2 * scale, 2 * scale, scale, False, True, vague=True, scale=scale)


def _vague(tokens: Tokens, at: int) -> Number | None:
    """ "dozens", "tens of thousands", "several hundred", "a few thousand"."""
    start, word = at, tokens[at].lower
    if word == "a" and tokens[at + 1].lower == "few":
        at += 1
        word = "few"
    if word in _MANY and tokens[at + 1].lower in SCALES:
        low, high = _VAGUE[f"{tokens[at + 1].lower}s"]
        return Number(start, at + 2, low, high, low, False, True, vague=True, scale=low)
    if start != at:
        return None
    scale, end = 1.0, at + 1
    if (
        tokens[at + 1].lower == "of"
        and tokens[at + 2].lower in _VAGUE
        and word in ("tens", *_VAGUE)
    ):
        low, high = _VAGUE[tokens[at + 2].lower]
        times = {"tens": 10.0, "hundreds": 100.0, "thousands": 1000.0, "dozens": 12.0}.get(
            word, 1.0
        )
        low, high, scale, end = low * times, (high + 1) * times - 1, low * times, at + 3
    elif word in _VAGUE and (word != "scores" or tokens[at + 1].lower == "of"):
        low, high = _VAGUE[word]
    else:
        return None
    return Number(start, end, low, high, low, False, True, vague=True, scale=scale)
