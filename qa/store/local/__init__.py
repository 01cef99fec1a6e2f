"""The store in a folder: an SQLite record, FAISS vectors and tantivy terms, in generations.
Row numbers, row masks and quantised vectors are used only inside this folder."""
