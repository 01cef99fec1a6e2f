"""Plots as SVG text without scripts or external files, readable in light and dark mode."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 18, 14, 46
# A palette that colour-blind readers can distinguish: M. Okabe, K. Ito, Color Universal Design
# (2008).
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
Point = tuple[float, float]


def lines(series: Mapping[str, Sequence[Point]], x_title: str, y_title: str) -> str:
    """One line per series of `(x, y)` points, y at most 1. The x values are spaced evenly."""
    points = [point for each in series.values() for point in each]
    if not points:
        return ""
    low = min(y for _, y in points)
    floor = int(max(0.0, low - 0.02) * 5) / 5
    fifths = round((1 - floor) * 5)
    steps = fifths if fifths > 2 else 4
    xs = sorted({x for x, _ in points})
    parts = []
    for step in range(steps + 1):
        value = floor + (1 - floor) * step / steps
        y = _at_y(value, floor)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                     'class="grid"/>' + _text(_LEFT - 6, y + 4, f"{value:.2f}", "end"))  # fmt: skip
    parts += [_text(_at_x(x, xs), _HEIGHT - _BOTTOM + 19, f"{x:g}") for x in _thinned(xs)]
    for i, (name, each) in enumerate(series.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        path = " ".join(f"{_at_x(x, xs):.1f},{_at_y(y, floor):.1f}" for x, y in each)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2">'
                     f"<title>{escape(name)}</title></polyline>")  # fmt: skip
        parts += [_mark(name, x, y, _at_x(x, xs), _at_y(y, floor), colour) for x, y in each]
    return _svg(parts, x_title, y_title) + _legend(list(series))


def shares(
    series: Mapping[str, Sequence[Point]], x_title: str, y_title: str, marks: int = 20
) -> str:
    """One line per series of `(x, y)` points, both from 0 to 1 and drawn to scale.

    A series of at most `marks` points has each of them marked.
    """
    if not any(series.values()):
        return ""
    parts = []
    for step in range(6):
        x, y = _at_share(step / 5), _at_y(step / 5, 0)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                     'class="grid"/>' + _text(_LEFT - 6, y + 4, f"{step / 5:.1f}", "end")
                     + _text(x, _HEIGHT - _BOTTOM + 19, f"{step / 5:.1f}"))  # fmt: skip
    for i, (name, each) in enumerate(series.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        path = " ".join(f"{_at_share(x):.1f},{_at_y(y, 0):.1f}" for x, y in each)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2">'
                     f"<title>{escape(name)}</title></polyline>")  # fmt: skip
        if len(each) <= marks:
            parts += [_mark(name, x, y, _at_share(x), _at_y(y, 0), colour) for x, y in each]
    return _svg(parts, x_title, y_title) + _legend(list(series))


def bars(values: Sequence[float], x_title: str, y_title: str) -> str:
    """One bar per query in the given order, up for a win (0 to 1), down for a loss (-1 to 0)."""
    if not values:
        return ""
    width = (_WIDTH - _LEFT - _RIGHT) / len(values)
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    reach = middle - _TOP
    parts = [f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{middle}" y2="{middle}" '
             'class="axis"/>']  # fmt: skip
    parts += [_text(_LEFT - 6, middle - sign * reach + 4, f"{sign:+d}", "end") for sign in (-1, 1)]
    for i, value in enumerate(values):
        top = middle - max(value, 0) * reach
        parts.append(f'<rect x="{_LEFT + i * width:.2f}" y="{top:.1f}" '
                     f'width="{max(width * 0.9, 0.3):.2f}" height="{abs(value) * reach:.1f}" '
                     f'fill="{_COLOURS[2] if value > 0 else _COLOURS[1]}"/>')  # fmt: skip
    return _svg(parts, x_title, y_title)


def histogram(values: Sequence[float], x_title: str, bins: int = 40) -> str:
    """A histogram of `values`; those above the 99th percentile fall into the last bin."""
    if not values:
        return ""
    ordered = sorted(values)
    high = ordered[int(len(ordered) * 0.99)] or 1e-9
    counts = [0] * bins
    for value in ordered:
        counts[min(int(value / high * bins), bins - 1)] += 1
    width = (_WIDTH - _LEFT - _RIGHT) / bins
    reach = _HEIGHT - _TOP - _BOTTOM
    parts = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" class="grid"/>'
        + _text(_LEFT - 6, y + 4, label, "end")
        for y, label in ((_TOP, str(max(counts))), (_HEIGHT - _BOTTOM, "0"))
    ]
    for i, count in enumerate(counts):
        tall = reach * count / max(counts)
        parts.append(f'<rect x="{_LEFT + i * width:.1f}" y="{_HEIGHT - _BOTTOM - tall:.1f}" '
                     f'width="{width * 0.9:.1f}" height="{tall:.1f}" fill="{_COLOURS[0]}">'
                     f"<title>{count}</title></rect>")  # fmt: skip
    for step in range(5):
        # Right-align the last label, which may be long, at the edge of the image.
        place, anchor = (_WIDTH - 4, "end") if step == 4 else (
            _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / 4, "middle")  # fmt: skip
        parts.append(_text(place, _HEIGHT - _BOTTOM + 19, f"{high * step / 4:.3g}", anchor))
    return _svg(parts, x_title, "questions")


def _at_x(x: float, xs: Sequence[float]) -> float:
    """Spaces the x values evenly, so that the small ones, which matter most, do not crowd."""
    place = xs.index(x) / max(len(xs) - 1, 1)
    return _LEFT + place * (_WIDTH - _LEFT - _RIGHT)


def _at_share(x: float) -> float:
    return _LEFT + x * (_WIDTH - _LEFT - _RIGHT)


def _at_y(y: float, floor: float) -> float:
    return _TOP + (1 - y) / (1 - floor) * (_HEIGHT - _TOP - _BOTTOM)


def _mark(name: str, x: float, y: float, at_x: float, at_y: float, colour: str) -> str:
    return (f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="3" fill="{colour}">'
            f"<title>{escape(name)}: {y:.3f} at {x:.3g}</title></circle>")  # fmt: skip


def _thinned(xs: Sequence[float]) -> Sequence[float]:
    return xs[:: max(len(xs) // 14, 1)]


def _text(x: float, y: float, label: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(label)}</text>'


def _svg(parts: Sequence[str], x_title: str, y_title: str) -> str:
    titles = _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 4, x_title)
    label = escape(f"{y_title} against {x_title}", quote=True)
    return (f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
            f"{''.join(parts)}{titles}</svg>")  # fmt: skip


def _legend(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    keys = "".join(
        f'<span><i style="background:{_COLOURS[i % len(_COLOURS)]}"></i>{escape(name)}</span>'
        for i, name in enumerate(names)
    )
    return f'<p class="legend">{keys}</p>'
