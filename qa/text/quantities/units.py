"""Units, by the words and signs that name them after a number."""

from typing import NamedTuple

from qa.text.quantities.currencies import CODES, MONEY
from qa.text.quantities.tokens import Token, Tokens

PERCENT = "percent"
YEAR = "year"
TIMES = frozenset("second minute hour day night week month year decade century".split())

# The words for a unit, in the singular; a word in `_ABBREVIATED` has no plural of its own.
_UNITS = {
    PERCENT: "%|percent|per cent|pct|pc",
    "percentage point": "percentage point|percent point|pp",
    "basis point": "basis point|bps",
    "second": "second|sec",
    "minute": "minute|min|mins",
    "hour": "hour|hr|hrs",
    "day": "day",
    "week": "week",
    "month": "month",
    YEAR: "year|yr|yrs",
    "decade": "decade",
    "century": "century|centuries",
    "millisecond": "millisecond|ms",
    "night": "night",
    "mm": "mm|millimeter|millimetre",
    "cm": "cm|centimeter|centimetre",
    "m": "m|meter|metre",
    "km": "km|kilometer|kilometre",
    "inch": "inch|inches|in",
    "foot": "foot|feet|ft",
    "yard": "yard|yd",
    "mile": "mile|mi",
    "nautical mile": "nautical mile",
    "light year": "light year",
    "square m": "square meter|square metre|sq m",
    "square km": "square kilometer|square kilometre|sq km",
    "square foot": "square foot|square feet|sq ft",
    "square mile": "square mile|sq mi",
    "acre": "acre",
    "hectare": "hectare|ha",
    "cubic m": "cubic meter|cubic metre",
    "cubic foot": "cubic foot|cubic feet",
    "mg": "mg|milligram",
    "g": "g|gram|gramme",
    "kg": "kg|kilogram|kilo|kilogramme",
    "pound": "pound|lb|lbs",
    "ounce": "ounce|oz",
    "ton": "ton",
    "tonne": "tonne|metric ton",
    "litre": "liter|litre",
    "ml": "ml|milliliter|millilitre",
    "gallon": "gallon",
    "fluid ounce": "fluid ounce|fl oz",
    "barrel": "barrel",
    "degree": "degree|°",
    "degree celsius": "degree celsius|degree c|degree centigrade|celsius|°c|c",
    "degree fahrenheit": "degree fahrenheit|degree f|fahrenheit|°f|f",
    "mph": "mph|mile per hour|mile an hour",
    "knot": "knot",
    "watt": "watt|w",
    "kilowatt": "kw|kilowatt",
    "megawatt": "mw|megawatt",
    "gigawatt": "gw|gigawatt",
    "kilowatt hour": "kwh|kilowatt hour",
    "volt": "volt",
    "hertz": "hz|hertz",
    "mhz": "mhz|megahertz",
    "ghz": "ghz|gigahertz",
    "kilobyte": "kb|kilobyte",
    "megabyte": "mb|megabyte",
    "gigabyte": "gb|gigabyte",
    "terabyte": "tb|terabyte",
    "calorie": "calorie",
    "kiloton": "kiloton",
    "megaton": "megaton",
    "horsepower": "horsepower|hp|bhp",
    "ppi": "ppi",
    "dpi": "dpi",
    "rpm": "rpm",
    "ppm": "ppm",
    "psi": "psi",
    "amp": "amp",
    "nit": "nit",
    "lumen": "lumen",
    "decibel": "decibel|db",
    "time": "times",
    "km/h": "kph|kmh|km/h|km per hour|kilometer per hour|kilometre per hour"
    "|kilometer an hour|kilometre an hour",
}
_ABBREVIATED = frozenset(
    """pc pp sec min hr yr ms mm cm m km mi ft yd ha mg g kg lb oz ml c f kw mw gw kwh hz mhz ghz
    kb mb gb tb db hp lbs hrs yrs mins w bhp ppi dpi rpm ppm psi in""".split()
)


def _plural(name: str) -> str:
    """ "degree celsius" is "degrees celsius", "mile per hour" is "miles per hour"."""
    words = name.split()
    many = 0 if words[0] == "degree" or "per" in words or "an" in words else -1
    words[many] += "s"
    return " ".join(words)


_NAMES = {
    name: unit
    for unit, names in (MONEY | _UNITS).items()
    for one in names.split("|")
    for name in ((one,) if one in _ABBREVIATED else (one, _plural(one)))
}
_LONGEST = 3
_CENTS = {"cent": "USD", "cents": "USD", "pence": "GBP"}
_AGES = frozenset(("old", "olds"))
# "two more years", "three straight days".
_BETWEEN = frozenset(
    """more full additional whole further extra straight consecutive long short total passing
    rushing receiving""".split()
)


class Unit(NamedTuple):
    name: str
    end: int
    factor: float = 1.0


def unit_after(tokens: Tokens, at: int, value: float, *, spelled: bool) -> Unit | None:
    """The unit whose first token is at this index; `value` is the number before it."""
    touches = tokens[at - 1].joins  # Also over a hyphen.
    hyphen = tokens.is_hyphen(at)
    at += hyphen
    skipped = not hyphen and tokens[at].lower in _BETWEEN and tokens[at + 1].is_word
    words, places = _words(tokens, at + skipped)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        end = places[count - 1] + 1
        unit = _NAMES.get(name)
        if unit is None or (spelled and name in _ABBREVIATED):
            continue
        if not _fits(name, value, tokens[places[0]], tokens[end], touches=touches):
            continue
        return Unit(unit, _age_end(tokens, end) if unit in TIMES else end)
    if words and words[0] in _CENTS:
        return Unit(_CENTS[words[0]], places[0] + 1, 0.01)
    if tokens[at].text in CODES:
        return Unit(tokens[at].text, at + 1)
    return None


def _fits(name: str, value: float, word: Token, after: Token, *, touches: bool) -> bool:
    """Whether a word that has other meanings is a unit here; `after` is the token after it."""
    if name in _ABBREVIATED and after.is_number and after.joined:  # "5 m3".
        return False
    if word.text.istitle() and len(name) > 1 and after.text.istitle():  # "46 Miles Sanders".
        return False
    match name:
        case "in":  # "0.1 in)", not "5 in Paris".
            return after.text in (")", ",", ";")
        case "m" | "g":  # "3M" is a company.
            return word.text == name
        case "c" | "f":
            return word.text.isupper() and touches
        case "w":
            return word.text.isupper()
        case "second":  # "Two second chances", but "a 30-second clip" and "one second".
            return value == 1 or touches
        case "won":  # "12 won medals".
            return value >= 1000
    return True


def _words(tokens: Tokens, at: int) -> tuple[list[str], list[int]]:
    """The next words and signs, over single hyphens, as far as a unit can reach."""
    words: list[str] = []
    places: list[int] = []
    while len(words) < _LONGEST:
        token = tokens[at]
        if token.text == "°":
            joins = token.joins and tokens[at + 1].lower in ("c", "f")
            words.append(token.text + (tokens[at + 1].lower if joins else ""))
            at += joins
        elif token.is_word or token.text == "%":
            words.append(token.lower)
        elif words == ["km"] and token.text == "/" and tokens[at + 1].lower == "h":
            return ["km/h"], [at + 1]
        elif words and tokens.is_hyphen(at):
            at += 1
            continue
        else:
            break
        places.append(at)
        at += 1
    return words, places


def _age_end(tokens: Tokens, at: int) -> int:
    """The index after "old", "-old", "of age"."""
    hyphen = tokens.is_hyphen(at)
    if tokens[at + hyphen].lower in _AGES:
        return at + hyphen + 1
    return at + 2 if tokens[at].lower == "of" and tokens[at + 1].lower == "age" else at
