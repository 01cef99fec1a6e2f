"""The commands of `python -m eval.training`."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from embeddings.models import default_model_folder

app = typer.Typer(help="Train the reader that finds answers in passages.", no_args_is_help=True)

_Work = Annotated[
    Path, typer.Option("--work", metavar="DIR", help="Folder for prepared data and checkpoints.")
]


def tokenizer() -> Any:
    """The backbone's own, cutting nothing off."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


@app.command()
def prepare(
    rows: Annotated[Path, typer.Argument(help="Training rows, .jsonl or .jsonl.xz.")],
    dev: Annotated[Path, typer.Argument(help="Rows to choose by.")],
    work: _Work,
    seed: int = 1,
) -> None:
    """Tokenize the reading data and make unanswerable questions of it."""
    from eval.training.prepare import prepare as prepared
    from eval.training.sources import read_rows, split

    trained, measured = split(list(read_rows(rows)), list(read_rows(dev)))
    work.mkdir(parents=True, exist_ok=True)
    data = prepared(trained, tokenizer(), seed)
    data.save(work / "train.npz")
    with (work / "dev.jsonl").open("w", encoding="utf-8") as file:
        for row in measured:
            answers = [
                {"start": start, "text": row.passage[start:end]} for start, end in row.answers
            ]
            found = {"id": row.id, "question": row.question, "context": row.passage}
            more = {"answers": answers, "source": row.source, "article": row.article}
            file.write(json.dumps(found | more, ensure_ascii=False) + "\n")
    none = sum(data.span_bounds[1:] == data.span_bounds[:-1])
    typer.echo(f"{len(trained)} rows of {dict(Counter(row.source for row in trained))}")
    typer.echo(
        f"{len(data)} questions ({none} without an answer, {data.weight.sum():.0f} an epoch), "
        f"digest {data.digest()}; {len(measured)} rows to measure on"
    )


@app.command()
def train(
    work: _Work,
    seed: int = 1,
    questions: Annotated[int, typer.Option(help="Questions a step.")] = 32,
    rate: Annotated[
        float, typer.Option(help="Learning rate between warm-up and cool-down.")
    ] = 2.5e-4,
    warm: Annotated[int, typer.Option(help="Steps of warm-up.")] = 150,
    steps: Annotated[
        int, typer.Option(help="Steps in all, those before a resumption included.")
    ] = 4000,
    cool: Annotated[int, typer.Option(help="Steps of cool-down, the last ones.")] = 800,
    workers: Annotated[int, typer.Option(help="Threads, one core each.")] = 1,
    every: Annotated[float, typer.Option(help="Seconds between two checkpoints.")] = 240.0,
    keep: Annotated[int, typer.Option(help="Checkpoints that are kept.")] = 40,
) -> None:
    """Train, from the newest checkpoint in the folder if there is one.

    Ctrl-C or SIGTERM finishes the step, saves a checkpoint and ends. To finish a run at once, stop
    it and train on with --steps set so that only --cool steps are left.
    """
    from eval.training import loop
    from eval.training.batches import Steps
    from eval.training.network import fresh_network
    from eval.training.prepare import load_prepared

    loop.one_thread_each()
    settings = loop.Settings(seed, questions, rate, warm, steps, cool)
    data = load_prepared(work / "train.npz")
    digest = data.digest()
    network = fresh_network(default_model_folder() / "model.safetensors", seed)
    checkpoint = loop.newest_checkpoint(work)
    state = (
        loop.load_checkpoint(checkpoint, settings, digest)
        if checkpoint
        else loop.State.fresh(network)
    )
    trainer = loop.Trainer(network, state, settings, workers)

    def log(figures: dict[str, Any]) -> None:
        print(json.dumps(figures), flush=True)

    loop.train(
        trainer,
        state,
        Steps(data, seed, questions),
        settings,
        lambda now: print(loop.save_checkpoint(work, now, settings, digest, keep), flush=True),
        log,
        every,
    )


@app.command()
def measure(
    rows: Annotated[list[Path], typer.Argument(help="Rows to measure on, .jsonl or .jsonl.xz.")],
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A checkpoint. Default: the shipped reader.")
    ] = None,
    most: Annotated[int, typer.Option(help="Rows of each source that are read.")] = 1000,
) -> None:
    """Exact match, F1 and AUROC of a checkpoint or of the shipped reader."""
    from eval.training.measure import by_source, judge
    from eval.training.sources import first_of_each, is_test, read_rows

    reader = _reader(checkpoint)
    for path in rows:
        chosen = first_of_each([row for row in read_rows(path) if not is_test(row)], most)
        for source, found in by_source(judge(reader, chosen)).items():
            typer.echo(_line(f"{path.name} {source}", found))


@app.command("test")
def final(
    collection: Annotated[Path, typer.Argument(help="The folder squad-dev-2.0.")],
    checkpoint: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
) -> None:
    """The final figure, on articles that nothing was trained on or chosen by: run it once."""
    from eval.training.measure import by_source, judge
    from eval.training.sources import final_rows

    for source, found in by_source(judge(_reader(checkpoint), final_rows(collection))).items():
        typer.echo(_line(source, found))


@app.command()
def average(
    checkpoints: Annotated[list[Path], typer.Argument(help="Checkpoints of one run, in order.")],
    work: _Work,
) -> None:
    """Write the mean of checkpoints as one in another folder; it can be trained on."""
    from eval.training import loop

    typer.echo(loop.average(checkpoints, work))


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint.")],
    file: Annotated[Path, typer.Argument(help="Where to write the weights that are shipped.")],
) -> None:
    """Write a checkpoint's weights as the file that `qa.answers` reads."""
    from eval.training.export import export as write
    from eval.training.loop import facts_of

    facts = facts_of(checkpoint)
    about = {name: facts[name] for name in ("step", "windows", "data", "settings")}
    write(checkpoint, file, about)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes, {facts['windows']} windows trained on")


@app.command()
def ask(
    index: Annotated[Path, typer.Argument(help="The index that answers.")],
    questions: Annotated[
        Path, typer.Argument(help="A BEIR folder, or a gold file, with the questions' answers.")
    ],
    examples: Annotated[Path, typer.Argument(help="The .jsonl file to write.")],
    kind: Annotated[str, typer.Option(help="What the questions are called in reports.")],
    about: Annotated[
        list[str] | None,
        typer.Option(metavar="ARTICLE", help="Only questions about this article; repeatable."),
    ] = None,
    absent: Annotated[
        bool, typer.Option("--absent", help="The questions are about something else.")
    ] = False,
    labelled: Annotated[
        bool, typer.Option("--labelled", help="Leave out questions without evidence.")
    ] = False,
    checkpoint: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
    most: Annotated[int, typer.Option(help="How many questions are asked, drawn by id.")] = 1000,
) -> None:
    """Ask questions with known answers as users do, and write what `calibrate` reads."""
    from eval.training.ask import asked, questions_of
    from eval.training.calibrate import as_json

    chosen = questions_of(questions, kind, most, about or (), absent, labelled)
    with examples.open("w", encoding="utf-8") as file:
        for example in asked(index, chosen, _reader(checkpoint)):
            print(as_json(example), file=file, flush=True)


@app.command()
def calibrate(
    examples: Annotated[list[Path], typer.Argument(help="Files that `ask` wrote.")],
    file: Annotated[Path, typer.Option(help="Where to write the calibration.")],
    reader: Annotated[str, typer.Option(help="Version of the reader of the features.")],
) -> None:
    """Fit the probabilities of being right and of being answerable, and the thresholds."""
    from dataclasses import asdict

    from eval.training import calibrate as fit

    found = [example for path in examples for example in fit.read_examples(path)]
    calibration, half = fit.calibrate(found, reader)
    chosen, reported = fit.halves(found)
    about = {
        "wrong": fit.WRONG,
        "lost": fit.LOST,
        "fitted on": asdict(fit.report(calibration, chosen)),
        "other half": asdict(half),
        "kinds": fit.by_kind(calibration, reported),
    }
    calibration.save(file, about)
    typer.echo(json.dumps(about, indent=1))
    typer.echo(f"error bounds: answered {half.answered_error:.3f}, silent {half.silent_error:.3f}")


@app.command()
def report(
    examples: Annotated[list[Path], typer.Argument(help="Files that `ask` wrote.")],
) -> None:
    """What the shipped calibration makes of examples: verdicts, errors, precision at coverage."""
    from dataclasses import asdict

    import numpy as np

    from eval.reliability import risk_coverage
    from eval.training import calibrate as fit
    from qa.answers.reading.shipped import load_judge

    calibration = load_judge().calibration
    found = [example for path in examples for example in fit.read_examples(path)]
    typer.echo(json.dumps(asdict(fit.report(calibration, found))))
    for kind, counts in fit.by_kind(calibration, found).items():
        typer.echo(f"{kind}: {json.dumps(counts)}")
    answerable = [example for example in found if example.answerable]
    chances = [calibration.right.probability(example.features) for example in answerable]
    right = np.array([float(example.right) for example in answerable])
    curve = risk_coverage(np.array(chances), right)
    for share in (0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0):
        place = max(int(share * len(answerable)) - 1, 0)
        covered, precision = curve.coverage[place], 1 - curve.risk[place]
        typer.echo(f"surest {covered:.2f} of the answerable: right {precision:.3f}")


def _reader(checkpoint: Path | None) -> Any:
    from qa.answers.reading.model_reader import ModelReader

    if checkpoint is None:
        from qa.answers.reading.shipped import load_reader

        return load_reader()
    from eval.training.loop import one_thread_each
    from eval.training.torch_reader import network_of

    one_thread_each()
    return ModelReader(tokenizer(), network_of(checkpoint))


def _line(name: str, figures: dict[str, Any]) -> str:
    shown = (
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in figures.items()
        if value is not None
    )
    return f"{name}: {', '.join(shown)}"
