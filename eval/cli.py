"""`nkqa eval`: measure retrieval and answers, compare two measurements, start and check gold
questions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from eval.answers import Answers
    from eval.datasets import Collection
    from qa import Index

app = typer.Typer(
    help="Measure retrieval and answers on gold questions or a public test collection.",
    invoke_without_command=True,
)

_Beir = Annotated[
    Path | None, typer.Option("--beir", metavar="DIR", help="A BEIR folder to measure on.")
]
_Split = Annotated[str, typer.Option(help="The split of the BEIR folder: qrels/SPLIT.tsv.")]
_Gold = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A gold file. Default: the one over the shipped articles."),
]
_Index = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="The index the gold is about.")
]
_Model = Annotated[
    str | None, typer.Option(metavar="MODEL", help="The model to index a BEIR folder with.")
]
_Json = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON.")
]
_Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a report with plots.")
]
_Brief = Annotated[bool, typer.Option("--brief", help="Leave the single questions out of --json.")]


@app.callback(invoke_without_command=True)
def measure(
    context: typer.Context,
    beir: _Beir = None,
    split: _Split = "test",
    gold: _Gold = None,
    index: _Index = None,
    model: _Model = None,
    json_file: _Json = None,
    html: _Html = None,
    brief: _Brief = False,
    run: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the run, by document, as TREC's.")
    ] = None,
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the qrels, by document, as TREC's.")
    ] = None,
    passages: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the run by passage, for --score.")
    ] = None,
    score: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="Measure this TREC run instead of asking the index."),
    ] = None,
    read: Annotated[
        bool,
        typer.Option("--read/--no-read", help="Measure answers too; not with --score."),
    ] = True,
    gate: Annotated[
        list[str] | None,
        typer.Option(metavar="GATE", help='Fail (status 7) unless it holds: "recall@5>=0.95".'),
    ] = None,
) -> None:
    """Ask every gold question (or those of a BEIR folder); measure what is found and answered.

    Answers are measured where the index has a reader and the questions have gold answers. They are
    left out with --score.
    """
    if context.invoked_subcommand is not None:
        return
    from embeddings.errors import UsageError
    from eval import results, runner, trec
    from eval.gates import check_form, check_gates, is_about_answers
    from eval.table import show_result
    from qa import index_status, open_index

    read = read and score is None
    for text in gate or []:
        check_form(text)
        if is_about_answers(text) and not read:
            raise UsageError(f"{text!r} is about answers; --no-read and --score leave them out.")
    with _progress() as progress:
        collection, folder = _collection(beir, split, gold, index, model, progress)
        if qrels:
            trec.write_qrels(qrels, collection.qrels)
        with open_index(folder) as opened:
            text_of = runner.checked_texts(opened, collection)
            ran = (
                runner.run_of_file(trec.read_run(score), score, collection)
                if score
                else runner.run_index(opened, collection.answerable(), progress)
            )
            if score:
                typer.echo(runner.coverage(ran, collection, text_of), err=True)
            if run:
                trec.write_run(run, runner.documents_run(ran), ran.system)
            if passages:
                trec.write_run(passages, runner.passages_run(ran), ran.system)
            evaluation = runner.evaluate(collection, ran, text_of)
            answers = _answers(opened, collection, progress) if read else None
            status = index_status(folder)
            result = results.result(collection, status, [evaluation], text_of, answers)
    _write(result, json_file, html, brief)
    show_result(result, _console())
    means = evaluation.means() | (answers.means() if answers else {})
    for passed in check_gates(gate or [], means):
        typer.echo(f"gate holds: {passed.measure} {passed.relation} {passed.bound:g}", err=True)


@app.command()
def ablation(
    beir: _Beir = None,
    split: _Split = "test",
    gold: _Gold = None,
    index: _Index = None,
    model: _Model = None,
    json_file: _Json = None,
    html: _Html = None,
    brief: _Brief = False,
) -> None:
    """Measure what each part of retrieval is worth; nothing is embedded again."""
    from eval import results, runner
    from eval.ablation import Ablation
    from eval.table import show_result
    from eval.variants import variants
    from qa import index_status, open_index

    with _progress() as progress:
        collection, folder = _collection(beir, split, gold, index, model, progress)
        with open_index(folder) as opened:
            text_of = runner.checked_texts(opened, collection)
            ran = runner.run_index(opened, collection.answerable(), progress)
            evaluations = [runner.evaluate(collection, ran, text_of)]
            lab = Ablation(folder, collection)
            todo = list(variants())
            for done, variant in enumerate(todo, 1):
                evaluations.append(lab.evaluate(variant))
                progress("ablation", done, len(todo))
            result = results.result(collection, index_status(folder), evaluations, text_of)
    _write(result, json_file, html, brief)
    show_result(result, _console())


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A.json")],
    after: Annotated[Path, typer.Argument(metavar="B.json")],
) -> None:
    """Say what changed between two results, and whether it may be chance."""
    from eval.comparison import compare as changes
    from eval.results import read_result
    from eval.table import show_changes

    show_changes(changes(read_result(before), read_result(after)), _console())


@app.command()
def validate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A gold file.")],
    index: _Index = None,
) -> None:
    """Check a gold file: every line, every id, every quote against its article."""
    from eval.gold import check_evidence, load_gold
    from eval.runner import texts_of
    from qa import open_index

    queries = load_gold(file)
    with _progress() as progress, open_index(_index_of_gold(index, progress)) as opened:
        spans = check_evidence(queries, texts_of(opened), str(file))
    answerable = sum(bool(query.evidence) for query in queries)
    typer.echo(
        f"{file}: {len(queries)} questions, {answerable} answerable, {spans} quotes, "
        "all found in their articles."
    )


@app.command()
def figures(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled figures, a line each.")],
    index: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]DIR", help="The index of the collection NAME, or of all; repeatable."
        ),
    ] = None,
    json_file: _Json = None,
) -> None:
    """Measure how answers show figures that agree, change over time or differ."""
    from contextlib import ExitStack

    from eval.figures import measure, read_items, report
    from eval.results import write_result
    from eval.table import show_figures
    from qa import open_index

    items = read_items(file)
    collections = {figure.collection for item in items for figure in item.figures}
    with _progress() as progress, ExitStack() as opened:
        folders = _named(index, collections) or dict.fromkeys(
            collections, _index_of_gold(None, progress)
        )
        indexes = {
            name: opened.enter_context(open_index(folder)) for name, folder in folders.items()
        }
        result = report(measure(indexes, items))
    if json_file:
        write_result(json_file, result)
    show_figures(result, len(items), _console())


def _named(given: list[str] | None, collections: set[str]) -> dict[str, Path]:
    """The indexes by collection; one without a name is that of every collection."""
    found: dict[str, Path] = {}
    for one in given or []:
        name, named, folder = one.partition("=")
        found |= {name: Path(folder)} if named else dict.fromkeys(collections, Path(one))
    return found


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Your articles.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The gold file to start.")
    ] = Path("gold.jsonl"),
    index: _Index = None,
) -> None:
    """Start a gold file for your own articles, with example questions to replace."""
    from eval.start import start_gold

    with _progress() as progress:
        instructions = start_gold(folder, output, index, progress)
    typer.echo(instructions)


def _collection(
    beir: Path | None,
    split: str,
    gold: Path | None,
    index: Path | None,
    model: str | None,
    progress: Callable[[str, int, int], None],
) -> "tuple[Collection, Path]":
    """The questions, and the index to ask. Raises `UsageError` for options that conflict."""
    from embeddings.errors import UsageError
    from eval import datasets

    if beir and (gold or index):
        raise UsageError("--beir brings its own questions and articles: leave --gold, --index out.")
    if model and not beir:
        raise UsageError("--model is for --beir; an index has the model it was made with.")
    if beir:
        return datasets.load_beir(beir, split), datasets.index_beir(beir, model, progress)
    collection = datasets.load_gold_collection(gold or datasets.SHIPPED)
    return collection, _index_of_gold(index, progress, shipped=gold is None)


def _answers(
    index: "Index", collection: "Collection", progress: Callable[[str, int, int], None]
) -> "Answers | None":
    """The measured answers of the index. None, with the reason on stderr, if it has no reader or
    the collection nothing to compare answers with."""
    from eval.answers import ask_all, evaluate_answers, has_gold

    if not has_gold(collection):
        typer.echo("No question has a gold answer, so answers are not measured.", err=True)
        return None
    replies = ask_all(index, collection, progress)
    if replies is None:
        typer.echo("The index has no reader, so answers are not measured.", err=True)
        return None
    return evaluate_answers(replies)


def _index_of_gold(
    index: Path | None, progress: Callable[[str, int, int], None], shipped: bool = False
) -> Path:
    """The index of a gold file: the given one, else the one found, else of the shipped articles.

    Prints on stderr which index it is, unless the user gave it.
    """
    from qa import build_index
    from qa.which_index import chosen_index, made_shipped_index

    chosen = index if shipped else chosen_index(index)
    if chosen is not None:
        if index is None:
            typer.echo(f"The index is {chosen}; --index chooses another.", err=True)
        return chosen
    if not shipped:
        typer.echo("No index here: the gold is about the articles that nkqa ships with.", err=True)
    return made_shipped_index(
        lambda articles, path: build_index([articles], path, progress=progress),
        lambda line: typer.echo(line, err=True),
    )


def _write(
    result: dict[str, object], json_file: Path | None, html: Path | None, brief: bool
) -> None:
    from eval.page import write_page
    from eval.results import without_queries, write_result

    if html:
        write_page(html, result)
    if json_file:
        write_result(json_file, without_queries(result) if brief else result)


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yields a callback that shows progress on one line of stderr, if that is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda *_: None
        return
    with console.status("") as status:
        yield lambda stage, done, total: status.update(f"{stage} {done} of {total}")
