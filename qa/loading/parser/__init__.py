"""The child process that parses HTML and PDF under limits of time and memory.
A hostile file can end it without harm to the process that indexes."""
