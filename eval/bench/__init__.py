"""How fast and how large, measured: one command per benchmark, see `__main__`."""
