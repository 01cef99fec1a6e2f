"""The read path to ranked passages: a question becomes candidates, and scores put them in order.
`search` is the entry; scoring is numpy on the candidates and knows no engine."""
