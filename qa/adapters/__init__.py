"""nkqa as a retriever of other frameworks: one file each, in that framework's own terms.

Each retriever asks an index as `Index.ask` does and hands on its citations: the quote as text, all
else as metadata. Install the extra of the same name; a missing one raises `MissingExtra`.
"""
