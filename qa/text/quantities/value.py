"""What a text says of a quantity."""

from dataclasses import dataclass
from typing import Literal

Bound = Literal["least", "most"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a text states, with what the text says of its exactness.

    start, end   offsets in the text: the number with its magnitude, currency and unit.
    low, high    the value without magnitude words: "1.2 million" is 1,200,000. They are equal
                 unless the text gives a range ("10 to 15") or a vague number: "dozens" is 24 to 99,
                 "thousands" 1,000 to 9,999, "tens of thousands" 10,000 to 99,999.
    unit         "percent", "km", "year", ...; a currency is its ISO code; None for a count. A share
                 is a percentage ("half" is 50, "one in five" 20), an age has the unit "year".
    noun         what is counted, in lower case and singular; None unless the text is plain.
    approximate  "about", "some", "nearly", "estimated", "-odd", "dozens", "two or three".
    bound        "at least", "more than" are "least"; "up to", "fewer than" are "most".
    precision    half of the unit of the last significant digit, in the unit of `low`: 50,000 for
                 "1.2 million", 5,000 for "30,000", 0.5 for "32". Zeros at the end of a whole number
                 from 100 up are not significant; below 100 they are. A share in words is as precise
                 as a twentieth of it: 2.5 percent for "half".
    """

    start: int
    end: int
    low: float
    high: float
    unit: str | None
    noun: str | None
    approximate: bool
    bound: Bound | None
    precision: float
