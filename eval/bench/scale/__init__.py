"""The cost of questions and changes as an index grows from a thousand passages to a million.

`growth` generates enough articles from real ones, `steps` has the work of a fresh process on an
index of one size, `measuring` runs these steps for every size, `telling` makes JSON and tables.
"""
