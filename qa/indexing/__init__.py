"""The write path: files on disk become documents, passages and vectors in a store.
`build` is the entry; everything it changes becomes visible in one commit."""
