"""One module per file format, each with a function that parses file content into articles.

A new format needs a module here, its extensions in `loading.extensions`, and a line in
`loading.loader`; if it is parsed in the child process, also a line in `loading.parser.worker`.
"""
