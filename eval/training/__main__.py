"""`python -m eval.training`: prepare data, train, measure, export."""

from eval.training.cli import app

app(prog_name="python -m eval.training")
