"""File extensions per format, matched case-insensitively."""

TEXT = (".txt",)
MARKDOWN = (".md", ".markdown")
WEB = (".html", ".htm")
PDF = (".pdf",)
JSONL = (".jsonl",)

EXTENSIONS = frozenset((*TEXT, *MARKDOWN, *WEB, *PDF, *JSONL))
IN_WORDS = ".txt .md .markdown .html .htm .pdf .jsonl"
