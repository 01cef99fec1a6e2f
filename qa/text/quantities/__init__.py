"""Quantities in English news text: reading and comparing them; whether a question asks for one.

expected.py     whether a question asks for a quantity, and whether a sentence has one
value.py        Quantity
comparison.py   compatible(a, b)
reading.py      quantities(text), from the parts below
tokens.py       words, numbers and signs
names.py        the numbers that name something by their form: days, times, laws, addresses
measures.py     a number with its unit; ranges
numbers.py      a number in digits or words
fractions.py    shares and parts: half, two thirds, one in five
units.py        units, and currencies in currencies.py
nouns.py        what is counted
cues.py         about, at least, up to
counting.py     whether the number counts or measures, or is part of a name, a year, a result
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
