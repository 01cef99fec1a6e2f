"""What a number counts: "30,000 North Korean workers" are workers."""

from qa.text.quantities.tokens import Token, Tokens

_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    people:person men:man women:woman children:child lives:life wives:wife knives:knife
    wolves:wolf halves:half leaves:leaf feet:foot teeth:tooth mice:mouse species:species
    series:series policemen:policeman servicemen:serviceman firemen:fireman
    congressmen:congressman fishermen:fisherman businessmen:businessman gunmen:gunman
    personnel:personnel viruses:virus buses:bus campuses:campus gases:gas movies:movie
    cookies:cookie calories:calorie ties:tie aircraft:aircraft shoes:shoe canoes:canoe
    crises:crisis analyses:analysis bonuses:bonus statuses:status headaches:headache
    caches:cache axes:axe""".split()
)
# One of them: "one person".
_SINGULAR = frozenset(
    """person man woman child death victim soldier officer vote case student worker employee player
    member country state city game match goal point touchdown seat girl boy patient passenger
    suspect civilian season term incident company house home vehicle car""".split()
)
# They end in "s" and are no plural, or begin what is no longer the phrase of the number.
FUNCTION = frozenset(
    """is was has does this its his hers theirs ours yours us as less plus thus yes across towards
    afterwards always perhaps besides versus ex ago of in on at by for from to with and or but
    that which who whom whose when where while than then were are be been being have had do did
    will would can could may might must shall should not no nor if so because since after before
    during until over under into out up down off about the a an it he she they we you i their
    her my your our these those there here per via amid among against between through without
    within if both all any some each every either neither also only says said costs makes takes
    gets goes comes shows remains means includes seems others""".split()
)
_NO_PLURAL = ("ss", "ous", "us", "is", "'s", "’s", "less")
_LONGEST = 5
_ARTICLES = frozenset("the all its their his her our your my these those this that".split())


def noun_after(tokens: Tokens, at: int, value: float) -> tuple[str | None, int]:
    """The noun of the number that ends at this index, and the index after it; None unless sure."""
    if tokens.is_hyphen(at):
        word = tokens[at + 1]
        plain = (
            word.is_word
            and word.text.islower()
            and word.lower not in FUNCTION
            and word.lower not in ("odd", "plus")
        )
        return (singular(word.lower), at + 2) if plain else (None, at)
    if tokens[at].lower == "of":
        at += 1
        while tokens[at].lower in _ARTICLES:
            at += 1
    if value == 1:
        word = tokens[at]
        return (word.lower, at + 1) if word.lower in _SINGULAR else (None, at)
    for place in range(at, at + _LONGEST):
        word = tokens[place]
        if place > at and tokens.is_hyphen(place):
            continue
        if not word.is_word or word.lower in FUNCTION:
            return None, at
        if is_plural(word):
            follower = tokens[place + 1]
            # "Sports cars" or "workers says": which of the two is the noun is unsure.
            unsure = (follower.is_word and is_plural(follower)) or tokens.is_hyphen(place + 1)
            # "46 Miles Sanders".
            unsure |= word.text.istitle() and follower.text.istitle()
            return (None if unsure else singular(word.lower)), place + 1
    return None, at


def is_plural(word: Token) -> bool:
    text = word.lower
    if text in _IRREGULAR:
        return True
    return (
        len(text) > 3 and text[-1] == "s" and text not in FUNCTION and not text.endswith(_NO_PLURAL)
    )


def singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(_NO_PLURAL) or not word.endswith("s") or len(word) < 4:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]
