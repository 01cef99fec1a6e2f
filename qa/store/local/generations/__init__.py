"""The files of an index folder: immutable generations, and the protocol that commits one.

`folder` implements the protocol; every file operation goes through `disk`.
"""
