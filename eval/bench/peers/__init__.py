"""nkqa compared with similar systems on the same articles, questions, model and machine. Each is
set up as its own documentation advises, in an environment of its own.

`participants` lists the systems, `environments` installs them, `driver` runs one of the `*_peer`
files inside its environment, `measuring` asks them all in turn, `telling` makes JSON and a table.
"""
