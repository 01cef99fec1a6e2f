"""Benchmarks of speed, memory and size: one command each, see `__main__`."""
