"""Measure whether retrieval and answers got better or worse, with the field's standard measures.

In reading order: `gold` and `datasets` (the questions), `trec` (files of other tools), `runner`
(asking an index), `measures` and `significance` (scoring), `matching`, `reliability` and `answers`
(short answers and verdicts), `gates`; `words`, `lab`, `variants`, `ablation` (variants in memory);
`provenance` and `results` (JSON), `table`, `page`, `plots` (reports for people), `start`, `cli`.
Import `eval.something`, never `eval` itself, which is also the name of a builtin.
"""
