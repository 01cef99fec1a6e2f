"""The command `python -m eval.bench peers`."""

from collections.abc import Sequence
from pathlib import Path

from embeddings import DEFAULT_MODEL, load_encoder
from embeddings.errors import UsageError
from embeddings.models import find_model
from eval.bench.peers.articles import sample
from eval.bench.peers.measuring import Bench, Progress
from eval.bench.peers.participants import NKQA, PEERS
from eval.bench.peers.telling import result, show
from eval.results import write_result


def run(
    beir: Path,
    work: Path,
    articles: int,
    questions: int,
    builds: int,
    firsts: int,
    without: Sequence[str],
    json_file: Path | None,
    progress: Progress,
) -> None:
    """Measures, writes the result and prints the tables.

    Raises `UsageError` for an unknown name in `without`, `Error` if a participant fails, and as
    `sample` does.
    """
    from rich.console import Console

    known = [peer.name for peer in PEERS]
    if unknown := sorted(set(without) - set(known)):
        raise UsageError(f"There is no peer {unknown[0]!r}; expected: {', '.join(known)}.")
    chosen = sample(beir, articles, questions)
    taking_part = [NKQA, *(peer for peer in PEERS if peer.name not in without)]
    bench = Bench(work.resolve(), chosen, find_model(DEFAULT_MODEL).path, progress)
    measured = bench.measure(taking_part, builds, firsts)
    encoder = load_encoder()
    report = result(chosen, measured, lambda text: encoder.count([text])[0])
    if json_file is None:
        name = f"peers-{chosen.collection}-{articles}-{(report['commit'] or 'unknown')[:7]}.json"
        json_file = Path(__file__).parents[2] / "results" / name
    write_result(json_file, report)
    show(report, Console(highlight=False))
    print(f"Written: {json_file}")
