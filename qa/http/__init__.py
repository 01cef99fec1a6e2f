"""The HTTP surface: `nkqa serve`. docs/http.md says what it offers.

In reading order: `limits` (how much at a time), `failures` (errors as statuses and JSON), `guard`
(who may ask), `workers` (questions on threads), `schemas` and `api` (the JSON routes), `view` and
`pages` (the page), `app` (all of it), `server` (the process). Importing this package imports none
of them, and no part of the extra `serve`.
"""
