"""The heads of texts that are no web pages: labelled lines, database exports, messages.

In reading order: `several` (where one article ends and the next begins), `head` (what a head
states), `labelled` (lines `Label: value`), `exports` (Nexis, Factiva, ProQuest), `mail`.
"""

from qa.loading.heads.head import Head, Piece, read_head
from qa.loading.heads.several import pieces

__all__ = ["Head", "Piece", "pieces", "read_head"]
