"""The HTTP server of `nkqa serve`, documented in docs/http.md.

In reading order: `limits` (sizes, counts and timeouts), `connections` (slow clients), `failures`
(errors as statuses and JSON), `guard` (access checks), `workers` (the thread pool), `schemas` and
`api` (the JSON routes), `view` and `pages` (the HTML pages), `app` (the ASGI app), `server` (the
process). Importing this package imports none of these modules and does not need the extra `serve`.
"""
