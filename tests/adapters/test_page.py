"""docs/frameworks.md shows what runs, and names every field."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import Index
from qa.adapters.citations import metadata

PAGE = (Path(__file__).parents[2] / "docs/frameworks.md").read_text("utf-8")
MADE, *EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
# As the page says.
BEFORE = 'import os\nos.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"\n'


@pytest.mark.parametrize("example", EXAMPLES, ids=["langchain", "llama_index", "haystack"])
def test_the_example_runs_as_it_stands(example: str, script: Callable[..., str]) -> None:
    told = script(f"{BEFORE}{MADE}\n{example}")
    assert "The Korea Times" in told or "30,000 workers" in told


def test_every_field_of_the_metadata_is_on_the_page(opened: Index) -> None:
    answer = opened.ask("Who?", 1)
    fields = metadata(answer, answer.citations[0])
    assert [name for name in fields if f"`{name}`" not in PAGE] == []
