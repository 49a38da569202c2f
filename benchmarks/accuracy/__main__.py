"""Every accuracy figure: prints them and writes benchmarks/accuracy.md, plots and `where`'s table.

    make bench-accuracy

Rendered bodies of two groups: everything was chosen on the developing ones, the figures are of
the ones never fitted. Real recordings come from the folder beside the checkout, or from --data.
The first run renders for about an hour on two cores; later ones read the kept poses.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path

import numpy as np
import ui_prmd

os.environ.setdefault("LP_NUM_THREADS", "1")  # one rendering thread per process

from accuracy import keraal, plots, real, smoothing, speed
from accuracy.cases import frontal, side_on, turned, wrong_views
from accuracy.clips import clips
from accuracy.reps import Rep
from accuracy.sections import (
    HEADER,
    Z95,
    angle_reps,
    refusal_table,
    refusals,
    row,
    sagittal,
    sagittal_table,
    shown,
)
from midback.phantom.body import HELD_OUT

HERE = Path(__file__).parents[1]
WHERE = HERE.parent / "src/midback/exercises/where/where.json"
OTHER_ANGLES = {
    "side_bend": "side_bend",
    "pelvic_roll": "pelvic_drop",
    "knee_valgus": "knee_valgus",
    "head": "head",
}
_FRONTAL_BODIES = HELD_OUT[:3]
_LIMITS = (
    "## What the figures do not carry",
    "",
    "- Thoracic extension misses its goal of 3.0 deg RMSE; standing (things on the wall join the "
    "outline) and prone (the far arm does; there it is a stand-in) are the worst. Its gain differs "
    "between bodies. Intervals hold for all repetitions together, not for each posture: standing "
    "and prone they are too narrow, on all fours too wide.",
    "- Views are never refused wrongly here, yet a good part of the right views shows no thoracic "
    "extension: long hair, an arm, a broken outline. The pelvic drop on all fours is never shown.",
    "- Nothing was fitted to the held-out bodies, but their results were looked at before the step "
    "refusal, the prone stand-in and the last standard errors were settled on the developing ones.",
    "- The rendered rotations start squarely; between 10 and 30 deg askew nothing was tried. The "
    "prior gains of the 3D landmarks (.80, .85) come from recordings of the man of section 2.",
    "- Head: the ear moves half as far as the head turns; its interval is wide for that reason.",
    "- Section 7 times whole arrays; live, frame by frame, filters and gates cost about half a "
    "millisecond more. Three of the real clips are squats, whose exercise reads no outline.",
)


def main() -> None:
    """Run every section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    data = parser.parse_args().data
    beside = list(clips(side_on(HELD_OUT, 5000)))
    front = list(clips(turned(HELD_OUT, 6000)))
    wrong = refusals(clips(wrong_views(HELD_OUT, 8000)))
    spine = sagittal(beside)
    rotation = angle_reps(front, {"rotation": "trunk_rotation"})["trunk_rotation"]
    on_pelvis = angle_reps(front, {"rotation": "thoracic_rotation"})["thoracic_rotation"]
    others = angle_reps(clips(frontal(_FRONTAL_BODIES, 7000)), OTHER_ANGLES)
    lines = [
        "# Accuracy",
        "",
        f"`make bench-accuracy`, {platform.machine()}, Python {platform.python_version()}. Bodies "
        f"never fitted: {', '.join(HELD_OUT)}; seeds 5000-8999. One repetition is one row of a "
        "table's count; values are changes from the person's own still start, median over the top.",
        "",
        *_LIMITS,
        "",
        "## 1 Thoracic extension and lumbar arch, seen side-on (up to 15 deg askew)",
        "",
        sagittal_table(spine),
        "",
        "## 2 A real person with an optical chest (keraal)",
        "",
        keraal.table(data) if data.is_dir() else "The recordings are not here.",
        "",
        "## 3 Rotation of rendered bodies, from where `midback where` puts the camera",
        "",
        HEADER,
        row("**trunk rotation on the thorax's**", rotation),
        *(row(f"trunk rotation, {p}", [r for r in rotation if r.posture == p])
          for p in ("seated", "standing")),
        row("shoulder girdle on pelvis (a proxy)", on_pelvis),
        "",
        "## 4 Optical markers (UI-PRMD)",
        "",
        ui_prmd.table(data) if data.is_dir() else "The recordings are not here.",
        "",
        "## 5 Refusals",
        "",
        refusal_table(wrong, refusals(beside + front)),
        "",
        real.table(data) if data.is_dir() else "The recordings are not here.",
        "",
        "## 6 Printed intervals, and the other angles",
        "",
        HEADER,
        row("thoracic extension", spine.extension),
        row("lumbar arch", spine.arch),
        row("trunk rotation", rotation),
        *(row(name.replace("_", " "), found) for name, found in others.items()),
        row("**all of these**", [*spine.extension, *spine.arch, *rotation,
                                 *(rep for found in others.values() for rep in found)]),
        "",
        "## 7 Speed",
        "",
        speed.table(),
        "",
        "## 8 Noise at rest, and what smoothing does",
        "",
        smoothing.table(),
        "",
    ]  # fmt: skip
    text = "\n".join(lines)
    print(text)
    (HERE / "accuracy.md").write_text(text, encoding="utf-8")
    plots.against_truth(
        {"thoracic extension": spine.extension, "lumbar arch": spine.arch, "rotation": rotation},
        HERE / "accuracy.png",
    )
    true = np.array([rep.true for rep in spine.extension])
    plots.errors(
        {
            "midback": np.array([rep.error for rep in shown(spine.extension)]),
            "shoulder-hip line": np.array(spine.line) - true,
            "world landmarks": np.array(spine.world) - true,
            "always 0": -true,
        },
        HERE / "accuracy_methods.png",
    )
    _write_where([("side", spine.extension), ("side", spine.arch), ("front", rotation),
                  ("front", others["side_bend"]), ("back", others["pelvic_drop"]),
                  ("front", others["knee_valgus"]), ("side", others["head"])])  # fmt: skip


def _write_where(found: list[tuple[str, list[Rep]]]) -> None:
    """The error to expect per posture, view and angle, for `midback where`."""
    rows = []
    for view, reps in found:
        for posture in sorted({rep.posture for rep in reps}):
            good = shown([rep for rep in reps if rep.posture == posture])
            if not good:
                continue
            rmse = float(np.sqrt(np.mean([rep.error**2 for rep in good])))
            rows.append(
                {
                    "posture": posture,
                    "view": view,
                    "angle": good[0].angle,
                    "unit": "deg",
                    "rmse": round(rmse, 1),
                    "half_width_95": round(Z95 * rmse, 1),
                    "repetitions": len(good),
                    "bodies": len({rep.body for rep in good}),
                }
            )
    document = {"made_by": "make bench-accuracy", "rows": rows}
    WHERE.parent.mkdir(exist_ok=True)
    WHERE.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
