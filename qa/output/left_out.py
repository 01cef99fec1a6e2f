"""What filters leave out for want of knowledge, in the words of every surface."""


def left_out(undated: int, sourceless: int) -> tuple[str, ...]:
    """A sentence on the articles that a date filter left out, and one for a publisher filter."""
    return tuple(
        f"{count:,} article left out because it {verb}s no {lack}."
        if count == 1
        else f"{count:,} articles left out because they {verb} no {lack}."
        for count, verb, lack in ((undated, "tell", "date"), (sourceless, "name", "publisher"))
        if count
    )
