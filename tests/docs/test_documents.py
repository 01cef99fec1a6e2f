"""What the documents show is what happens."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    script = (
        f"import sys; sys.argv = ['nkqa', *{arguments!r}]; from qa.cli.commands import main; main()"
    )
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", script], capture_output=True, text=True, **options
    )


def test_the_readme_shows_the_true_output() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"<!-- output of: (nkqa.*) -->\n```\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    told = run(
        "ask", "How many workers are in Russia?", "-k", "2", env={**os.environ, "COLUMNS": "80"}
    )
    output = re.sub(r"  /\S*/seeds/", "  .../seeds/", told.stdout)
    assert [line.rstrip() for line in output.strip().splitlines()] == shown[2].splitlines()


def test_the_python_example_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs/python.md").read_text("utf-8")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert example is not None
    told = subprocess.run(
        [sys.executable, "-c", example[1]], capture_output=True, text=True, cwd=tmp_path
    )
    assert told.returncode == 0, told.stderr
    assert "30,000 workers" in told.stdout
    assert "10,000 North Korean laborers" in told.stdout


def test_the_command_line_reference_is_that_of_the_code(tmp_path: Path) -> None:
    page = tmp_path / "cli.md"
    subprocess.run(
        [sys.executable, "-m", "typer", "qa.cli.commands", "utils", "docs", "--name", "nkqa",
         "--title", "Command line", "--output", str(page)],
        check=True, capture_output=True,
    )  # fmt: skip
    assert page.read_text("utf-8") == (ROOT / "docs/cli.md").read_text("utf-8")


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_every_json_field_is_documented() -> None:
    import dataclasses

    from qa import types

    page = (ROOT / "docs/json.md").read_text("utf-8")
    for kind in (types.Citation, types.Answer, types.Scores, types.Place, types.IndexReport,
                 types.IndexStatus, types.VerifyReport, types.Problem, types.Timings,
                 types.QuoteCheck, types.Difference, types.ShortAnswer, types.Statement,
                 types.Value, types.Listing, types.Listed,
                 types.Publishers, types.Publisher, types.CitedStory,
                 types.Stories, types.StorySummary, types.Story, types.StoryArticle):  # fmt: skip
        for field in dataclasses.fields(kind):
            assert (
                f"`{field.name}`" in page
                or f"`.{field.name}`" in page
                or (f"`{field.name}[]`" in page or f"`.{field.name}[]`" in page)
            ), (kind.__name__, field.name)
