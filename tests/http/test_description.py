"""What /openapi.json promises is what is answered."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import schemathesis

# Not every text is a question: an empty one is within the schema and refused, with 422.
_BESIDES = "positive_data_acceptance"


@pytest.mark.slow
def test_whatever_is_sent_the_answer_is_as_described(
    serve: Any, sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    url = serve(index).url
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    told = subprocess.run(
        [sys.executable, "-c", program, "run", f"{url}openapi.json", "--no-color",
         "--exclude-checks", _BESIDES, "--phases", "examples,coverage,fuzzing",
         "--max-examples", "200", "--generation-database", "none", "--seed", "20190426"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-4000:]


@pytest.mark.slow
def test_each_route_answers_as_described(
    serve: Any, sync: Any, articles: Path, index: Path
) -> None:
    sync(articles)
    url = serve(index).url
    api = schemathesis.openapi.from_url(f"{url}openapi.json")
    school = "articles/school.txt"
    sent = {
        "/api/ask": {"query": {"question": "How many pupils?", "since": "2018", "k": 3}},
        "/api/search": {"query": {"question": "How many pupils?"}},
        "/api/articles": {"query": {"until": "2019", "n": 2}},
        "/api/publishers": {"query": {"source": ["coast", "river"]}},
        "/api/articles/{doc_id}": {"path_parameters": {"doc_id": school}},
        "/api/verify": {"query": {"passage_id": school, "quote": "460 pupils"}},
        "/api/status": {},
    }
    for path, parameters in sent.items():
        response = api[path]["GET"].Case(**parameters).call_and_validate()
        assert response.status_code == 200
    missing = api["/api/articles/{doc_id}"]["GET"].Case(path_parameters={"doc_id": "none"})
    assert missing.call_and_validate().status_code == 404
