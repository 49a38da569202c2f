"""What must not change a measurement: the same set mirrored, turned, resized, with a walker.

    python benchmarks/variants.py [CLIP]

Makes each variant of a sample clip in a temporary folder, scores it, and compares repetitions,
sides, stop and angles with the original. Prints a table and writes benchmarks/variants.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from midback.apps.run import Scored, score_source
from midback.phantom import variants
from midback.phantom.body import BODIES
from midback.phantom.motions import SCRIPTS, walker
from midback.phantom.samples import pictures, write_video

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_videos"
ANGLES = ("diagonal_lift", "trunk_inclination", "head", "thoracic_extension", "lumbar_arch")
SWAP = {"left": "right", "right": "left", "unknown": "unknown", "None": "None"}


def made(clip: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Names and files of the variants, each made when asked for."""
    yield "mirrored", variants.mirrored(clip, folder / "mirrored.mp4")
    yield "turned 90 degrees", variants.turned(clip, folder / "turned.mp4")
    yield "853x479", variants.resized(clip, folder / "853.mp4", (853, 479))
    yield "639x361", variants.resized(clip, folder / "639.mp4", (639, 361))
    yield "variable frame rate", variants.variable_rate(clip, folder / "vfr.mp4")
    script = SCRIPTS[clip.stem]()
    target = folder / "walker.mp4"
    others = [
        walker(BODIES["caro"], enter_s=8.0),
        walker(BODIES["david"], enter_s=20.0, leftward=True),
        walker(BODIES["caro"], enter_s=32.0),
    ]
    write_video(target, pictures(script, others), script.camera.size, script.fps)
    yield "second person behind", target


def rom_difference(one: Scored, other: Scored) -> float:
    """Largest difference of a repetition's range, degrees; NaN where counts differ."""
    ours = [rep.rom_deg for rep in one.result.reps]
    theirs = [rep.rom_deg for rep in other.result.reps]
    if len(ours) != len(theirs):
        return float("nan")
    both = [
        abs(a - b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None
    ]
    return max(both, default=float("nan"))


def angle_difference(one: Scored, other: Scored, name: str) -> float:
    """Median difference in degrees of one angle over the frames where both show it."""
    a, b = one.series.traces[name], other.series.traces[name]
    moved = np.interp(one.series.t, other.series.t, b.value)
    both = np.isfinite(a.value) & np.isfinite(moved)
    return float(np.median(np.abs(a.value - moved)[both])) if both.any() else float("nan")


def row(name: str, original: Scored, variant: Scored) -> str:
    """Table row of one variant."""
    mine, theirs = original.result, variant.result
    swapped = name == "mirrored"
    expected = [SWAP[str(r.side)] if swapped else str(r.side) for r in mine.reps]
    sides = "as expected" if expected == [str(r.side) for r in theirs.reps] else "DIFFERENT"
    stops = [str(r.stop.rep) if r.stop else "none" for r in (mine, theirs)]
    differences = " | ".join(f"{angle_difference(original, variant, n):.1f}" for n in ANGLES)
    return (
        f"| {name} | {len(mine.reps)} / {len(theirs.reps)} | {' / '.join(stops)} | {sides} | "
        f"{rom_difference(original, variant):.1f} | {differences} |"
    )


def main() -> None:
    """Print the table and write it beside this file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("clip", type=Path, nargs="?", default=SAMPLES / "bird_dog_fatigue.mp4")
    clip = parser.parse_args().clip
    truth = json.loads(clip.with_suffix(".truth.json").read_text())
    original = score_source(str(clip), truth["exercise"])
    lines = [
        f"# Variants of {clip.name}",
        "",
        "`benchmarks/variants.py`. Original / variant; differences in degrees: the largest of a "
        "repetition's range, then the median over all frames of each angle.",
        "",
        f"| variant | reps | stop at rep | sides | range | {' | '.join(ANGLES)} |",
        "|" + "---|" * (5 + len(ANGLES)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, file in made(clip, Path(folder)):
            lines.append(row(name, original, score_source(str(file), truth["exercise"])))
            print(lines[-1], flush=True)
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "variants.md").write_text(text)


if __name__ == "__main__":
    main()
