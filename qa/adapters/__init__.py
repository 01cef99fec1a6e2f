"""Retrievers for other frameworks, one file per framework.

Each retriever calls `Index.ask` and returns its citations: the quote as text, everything else as
metadata. Each needs the extra of the same name; importing its module without it raises
`MissingExtra`.
"""
