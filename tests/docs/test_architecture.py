"""The rules that ARCHITECTURE.md states about the tree hold."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("embeddings", "qa", "eval", "seeds")


def modules() -> list[Path]:
    return [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(p) for p in modules() if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert not silent


def test_nothing_is_called_utils() -> None:
    vague = {"utils", "helpers", "common", "manager", "misc"}
    assert not [path for path in modules() if path.stem in vague]


def test_nobody_imports_eval_whole() -> None:
    for path in [*modules(), *(ROOT / "tests").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert "eval" not in [alias.name for alias in node.names], path


def test_no_module_that_must_stay_readable_has_grown_past_it() -> None:
    long = {str(p): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 450}
    assert not long
