"""Storage of documents, passages, vectors and terms, read one committed state at a time.
Other packages use a store only through `seam`; `local` is the store in a folder."""
