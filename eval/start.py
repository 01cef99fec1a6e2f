"""Start a gold file for the user's own articles."""

import json
from pathlib import Path

from embeddings.errors import InputError
from eval.datasets import Progress
from qa import build_index, index_status, open_index

_EXAMPLES = 3
_SHORTEST = 40


def start_gold(
    folder: Path, output: Path, index: Path | None = None, progress: Progress | None = None
) -> str:
    """Writes example questions about the articles of `folder`; returns instructions for the user.

    Each example is a line of the format with a real article and one of its sentences as evidence;
    the user replaces the question. If there is no index at `index` (by default `.nkqa` in
    `folder`), the articles are indexed first. Raises `InputError` if `output` exists or cannot be
    written, and as `build_index` does.
    """
    if output.exists():
        raise InputError(f"{output} exists and is not overwritten. Choose another with --output.")
    path = index or folder / ".nkqa"
    if not (path / "CURRENT").exists():
        build_index([folder], path, progress=progress)
    with open_index(path) as opened:
        found: dict[str, str] = {}
        for hit in opened.search("Who did what, when and where?"):
            doc_id, _, place = hit.passage_id.rpartition("#")
            if doc_id not in found and len(found) < _EXAMPLES:
                start, _, end = place.partition("-")
                found[doc_id] = _sentence(opened.article(doc_id).text[int(start) : int(end)])
    lines = [
        {
            "query_id": f"own-{number:03}",
            "text": "REPLACE: a question that the quote below answers",
            "kind": "who, what, when, where, why, number, paraphrase, ...",
            "answers": ["REPLACE: the short answer"],
            "evidence": [[{"doc_id": doc_id, "quote": quote}]],
            "note": "delete me, or say what is special about this question",
        }
        for number, (doc_id, quote) in enumerate(found.items(), 1)
    ]
    lines.append(
        {
            "query_id": f"own-{len(lines) + 1:03}",
            "text": "REPLACE: a question that the articles seem to answer, and do not",
            "kind": "unanswerable",
            "answers": [],
            "evidence": [],
            "note": "no evidence means: not answered",
        }
    )
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {output}: {error.strerror}.") from error
    return (
        f"{output} has {len(lines)} examples over {index_status(path).documents} articles, whose "
        f"index is {path}.\n"
        "1. Replace each question by one that you would ask, and its evidence by the verbatim "
        "quote that answers it; thirty or more questions tell something.\n"
        "   Evidence is a list of groups: all groups are needed, any quote of a group serves.\n"
        f"2. Check it:  nkqa eval validate {output} --index {path}\n"
        f"3. Measure:   nkqa eval --gold {output} --index {path}"
    )


def _sentence(passage: str) -> str:
    """The first sentence of a passage with at least `_SHORTEST` characters, else the first one."""
    from qa.text.sentences import sentence_spans

    sentences = [passage[start:end] for start, end in sentence_spans(passage)]
    return next((one for one in sentences if len(one) >= _SHORTEST), sentences[0])
