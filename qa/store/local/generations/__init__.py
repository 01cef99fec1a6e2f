"""The files of an index folder: immutable generations, and the protocol that commits one.

`folder` has the protocol; every operation on a file goes through `disk`.
"""
