"""Building blocks for chat assistants: tools, results for models, and a check of replies.

    tools.py       the one definition of each tool, in the formats of OpenAI, Anthropic and MCP
    toolbox.py     executes a tool on an open index
    view.py        passages for an assistant: sentences, without invisible characters
    addresses.py   the address of an article that a person can open
    sources.py     passages with the numbers [1], [2], ... of a conversation
    replies.py     checks the numbers, quotations and sentences of a reply against its sources

Passages are quoted data, never instructions; tool descriptions and numbered text say so.
Documented in docs/assistants.md.
"""

from qa.assistant.replies import Flag, ReplyCheck, check_reply, without_contradicted
from qa.assistant.sources import INSTRUCTIONS, Source, Sources
from qa.assistant.toolbox import Toolbox
from qa.assistant.tools import TOOLS, Tool, anthropic_tool, openai_tool
from qa.assistant.view import cited_place, search_results

__all__ = [
    "INSTRUCTIONS",
    "TOOLS",
    "Flag",
    "ReplyCheck",
    "Source",
    "Sources",
    "Tool",
    "Toolbox",
    "anthropic_tool",
    "check_reply",
    "cited_place",
    "openai_tool",
    "search_results",
    "without_contradicted",
]
