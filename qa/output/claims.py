"""The wording of what became of claims."""

from collections.abc import Iterable

from qa.text.invisible import line_of
from qa.types import Claim, Difference, DraftCheck

_LONGEST = 200


def claims_summary(claims: Iterable[Claim]) -> str:
    """ "7 of 9 sentences supported, 1 contradicted, 1 not found."; empty for nothing to check."""
    verdicts = [one.verdict for one in claims if one.verdict != "nothing to check"]
    if not verdicts:
        return ""
    parts = [f"{verdicts.count('supported')} of {len(verdicts)} sentences supported"]
    parts += [
        f"{count} {verdict}"
        for verdict in ("contradicted", "not found")
        if (count := sum(one == verdict for one in verdicts))
    ]
    return ", ".join(parts) + "."


def draft_summary(check: DraftCheck) -> str:
    """The summary of a draft's sentences and quotations, on one line."""
    parts = [claims_summary(check.claims) or "No sentence has anything to check."]
    if check.quotations:
        stand = sum(one.stands for one in check.quotations)
        parts.append(f"{stand} of {len(check.quotations)} quotations stand.")
    return " ".join(parts)


def told_claim(claim: Claim) -> str:
    """A sentence that is contradicted or not found, and what differs."""
    text = line_of(claim.text)
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0] + " …"
    if claim.verdict == "contradicted":
        differs = "; ".join(_told(one) for one in claim.differences)
        return f"Contradicted: “{short}” ({differs})."
    missing = ", ".join(f"“{line_of(one.quoted)}”" for one in claim.differences)
    return f"Not found: “{short}”" + (f" ({missing})." if missing else ".")


def _told(difference: Difference) -> str:
    said, quoted = line_of(difference.said), line_of(difference.quoted)
    if not said:
        return f"“{quoted}” is not said"
    return f"“{said}” is left out" if not quoted else f"“{quoted}” where it says “{said}”"
