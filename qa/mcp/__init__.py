"""A Model Context Protocol server for the tools of `qa.assistant`, over stdio or HTTP."""
