"""Where documents, passages, vectors and terms are kept, and read one committed state at a time.
`seam` is all that the rest knows of a store; `local` is the store in a folder."""
