"""Whether two quantities can both be true of the same thing."""

from typing import Literal

from qa.text.quantities.units import base_unit
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


def compatible(a: Quantity, b: Quantity) -> Comparison:
    """How the values of two quantities relate, taking the same thing to be meant.

    Units of the same kind are converted (90 minutes, 1.5 hours); currencies are not. A count without
    a known noun compares with any count. Symmetric.
    """
    (unit_a, factor_a), (unit_b, factor_b) = base_unit(a.unit), base_unit(b.unit)
    if unit_a != unit_b or a.noun and b.noun and a.noun != b.noun:
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
