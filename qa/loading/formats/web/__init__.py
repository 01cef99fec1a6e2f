"""The parts of a web page that `formats.html` reads: its declared encoding, its tree, its text, and
the facts that it states about itself. Runs in the parser process only."""
