"""Whether two quantities can both be true of the same thing."""

from typing import Literal

from qa.text.quantities.value import Quantity

# same            the same value
# rounded         one is the other rounded, or near to it and one is approximate
# allowed         a bound or a range of one allows the other: "more than 40" and "137"
# differ          not both
# not comparable  the units, or what is counted, differ
Comparison = Literal["same", "rounded", "allowed", "differ", "not comparable"]

# "10,000" is 14,000 rounded to a digit, but nobody writes it so: a rounded number is at most so far
# from the other one, as a share of it.
_ROUNDED = 0.05
# Floats that came from different units.
_EQUAL = 1e-9
# Days do not convert to months, nor tons, which are of several sizes.
_BASES = {
    "s": {
        "millisecond": 0.001,
        "second": 1.0,
        "minute": 60.0,
        "hour": 3600.0,
        "day": 86400.0,
        "week": 604800.0,
    },
    "month": {"month": 1.0, "year": 12.0, "decade": 120.0, "century": 1200.0},
    "m": {
        "mm": 0.001,
        "cm": 0.01,
        "m": 1.0,
        "km": 1000.0,
        "inch": 0.0254,
        "foot": 0.3048,
        "yard": 0.9144,
        "mile": 1609.344,
        "nautical mile": 1852.0,
    },
    "square m": {
        "square m": 1.0,
        "square km": 1e6,
        "square foot": 0.09290304,
        "square mile": 2589988.110336,
        "acre": 4046.8564224,
        "hectare": 1e4,
    },
    "kg": {
        "mg": 1e-6,
        "g": 0.001,
        "kg": 1.0,
        "tonne": 1000.0,
        "pound": 0.45359237,
        "ounce": 0.028349523125,
    },
    "percentage point": {"percentage point": 1.0, "basis point": 0.01},
    "watt": {"watt": 1.0, "kilowatt": 1e3, "megawatt": 1e6, "gigawatt": 1e9},
    "km/h": {"km/h": 1.0, "mph": 1.609344, "knot": 1.852},
    "byte": {"kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12},
}
_BASE = {unit: (base, factor) for base, units in _BASES.items() for unit, factor in units.items()}


def compatible(a: Quantity, b: Quantity) -> Comparison:
    """How the values of two quantities relate, taking the same thing to be meant.

    Units of the same kind are converted (90 minutes, 1.5 hours); currencies are not. A count
    without a known noun compares with any count. Symmetric.
    """
    (unit_a, factor_a), (unit_b, factor_b) = _base_unit(a.unit), _base_unit(b.unit)
    if unit_a != unit_b or (a.noun and b.noun and a.noun != b.noun):
        return "not comparable"
    low_a, high_a = a.low * factor_a, a.high * factor_a
    low_b, high_b = b.low * factor_b, b.high * factor_b
    largest = max(abs(low_a), abs(high_a), abs(low_b), abs(high_b))
    apart = max(abs(low_a - low_b), abs(high_a - high_b))
    if apart <= _EQUAL * largest:
        return "same"
    tolerance = min(max(a.precision * factor_a, b.precision * factor_b), _ROUNDED * largest)
    if a.approximate or b.approximate:
        tolerance = _ROUNDED * largest
    if apart <= tolerance * (1 + _EQUAL):
        return "rounded"
    infinity = float("inf")
    least = max(
        -infinity if a.bound == "most" else low_a, -infinity if b.bound == "most" else low_b
    )
    most = min(
        infinity if a.bound == "least" else high_a, infinity if b.bound == "least" else high_b
    )
    return "allowed" if least <= most else "differ"


def _base_unit(unit: str | None) -> tuple[str | None, float]:
    """The unit that units of this kind convert to, and the factor; the unit itself if none."""
    return _BASE.get(unit or "", (unit, 1.0))
