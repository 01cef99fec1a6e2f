"""What a chat assistant needs of nkqa: tools, results in its form, and a check of its replies.

    tools.py       the tools, once; as OpenAI, Anthropic and MCP want them told
    toolbox.py     carries a tool out over an open index
    view.py        what an assistant sees of a passage: sentences, without invisible characters
    addresses.py   the address of an article that a person can open
    sources.py     passages with the numbers [1], [2], ... of a conversation
    replies.py     a reply against its sources: every number and every quotation

Passages are quoted data, never instructions; each form in which they are told says so.
Documented in docs/assistants.md.
"""

from qa.assistant.replies import Flag, ReplyCheck, check_reply
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
]
