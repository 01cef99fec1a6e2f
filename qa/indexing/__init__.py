"""The write path: load files and store them as documents, passages and vectors.
`build` is the entry point; all changes become visible in a single commit."""
