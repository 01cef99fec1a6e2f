"""Units and currencies, by the words and signs that name them."""

from typing import NamedTuple

from qa.text.quantities.tokens import Tokens

PERCENT = "percent"
YEAR = "year"

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB",
            "₪": "ILS", "₴": "UAH", "₺": "TRY", "₦": "NGN", "₱": "PHP", "฿": "THB", "₫": "VND"}  # fmt: skip
# "A$5", "HK$5".
_DOLLARS = {"us": "USD", "u.s.": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "can": "CAD",
            "hk": "HKD", "nz": "NZD", "s": "SGD", "r": "BRL", "nt": "TWD", "mx": "MXN"}  # fmt: skip
CODES = frozenset(
    """USD EUR GBP JPY KRW INR RUB ILS UAH TRY NGN PHP THB VND AUD CAD HKD NZD SGD BRL TWD MXN CNY CHF
    SEK NOK DKK PLN CZK HUF ZAR SAR AED EGP IDR MYR PKR BDT ARS CLP COP""".split()
)
_MONEY = {
    "USD": "dollar|us dollar|u.s. dollar|american dollar",
    "AUD": "australian dollar", "CAD": "canadian dollar", "HKD": "hong kong dollar",
    "NZD": "new zealand dollar", "SGD": "singapore dollar",
    "EUR": "euro", "JPY": "yen|japanese yen", "CNY": "yuan|renminbi|rmb|chinese yuan",
    "KRW": "won|south korean won|korean won", "INR": "rupee|indian rupee",
    "GBP": "pound sterling|british pound|quid", "RUB": "ruble|rouble|russian ruble|russian rouble",
    "CHF": "swiss franc", "ILS": "shekel", "UAH": "hryvnia", "TRY": "lira|turkish lira",
    "NGN": "naira", "ZAR": "rand", "AED": "dirham", "SAR": "riyal", "BRL": "reais|brazilian real",
    "MXN": "mexican peso", "THB": "baht", "VND": "dong", "PLN": "zloty", "IDR": "rupiah",
    "BTC": "bitcoin",
}  # fmt: skip
_UNITS = {
    PERCENT: "%|percent|per cent|pct|pc",
    "percentage point": "percentage point|percent point|pp", "basis point": "basis point|bps",
    "second": "second|sec", "minute": "minute|min|mins", "hour": "hour|hr|hrs", "day": "day", "week": "week",
    "month": "month", YEAR: "year|yr|yrs", "decade": "decade", "century": "century|centuries",
    "millisecond": "millisecond|ms", "night": "night",
    "mm": "mm|millimeter|millimetre", "cm": "cm|centimeter|centimetre", "m": "m|meter|metre",
    "km": "km|kilometer|kilometre", "inch": "inch|inches|in", "foot": "foot|feet|ft", "yard": "yard|yd",
    "mile": "mile|mi", "nautical mile": "nautical mile", "light year": "light year",
    "square m": "square meter|square metre|sq m", "square km": "square kilometer|square kilometre|sq km",
    "square foot": "square foot|square feet|sq ft", "square mile": "square mile|sq mi",
    "acre": "acre", "hectare": "hectare|ha", "cubic m": "cubic meter|cubic metre",
    "cubic foot": "cubic foot|cubic feet",
    "mg": "mg|milligram", "g": "g|gram|gramme", "kg": "kg|kilogram|kilo|kilogramme",
    "pound": "pound|lb|lbs", "ounce": "ounce|oz", "ton": "ton", "tonne": "tonne|metric ton",
    "litre": "liter|litre", "ml": "ml|milliliter|millilitre", "gallon": "gallon", "barrel": "barrel",
    "degree": "degree|°",
    "degree celsius": "degree celsius|degree c|degree centigrade|celsius|°c|c",
    "degree fahrenheit": "degree fahrenheit|degree f|fahrenheit|°f|f",
    "km/h": "kph|kmh|km/h|kilometer per hour|kilometre per hour|kilometer an hour|kilometre an hour|km per hour",
    "mph": "mph|mile per hour|mile an hour", "knot": "knot",
    "watt": "watt|w", "kilowatt": "kw|kilowatt", "megawatt": "mw|megawatt", "gigawatt": "gw|gigawatt",
    "kilowatt hour": "kwh|kilowatt hour", "volt": "volt", "hertz": "hz|hertz", "mhz": "mhz|megahertz",
    "ghz": "ghz|gigahertz", "kilobyte": "kb|kilobyte", "megabyte": "mb|megabyte",
    "gigabyte": "gb|gigabyte", "terabyte": "tb|terabyte", "calorie": "calorie", "kiloton": "kiloton",
    "megaton": "megaton", "horsepower": "horsepower|hp|bhp", "ppi": "ppi", "dpi": "dpi", "rpm": "rpm",
    "ppm": "ppm", "psi": "psi", "volt": "volt", "amp": "amp", "nit": "nit", "lumen": "lumen", "decibel": "decibel|db", "time": "times",
}  # fmt: skip
_ABBREVIATED = frozenset(
    """pc pp sec min hr yr ms mm cm m km mi ft yd ha mg g kg lb oz ml c f kw mw gw kwh hz mhz ghz kb mb
    gb tb db hp lbs hrs yrs mins w bhp ppi dpi rpm ppm psi in""".split()
)


def _plural(name: str) -> str:
    """ "degree celsius" is "degrees celsius", "mile per hour" is "miles per hour"."""
    words = name.split()
    many = 0 if words[0] == "degree" or "per" in words or "an" in words else -1
    words[many] += "s"
    return " ".join(words)


_NAMES = {
    name: unit
    for unit, names in (_MONEY | _UNITS).items()
    for one in names.split("|")
    for name in ((one,) if one in _ABBREVIATED else (one, _plural(one)))
}
_LONGEST = 3
_CENTS = {"cent": "USD", "cents": "USD", "pence": "GBP"}
_AGES = frozenset(("old", "olds"))
# "two more years", "three straight days".
_BETWEEN = frozenset(
    "more full additional whole further extra straight consecutive long short total passing rushing receiving".split()
)
# Abbreviations that are words or names as well: only against the digits ("5m", "20C").
_TOUCHING = frozenset("c f".split())


class Unit(NamedTuple):
    name: str
    end: int
    factor: float = 1.0


def currency_before(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The currency whose sign or code starts at this index, and the index of its number."""
    token, after = tokens[at], tokens[at + 1]
    if token.text in _SYMBOLS:
        return (_SYMBOLS[token.text], at + 1) if after.is_number else None
    if after.text == "$" and token.joins and token.lower in _DOLLARS and tokens[at + 2].is_number:
        return _DOLLARS[token.lower], at + 2
    if token.text in CODES and after.is_number:
        return token.text, at + 1
    return ("INR", at + 1) if token.text == "Rs" and after.is_number else None


def unit_after(tokens: Tokens, at: int, value: float, *, spelled: bool) -> Unit | None:
    """The unit whose first token is at this index; `value` is the number before it."""
    touches = tokens[at - 1].joins
    hyphen = tokens[at].text in "-‐‑" and tokens[at].joined and tokens[at].joins
    at += hyphen
    skipped = not hyphen and tokens[at].lower in _BETWEEN and tokens[at + 1].is_word
    words, places = _words(tokens, at + skipped)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        end = places[count - 1] + 1
        unit = _NAMES.get(name)
        if unit is None or not _fits(name, unit, value, tokens, at, touches or hyphen, spelled):
            continue
        return Unit(unit, _age_end(tokens, end) if unit in (YEAR, "month", "week", "day") else end)
    if words and words[0] in _CENTS:
        return Unit(_CENTS[words[0]], places[0] + 1, 0.01)
    if tokens[at].text in CODES:
        return Unit(tokens[at].text, at + 1)
    return None


def _fits(
    name: str, unit: str, value: float, tokens: Tokens, at: int, touches: bool, spelled: bool
) -> bool:
    if name in _ABBREVIATED and (spelled or name in _TOUCHING and not touches):
        return False
    if name == "in":  # "0.1 in)", not "5 in Paris".
        return tokens[at + 1].text in (")", ",", ";")
    if name in ("m", "g") and tokens[at].text != name:  # "3M" is a company.
        return False
    if name in ("f", "c", "w"):
        return tokens[at].text.isupper()
    if name in ("second", "seconds") and tokens[at].lower == "second":
        # "two second chances", but "a 30-second clip" and "one second".
        return value == 1 or tokens[at].joined
    if unit == "KRW":  # "12 won medals".
        return value >= 1000 or name != "won"
    return name != "quid" or value > 0


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
        elif token.text in ("-", "/") and words and token.joined and token.joins:
            if token.text == "/" and words == ["km"] and tokens[at + 1].lower == "h":
                return ["km/h"], [at + 1]
            if token.text == "/":
                break
            at += 1
            continue
        else:
            break
        places.append(at)
        at += 1
    return words, places


def _age_end(tokens: Tokens, at: int) -> int:
    """The index after "old", "-old", "of age"."""
    hyphen = tokens[at].text in "-‐‑" and tokens[at].joined
    if tokens[at + hyphen].lower in _AGES:
        return at + hyphen + 1
    return at + 2 if tokens[at].lower == "of" and tokens[at + 1].lower == "age" else at


_BASES = {
    "s": {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0,
          "week": 604800.0},
    "month": {"month": 1.0, YEAR: 12.0, "decade": 120.0, "century": 1200.0},
    "m": {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "inch": 0.0254, "foot": 0.3048,
          "yard": 0.9144, "mile": 1609.344, "nautical mile": 1852.0},
    "square m": {"square m": 1.0, "square km": 1e6, "square foot": 0.09290304,
                 "square mile": 2589988.110336, "acre": 4046.8564224, "hectare": 1e4},
    "kg": {"mg": 1e-6, "g": 0.001, "kg": 1.0, "tonne": 1000.0, "pound": 0.45359237,
           "ounce": 0.028349523125},
    "percentage point": {"percentage point": 1.0, "basis point": 0.01},
    "watt": {"watt": 1.0, "kilowatt": 1e3, "megawatt": 1e6, "gigawatt": 1e9},
    "km/h": {"km/h": 1.0, "mph": 1.609344, "knot": 1.852},
    "byte": {"kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12},
}  # fmt: skip
_BASE = {unit: (base, factor) for base, units in _BASES.items() for unit, factor in units.items()}


def base_unit(unit: str | None) -> tuple[str | None, float]:
    """The unit that units of this kind convert to, and the factor; the unit itself if there is none.

    Days do not convert to months, nor tons, which are of several sizes.
    """
    return _BASE.get(unit or "", (unit, 1.0))
