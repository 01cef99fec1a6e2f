"""Training of the reader in `qa.answers`: `python -m eval.training --help`.

The modules in the order of the data: `sources` (rows of the allowed data sets), `wrong` (passages
that look right and are not), `unanswerable` (questions made unanswerable), `prepare` (all of it as
arrays), `batches` (steps drawn from them), `network`, `loss`, `loop` (training), `measure`,
`export` (the file that is shipped), `calibrate` (a probability from what the reader returns).
"""
