"""The child process that parses HTML and PDF under time and memory limits.
A hostile file can crash it without harming the indexing process."""
