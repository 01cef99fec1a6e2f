"""The tools of `qa.assistant` as a Model Context Protocol server.
It serves a chat assistant over standard input and output, or over HTTP."""
