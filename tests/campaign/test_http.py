"""A short campaign of the server, and that what breaks the promise is seen."""

from pathlib import Path

import pytest

from tests.campaign.editions import Answered, Editions
from tests.campaign.http import run


@pytest.mark.slow
def test_the_server_answers_as_documented_whoever_asks_and_whatever_is_committed() -> None:
    assert run(0, 1).failures == ()


@pytest.mark.parametrize(
    ("target", "status", "body", "told"),
    [
        ("/", 200, "Edition 00001 and Edition 00002", "mixes the editions [1, 2]"),
        ("/", 200, "Edition 00001", "is of edition 1, expected 2"),
        ("/", 503, "", "status 503"),
        ("/api/ask", 200, '{"generation": "OLD", "citations": ["Edition 00002"]}', "mixes"),
        ("/api/status", 200, '{"generation": "NEW", "documents": 5}', "has 5 articles"),
    ],
)
def test_an_answer_of_two_states_or_of_an_older_one_is_a_fault(
    tmp_path: Path, target: str, status: int, body: str, told: str
) -> None:
    editions = Editions(tmp_path / "articles", tmp_path / "index")
    editions.commit()
    old, new = editions.of
    answered = Answered(target, status, body.replace("OLD", old).replace("NEW", new))
    assert any(told in fault for fault in answered.faults(editions, 2))
    whole = f'{{"generation": "{new}", "documents": 6}}'
    assert not list(Answered("/api/status", 200, whole).faults(editions, 2))
