"""`nkqa check FILE`: a text of one's own against the index."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from embeddings.errors import InputError
from qa.cli.streams import put
from qa.cli.terminal import results

if TYPE_CHECKING:
    from qa.index import Index


def check_draft(index: "Index", path: Path, as_json: bool) -> None:
    """Print what became of the sentences and quotations of the text.

    Exits with the status of bad input where something is contradicted, a quotation does not stand
    or a cited id is unknown; raises `InputError` for what is no text.
    """
    from qa.loading import NotLoaded, read_text
    from qa.output.drafts import show_draft
    from qa.output.serial import to_json

    try:
        text = read_text(path)
    except NotLoaded as error:
        raise InputError(
            f"{path} cannot be checked: {error}. Expected a file of Markdown or plain text."
        ) from None
    if not text.strip():
        raise InputError(f"{path} is empty; expected Markdown or plain text to check.")
    told = index.check_draft(text)
    with results() as out:
        if as_json:
            put(to_json("draft", told))
        else:
            show_draft(told, text, out)
    if not told.stands:
        raise typer.Exit(InputError.exit_status)
