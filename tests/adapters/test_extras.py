"""Frameworks are optional: nothing of nkqa imports one until it is asked for."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import qa

FRAMEWORKS = {
    "langchain": ("langchain_core", "langchain-core"),
    "llama_index": ("llama_index", "llama-index-core"),
    "haystack": ("haystack", "haystack-ai"),
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_without_the_framework_the_extra_and_the_command_are_named(
    name: str, script: Callable[..., str]
) -> None:
    module, package = FRAMEWORKS[name]
    told = script(
        f"""
import importlib, sys
sys.modules[{module!r}] = None
from embeddings.errors import MissingExtra
try:
    importlib.import_module("qa.adapters.{name}")
except MissingExtra as error:
    print(error.exit_status, error)
"""
    )
    assert told.startswith("6 ")
    assert package in told
    assert f"pip install '.[{name.replace('_', '-')}]'" in told


def test_importing_nkqa_imports_no_framework(script: Callable[..., str]) -> None:
    frameworks = [module for module, _ in FRAMEWORKS.values()]
    assert script(f"import qa, sys; print([m for m in {frameworks} if m in sys.modules])") == "[]\n"


def test_adapters_use_only_public_names() -> None:
    """import-linter forbids today's inner modules; this holds for those to come as well."""
    for path in (Path(qa.__file__).parent / "adapters").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "qa":
                public = node.module == "qa" and all(one.name in qa.__all__ for one in node.names)
                assert public or (node.module or "").startswith("qa.adapters."), path


def test_asking_through_a_framework_opens_no_socket(
    script: Callable[..., str], tmp_path: Path
) -> None:
    """Haystack's own telemetry is switched off as docs/frameworks.md says."""
    (tmp_path / "one.txt").write_text("Some 300 dockers work in the harbour of Vladivostok.\n")
    told = script(
        """
import os, sys
sys.addaudithook(lambda event, _: event.startswith("socket.connect") and print(event))
sys.addaudithook(lambda event, _: event == "socket.getaddrinfo" and print(event))
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
import warnings
warnings.simplefilter("ignore")
from embeddings.hashed import HashedEncoder
from qa import build_index, open_index
from qa.adapters import haystack, langchain, llama_index
build_index(["one.txt"], "index", encoder=HashedEncoder())
with open_index("index", encoder=HashedEncoder()) as index:
    print(langchain.NkqaRetriever(index=index).invoke("dockers")[0].page_content)
    print(llama_index.NkqaRetriever(index).retrieve("dockers")[0].text)
    print(haystack.NkqaRetriever(index).run("dockers")["documents"][0].content)
"""
    )
    assert told.splitlines() == ["Some 300 dockers work in the harbour of Vladivostok."] * 3
