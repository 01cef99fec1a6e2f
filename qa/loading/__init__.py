"""Load folders of articles into documents and problems.

In reading order: `files` (finds the files), `loader` (one entry point for all formats), `formats/`
(one module per format), `scraped/` (cleans scraped web pages). HTML and PDF are parsed in
`parser/`, a child process with limits.
"""

from qa.loading.article import NotLoaded
from qa.loading.drafts import read_text
from qa.loading.files import SourceFile, find_files
from qa.loading.limits import Limits
from qa.loading.loader import Loader
from qa.loading.reading import hash_file

__all__ = ["Limits", "Loader", "NotLoaded", "SourceFile", "find_files", "hash_file", "read_text"]
