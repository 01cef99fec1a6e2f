"""A chat about indexed articles in which every citation is checked: nkqa and the openai package.

export OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_API_KEY=none NKQA_CHAT_MODEL=qwen3
python examples/chat.py my-articles.nkqa
"""

import os
import sys

from openai import OpenAI

from qa import Error, open_index
from qa.assistant import INSTRUCTIONS, TOOLS, Sources, Toolbox, check_reply, openai_tool

MODEL = os.environ["NKQA_CHAT_MODEL"]
ASK = next(tool for tool in TOOLS if tool.name == "ask")


def reply(client: OpenAI, messages: list, toolbox: Toolbox, sources: Sources) -> str:
    """The model's reply; until it gives one, it is told what it asks the index."""
    for _ in range(5):
        completion = client.chat.completions.create(
            model=MODEL, messages=messages, tools=[openai_tool(ASK)], stream=True
        )
        text, calls = "", {}
        for chunk in completion:
            delta = chunk.choices[0].delta
            text += delta.content or ""
            for part in delta.tool_calls or ():
                call = calls.setdefault(part.index, {"id": part.id, "arguments": ""})
                call["arguments"] += part.function.arguments or ""
        asked = [{"id": call["id"], "type": "function",
                  "function": {"name": ASK.name, "arguments": call["arguments"]}}
                 for call in calls.values()]  # fmt: skip
        messages.append(
            {"role": "assistant", "content": text} | ({"tool_calls": asked} if asked else {})
        )
        if not asked:
            return text
        for call in asked:
            try:
                told = sources.tell(toolbox.call("ask", call["function"]["arguments"]))
            except Error as error:
                told = f"Error: {error}"
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": told})
    return "I found no answer."


with open_index(sys.argv[1]) as index:
    client, toolbox, sources = OpenAI(), Toolbox(index), Sources()
    messages = [{"role": "system", "content": INSTRUCTIONS}]
    for question in sys.stdin:
        messages.append({"role": "user", "content": question})
        text = reply(client, messages, toolbox, sources)
        checked = check_reply(text, sources, [question])
        print(text, *(f"! {flag.told}" for flag in checked.flags), sep="\n")
        for source in checked.cited:
            cited = source.citation
            print(f"[{source.number}] {cited.source}, {cited.published}: {cited.passage_id}")
