"""nkqa beside its peers: the same articles, questions, model and machine, each set up as its own
documentation advises, in an environment of its own.

`participants` says who takes part, `environments` installs them, `driver` runs one of the `*_peer`
files inside its environment, `measuring` asks them all in turn, `telling` makes JSON and a table.
"""
