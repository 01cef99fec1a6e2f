"""The store in a folder: an SQLite record, FAISS vectors and tantivy terms, in generations.
Only this folder knows row numbers, masks and packed codes."""
