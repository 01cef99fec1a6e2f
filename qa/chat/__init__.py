"""`nkqa chat`: a small assistant for the terminal, over any OpenAI-compatible endpoint.

endpoint.py       the language model: streamed text and tool calls, client errors with advice
conversation.py   a question to a checked reply: the bounded loop of tool calls
screen.py         input and output in the terminal
"""
