"""`nkqa chat`: a small assistant for the terminal, over any OpenAI-compatible endpoint.

endpoint.py       the language model: text and tool calls as they arrive, errors in our words
conversation.py   questions to checked replies: the loop of tool calls, bounded
screen.py         what the terminal shows
"""
