"""Measuring nkqa: whether retrieval got better or worse, with the field's own measures.

In reading order: `gold` and `datasets` (what is asked), `trec` (files of other tools), `runner`
(asking), `measures` and `significance` (judging), `gates`; `words`, `lab`, `variants`, `ablation`
(variants in memory); `provenance` and `results` (the JSON), `table`, `page`, `plots` (for people),
`cli`. Import `eval.something`, never `eval`, which is also the name of a builtin.
"""
