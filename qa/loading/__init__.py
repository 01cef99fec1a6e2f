"""Loading: folders of articles in, Documents and Problems out.

In reading order: `files` (which files), `loader` (one verb for all formats), then one file per
format: `plain` (with `boilerplate`, `lines`, `dates`), `markdown`, `jsonl`, `html`, `pdf`. The
last two run in the process of `worker`, which `parser_process` starts and watches.
"""

from qa.loading.article import NotLoaded
from qa.loading.files import SourceFile, find_files
from qa.loading.limits import Limits
from qa.loading.loader import Loader
from qa.loading.reading import hash_file

__all__ = ["Limits", "Loader", "NotLoaded", "SourceFile", "find_files", "hash_file"]
