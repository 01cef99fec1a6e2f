"""Whether the words after a quotation name its speaker: “Never!” Mayor Moss said on Tuesday.

Only a name with a verb of saying behind it is looked for here. A speaker behind the verb ("asked
the minister") follows a lower-case word, which begins no sentence anyway.
"""

import re

# Characters after the quotation that are read.
_REACH = 160
_POSTS = (
    "spokes(?:man|woman|person)|secretary|minister|president|mayor|officer|officials?|chief"
    "|executive|director|manager|leader|professor|analyst|police|senator|coach|captain|head|press"
    "|deputy|vice|prime|general|chair(?:man|woman)?|founder|author|lawyer|attorney|judge|owner|actor"
    "|player|singer"
)
_PARTICLES = "of|the|for|and|de|del|della|di|da|van|von|der|la|le|bin"
_NAME = rf"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ][\w.'’-]*|{_POSTS}|{_PARTICLES})"
_SAID = (
    "said|says|added|adds|wrote|writes|shouted|cried|replied|answered|exclaimed|declared|tweeted"
    "|joked|yelled|warned|explained|continued"
    "|sagte|sagt|rief|fragte|erklärte|antwortete|schrieb|dit|a dit|a déclaré|a lancé|a demandé"
    "|dijo|afirmó|preguntó|gritó|respondió|ha detto|disse|chiese|rispose|zei|vroeg|riep|zegt"
    "|perguntou|gritou|afirmou|respondeu|сказала?|заявила?|спросила?|ответила?|крикнула?"
)
_TOLD = "told|tells|asked|asks"
# What may follow a verb of saying that has its object in the quotation. It has not if another
# quotation follows: “Never.” Moss said on Monday: “It is over.”
_AFTER = (
    r"(?![^.!?“\"„«]{0,60}[:,]\s[“\"„«])(?: \w+ly)?(?:[.,;!?—–\n]"
    r"|\s+(?:on|in|at|during|after|before|by|with|when|as|while|late"
    r"|early|of|from|outside|inside|through|via|last|this|yesterday|today|tonight"
    r"|to\s+(?:a|the|\w+(?=\s*[.,]))"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|das|dies|am|beim|im|à|lors|en|el|durante|op|na|в|на|во|после)\b)"
)
_SPEAKER = re.compile(
    rf"\s*(?:{_NAME}\s+){{0,8}}{_NAME}(?:,\s[^,.!?;:]{{1,60}},)?\s+(?:later\s+)?"
    rf"(?:(?:{_SAID}){_AFTER}|(?:{_TOLD})(?:\s[\w.'’-]+){{0,5}}?{_AFTER})"
)


def names_speaker(text: str, at: int) -> bool:
    """Whether the speaker of the quotation that ends at `at` is named behind it."""
    return _SPEAKER.match(text, at, at + _REACH) is not None
