"""Whether passages bear out what a text says in its own words, sentence by sentence.

sentences.py   the sentences of a reply or a draft, and what each cites
evidence.py    the sentences of passages that say the like
figures.py times.py names.py polarity.py    one kind of detail each: found, another one, missing
comparing.py   a sentence and passages to a verdict
draft.py       a whole text against an index
"""
