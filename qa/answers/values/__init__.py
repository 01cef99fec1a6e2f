"""What the articles give for a figure that is asked for: each value with who says it and since when.

`statements` finds the places, `relations` says which of them are one value and how the rest relate.
"""
