"""What training minimises.

The margin of a span is its score (start plus end) less the null score of its window. All spans of
all windows of a question, and "no answer" at a margin of 0, share one softmax: C. Clark,
M. Gardner, Simple and Effective Multi-Paragraph Reading Comprehension (2018), section 3. That
makes margins of different passages comparable. Each window by itself is scored the same way, so
that a margin also means something where only one passage is read, and the head "answered" learns
whether a window holds an answer.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from eval.training.batches import MicroBatch, Window
from eval.training.network import Logits, Rectangle
from qa.answers.reading.spans import LONGEST_SPAN

_SHARED, _ALONE, _ANSWERED = 0.5, 0.5, 0.5
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Totals:
    """What the losses of a step are divided by: its questions and its windows."""

    groups: int
    windows: int


def rectangle_of(windows: list[Window]) -> Rectangle:
    width = max(map(len, windows))
    ids = torch.zeros(len(windows), width, dtype=torch.int64)
    kinds = torch.zeros(len(windows), width, dtype=torch.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = torch.from_numpy(window.numbers)
        kinds[row, : len(window)] = torch.from_numpy(window.kinds)
    return Rectangle(ids, kinds, torch.tensor([len(window) for window in windows]))


def loss_of(batch: MicroBatch, logits: Sequence[Logits], totals: Totals) -> tuple[Tensor, Tensor]:
    """The part of the step's loss that this micro-batch is, and its three terms, unweighted."""
    all_spans, gold_spans, answered, windows = [], [], [], []
    for rectangle, found in zip(batch, logits, strict=True):
        margins = margins_of(found, rectangle)
        gold = _gold(rectangle, margins.shape[1])
        all_spans.append(margins.flatten(1).logsumexp(1))
        gold_spans.append(margins.masked_fill(~gold, _NEVER).flatten(1).logsumexp(1))
        answered.append(found.answered)
        windows += rectangle
    everything, golden = torch.cat(all_spans), torch.cat(gold_spans)
    has_gold = torch.tensor([bool(window.gold) for window in windows])
    alone = _negative_log(everything, golden, has_gold).sum() / totals.windows
    shared = _shared(windows, everything, golden, has_gold) / totals.groups
    head = (
        functional.binary_cross_entropy_with_logits(
            torch.cat(answered), has_gold.float(), reduction="sum"
        )
        / totals.windows
    )
    terms = torch.stack([shared, alone, head])
    return (terms * torch.tensor([_SHARED, _ALONE, _ANSWERED])).sum(), terms.detach()


def margins_of(logits: Logits, windows: list[Window]) -> Tensor:
    """The margin of each span, `(windows, width, LONGEST_SPAN)` by first piece and length."""
    allowed = torch.zeros_like(logits.starts, dtype=torch.bool)
    for row, window in enumerate(windows):
        # The passage, without the separator at its end.
        allowed[row, int(window.kinds.argmax()) : len(window) - 1] = True
    starts = logits.starts.masked_fill(~allowed, _NEVER)
    ends = functional.pad(
        logits.ends.masked_fill(~allowed, _NEVER), (0, LONGEST_SPAN - 1), value=_NEVER
    )
    sums = starts[:, :, None] + ends.unfold(1, LONGEST_SPAN, 1)
    return sums - logits.null[:, None, None]


def _gold(windows: list[Window], width: int) -> Tensor:
    gold = torch.zeros(len(windows), width, LONGEST_SPAN, dtype=torch.bool)
    for row, window in enumerate(windows):
        for first, last in window.gold:
            gold[row, first, last - first] = True
    return gold


def _shared(windows: list[Window], everything: Tensor, golden: Tensor, has_gold: Tensor) -> Tensor:
    groups: dict[int, list[int]] = defaultdict(list)
    for row, window in enumerate(windows):
        groups[window.group].append(row)
    losses = [
        _negative_log(
            everything[rows].logsumexp(0), golden[rows].logsumexp(0), has_gold[rows].any()
        )
        for rows in groups.values()
    ]
    return torch.stack(losses).sum()


def _negative_log(everything: Tensor, golden: Tensor, has_gold: Tensor) -> Tensor:
    """Of the right outcome's probability: a gold span, or the null at margin 0."""
    return functional.softplus(everything) - torch.where(has_gold, golden, torch.zeros(()))
