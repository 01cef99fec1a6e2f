"""Articles of one event, grouped: a story.

    round_ups.py    which articles are about many events, and belong to no story
    outline.py      what grouping needs of an article: its day, its publisher, its weighted words
    leading.py      outlines to stories

Pure functions from values to values. A store calls them when it commits. docs/studies/stories.md
has the measurements.
"""

RULE = "stories/1"
"""Stored in the index: after a change of what decides which articles are one story, all are grouped
again."""
