"""Whether the words after a quotation name its speaker: “Never!” Mayor Moss said on Tuesday.

Only a name with a verb of saying behind it is looked for here. A speaker behind the verb ("asked
the minister") follows a lower-case word, which begins no sentence anyway.
"""

import re

# Characters after the quotation that are read.
_REACH = 160
# A word of a name or of what a person is: "12-year-old Dora Finch", "Arlen resident Dora Finch".
# Words that begin a clause and verbs in "-ed" are not.
_WORD = (
    r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ][\w.'’-]*|\d+-[\w-]+|(?!(?:after|as|because|before|but|did|had|has|if|is|not"
    r"|so|than|that|then|until|was|were|when|where|which|while|who|will|would)\b)"
    r"[a-zß-öø-ÿа-яё][\w’'-]*+(?<!ed))"
)
_SAID = (
    "said|says|added|adds|wrote|writes|shouted|cried|replied|answered|exclaimed|declared|tweeted"
    "|joked|yelled|warned|explained|continued|wondered|recalled|insisted|argued|admitted|remarked"
    "|noted|responded|screamed|whispered|demanded|quipped|countered"
    "|sagte|sagt|rief|fragte|erklärte|antwortete|schrieb|dit|a dit|a déclaré|a lancé|a demandé"
    "|dijo|afirmó|preguntó|gritó|respondió|ha detto|disse|chiese|rispose|zei|vroeg|riep|zegt"
    "|perguntou|gritou|afirmou|respondeu|сказала?|заявила?|спросила?|ответила?|крикнула?"
)
_TOLD = "told|tells|asked|asks"
# A verb of saying has its object in the quotation unless one follows. In these, one follows:
# “Never.” Moss said on Monday: “It is over.” - “Never.” Moss said on Monday he would stay.
_NO_OBJECT = (
    r"(?![^.!?“\"„«]{0,60}[:,]\s[“\"„«])"
    r"(?![^.!?,;]{0,60}(?<!\bas)(?<!when)(?<!after)(?<!while)(?<!before)"
    r"\s(?:that|he|she|they|it|we|there)\s)"
)
_AFTER = (
    _NO_OBJECT + r"(?: \w+ly)?(?:[.,;!?—–\n]"
    r"|\s+(?:on|in|at|during|after|before|by|with|when|as|while|late"
    r"|early|of|from|outside|inside|through|via|last|this|yesterday|today|tonight"
    r"|to\s+(?:a|the|\w+(?=\s*[.,]))"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|das|dies|am|beim|im|à|lors|en|el|durante|op|na|в|на|во|после)\b)"
)
_SPEAKER = re.compile(
    rf"\s*(?:{_WORD}\s+){{0,8}}?{_WORD}(?:,\s[^,.!?;:]{{1,60}},)?\s+(?:later\s+)?"
    rf"(?:(?:{_SAID}){_AFTER}|(?:{_TOLD})(?:\s[\w.'’-]+){{0,5}}?{_AFTER})"
)


def names_speaker(text: str, at: int) -> bool:
    """Whether the speaker of the quotation that ends at `at` is named behind it."""
    return _SPEAKER.match(text, at, at + _REACH) is not None
