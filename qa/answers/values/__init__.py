"""What the articles give for a figure that is asked for: each value, who says it and since when.

`values` is the entry. `statements` finds the places where articles give the figure, and `relations`
says which of them give one value and how the values relate.
"""
