"""The figure of the posture to take, as a picture for the page."""

from __future__ import annotations

from midback.apps.live.figures import FIGURES, GROUND, HEAD, LIMB, extent

_RIM = 0.016


def ghost_svg(figure: str) -> str | None:
    """White with a dark rim, as large as the figure itself; None where there is no such figure."""
    if figure not in FIGURES:
        return None
    (x, y), paths = FIGURES[figure]
    left, right, top = extent(figure)
    edge = LIMB + _RIM
    corner, size = (left - edge, top - edge), (right - left + 2 * edge, GROUND - top + edge)
    box = " ".join(f"{value:.3f}" for value in (*corner, *size))
    layers = [
        _layer(color, extra, (x, y), paths) for color, extra in (("#000a", _RIM), ("#fff", 0.0))
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(layers)}</svg>'


def _layer(
    color: str,
    extra: float,
    head: tuple[float, float],
    paths: tuple[tuple[tuple[float, float], ...], ...],
) -> str:
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in path)}"/>' for path in paths
    )
    return (
        f'<g fill="none" stroke="{color}" stroke-width="{LIMB + extra:.3f}" '
        f'stroke-linecap="round" stroke-linejoin="round">{lines}'
        f'<circle cx="{head[0]}" cy="{head[1]}" r="{HEAD + extra / 2:.3f}" fill="{color}" '
        f'stroke="none"/></g>'
    )
