"""Folders of articles in, documents and problems out.

In reading order: `files` (which files there are), `loader` (one verb for all formats), `formats/`
(a module for each), `scraped/` (what remains of a web page). HTML and PDF are parsed in `parser/`,
a child process with limits.
"""

from qa.loading.article import NotLoaded
from qa.loading.files import SourceFile, find_files
from qa.loading.limits import Limits
from qa.loading.loader import Loader
from qa.loading.reading import hash_file

__all__ = ["Limits", "Loader", "NotLoaded", "SourceFile", "find_files", "hash_file"]
