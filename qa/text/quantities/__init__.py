"""Quantities in English news text: reading them, comparing them, and whether a question asks for one.

expected.py    whether a question asks for a quantity, whether a sentence has one
value.py       Quantity
reading.py     quantities(text), from the parts below
tokens.py      words, numbers and signs, without the numbers that name something
names.py       the numbers that name something: days, times, laws, addresses, scores
numbers.py     a number: digits, words, magnitudes, ranges
fractions.py   a share: half, two thirds, one in five
units.py       units and currencies
nouns.py       what is counted
cues.py        about, at least, up to
comparison.py  compatible(a, b)
"""

from qa.text.quantities.comparison import Comparison, compatible
from qa.text.quantities.expected import WITHOUT_QUANTITY, asks_quantity, has_quantity
from qa.text.quantities.reading import quantities
from qa.text.quantities.value import Quantity

__all__ = [
    "WITHOUT_QUANTITY",
    "Comparison",
    "Quantity",
    "asks_quantity",
    "compatible",
    "has_quantity",
    "quantities",
]
