"""A folder of articles, three of which are about one event."""

from pathlib import Path

import pytest

_ARTICLES = {
    "quake.md": (
        "Earthquake destroys theatre in Petropavlovsk", "Coast Daily", "2019-04-27",
        "An earthquake destroyed the old theatre of Petropavlovsk on Friday. Nobody was hurt.",
    ),
    "tremor.md": (
        "Petropavlovsk theatre destroyed by earthquake", "River Post", "2019-04-28",
        "Survivors of the earthquake in Petropavlovsk say that the theatre fell within a minute.",
    ),
    "rebuild.md": (
        "Petropavlovsk to rebuild theatre after earthquake", "Forest Wire", "2019-04-30",
        "The mayor of Petropavlovsk will have the theatre rebuilt that the earthquake destroyed.",
    ),
    "aftermath.md": (
        "Five things to know: Petropavlovsk earthquake, theatre", "Valley News", "2019-04-30",
        "The earthquake of Petropavlovsk destroyed the theatre. Cod is scarce. Rain is coming.",
    ),
    "late.md": (
        "Petropavlovsk theatre destroyed by earthquake: a look back", "Valley News", "2019-06-30",
        "The earthquake of Petropavlovsk destroyed the theatre two months ago.",
    ),
    "series-1.md": (
        "Gardening with Ann: tulips", "Coast Daily", "2019-04-27",
        "Ann answers questions of gardeners about tulips. Tulips like gardeners like Ann.",
    ),
    "series-2.md": (
        "Gardening with Ann: more tulips", "Coast Daily", "2019-04-28",
        "Ann answers questions of gardeners about tulips. Gardeners like Ann like tulips.",
    ),
}  # fmt: skip


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of seven articles. `quake`, `tremor` and `rebuild` are a story; one publisher's
    series, a round-up and an article of two months later are none."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name, (title, source, day, text) in _ARTICLES.items():
        front = f'---\ntitle: "{title}"\npublisher: {source}\npublished: {day}\n---\n\n'
        (folder / name).write_text(front + text + "\n", encoding="utf-8")
    return folder
