"""What questions and changes cost as an index grows from thousands of passages to a million.

`growth` retells real articles until there are enough, `steps` are what a fresh process does with
an index of one size, `measuring` runs them for every size, `telling` makes JSON and tables.
"""
