"""One module per file format, each a function from a file's content to documents.
A new format is a new module here and a line in `loading.extensions`."""
