"""How results are written: JSON, text on a terminal, links to articles.
No other folder formats a result."""
