"""One module per file format, each a function from a file's content to documents.

A new format is a module here, its extensions in `loading.extensions`, and a line in
`loading.loader`; one that is parsed in the child process has a line in `loading.parser.worker` too.
"""
