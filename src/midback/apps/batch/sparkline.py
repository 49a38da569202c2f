"""The scores of a set's repetitions as a row of bars, small enough for a table."""

from __future__ import annotations

from midback.apps.batch.job import Done
from midback.words import number, plural

_HEIGHT, _TOP = 30.0, 8.0  # pixels; above the bars is room for the sign of the stop
_WIDEST, _BAR, _GAP = 130.0, 6.0, 2.0


def sparkline(done: Done) -> str:
    """SVG: a bar per repetition, 0 to 100; the stop's is marked, later ones are hollow.

    A repetition without a score is a short line at the bottom. Empty where nothing is counted.
    """
    if not done.scores:
        return ""
    count = len(done.scores)
    step = min(_BAR + _GAP, _WIDEST / count)
    bar = step * _BAR / (_BAR + _GAP)
    parts = [
        _bar(score, _kind(index, done.stop_rep), n * step, bar)
        for n, (index, score) in enumerate(zip(done.rep_indexes, done.scores, strict=True))
    ]
    width = number(count * step, 1)
    return (
        f'<svg class="spark" role="img" aria-label="{_told(done)}" width="{width}" '
        f'height="{_HEIGHT + _TOP:.0f}" viewBox="0 0 {width} {_HEIGHT + _TOP:.0f}">'
        f"{''.join(parts)}</svg>"
    )


def _bar(score: float | None, kind: str, x: float, width: float) -> str:
    if score is None:
        return f'<path d="M{x:.1f} {_HEIGHT + _TOP - 1:.1f}h{width:.1f}" class="none"/>'
    height = max(1.0, _HEIGHT * score / 100.0)
    y = _HEIGHT + _TOP - height
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    sign = ""
    if kind == "stop":
        middle = x + width / 2
        sign = f'<path d="M{middle - 4:.1f} 0h8l-4 6z" class="sign"/>'
    return f'{shape} class="{kind}"/>{sign}'


def _kind(index: int, stop: int | None) -> str:
    if stop is None or index < stop:
        return "rep"
    return "stop" if index == stop else "after"


def _told(done: Done) -> str:
    said = ", ".join("none" if score is None else number(score) for score in done.scores)
    stop = f"; stop at rep {done.stop_rep}" if done.stop_rep is not None else ""
    return f"{plural(len(done.scores), 'repetition')}: {said}{stop}"
