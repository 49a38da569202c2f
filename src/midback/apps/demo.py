"""`midback demo`: the main job on a sample clip."""

from __future__ import annotations

from contextlib import ExitStack
from importlib import resources
from pathlib import Path

from rich.console import Console

from midback.apps.score import Wanted, run_score
from midback.errors import InputError

CLIP = "bird_dog_fatigue.mp4"
EXERCISE = "bird_dog"


def run_demo(out: Path, model: Path | None) -> None:
    """Score the sample clip and write report, JSON and series into `out`."""
    clip = sample(CLIP)
    Console().print(
        f"Scoring {clip.name}: a rendered figure does 14 bird dogs and tires on the way.\n"
        f"The same for your own video: [bold]midback score VIDEO --exercise {EXERCISE}[/]\n",
        highlight=False,
    )
    from midback.apps.outputs import check_folder, making, refusals

    check_folder(out)
    wanted = Wanted(json=str(out / "result.json"), series=out / "series.csv", out=out)
    with ExitStack() as stack:
        with refusals(out):
            stack.enter_context(making(out))
        run_score(str(clip), EXERCISE, wanted, model)


def sample(name: str) -> Path:
    """Return the path of a clip that ships with midback. Raises InputError where it is missing.

    A wheel carries it inside the package; a checkout keeps it in sample_videos/.
    """
    package = Path(str(resources.files("midback")))
    for folder in (package / "samples", package.parents[1] / "sample_videos"):
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"the sample clip {name} is missing: run 'make samples' in a checkout")
