"""A small model that reads passages for a question: the best span, and whether it answers.

`reader` is the seam: what a reader is asked, and what it returns. `pieces` are questions and
windows as word pieces with their places in the text, `windows` the part of an article that is read,
`spans` the best span of a window's scores, `weights` the file that a training exports, `plain` the
reader in numpy, `runtime` the same one compiled, `scripted` a reader without a model. `judge` makes
of a question's windows a verdict, with the probabilities of `confidence`; `shipped` loads both.
docs/reader.md has the data and the limits.
"""
