"""A command whose packages are not installed names the extra that brings them."""

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("package", "command", "extra"),
    [
        ("openai", ["chat", "--base-url", "http://127.0.0.1:1/v1"], "chat"),
        ("mcp_types", ["mcp"], "mcp"),
    ],
    ids=["chat", "mcp"],
)
def test_without_its_package_the_extra_is_named(
    script: Any, words_only: Path, package: str, command: list[str], extra: str
) -> None:
    told = script(
        """
import sys
package, index, *command = sys.argv[1:]
sys.modules[package] = None
sys.argv = ["nkqa", *command, "--index", index]
sys.stderr = sys.stdout
from qa.cli.commands import main
try:
    main()
except SystemExit as stopped:
    print("status", stopped.code)
""",
        package,
        words_only,
        *command,
    )
    assert f"pip install '.[{extra}]'" in told
    assert told.endswith("status 6\n")
