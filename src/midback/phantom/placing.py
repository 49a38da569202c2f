"""Draw where the camera goes for every exercise, and write the numbers beside the pictures.

`python -m midback.phantom.placing --out src/midback/exercises/where`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from midback.phantom.body import Body
from midback.phantom.camera import Camera
from midback.phantom.cases import Arms, Case, Posture, camera_for, stage_for
from midback.phantom.intent import Intent
from midback.phantom.mesh import Mesh, build, skin
from midback.phantom.poses import WRIST, Spine, quadruped, support_arm
from midback.phantom.render import Scene, silhouette
from midback.phantom.skeleton import SIDES, Frames, Pose, direction, forward, joints, lengths
from midback.phantom.stage import Stage
from midback.phantom.studied_poses import posture

Array = NDArray[np.float64]
Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

STANDARD = "david"  # 1.74 m tall; the numbers are told for this body
FINE = 2  # everything is drawn so many times larger, then reduced
VIEW = (600, 450)
PLAN = (360, 450)
MARGIN, HEADING, CAPTION = 16, 34, 42
TONE = 12  # grey levels between two tones
METRE = 96  # pixels of the plan
BODY_AT = 90  # row of the plan at which the body is
FAR_UP = 9.0  # metres from which the body is seen from above

# BGR; blue and orange are told apart by every kind of colour vision.
INK, BLUE, ORANGE, CONE = (45, 40, 35), (178, 114, 0), (0, 94, 213), (252, 240, 226)
WALL, FLOOR, MAT, STOOL = (240, 243, 243), (206, 220, 228), (205, 190, 178), (110, 140, 165)


@dataclass(frozen=True)
class Placing:
    """One exercise before its camera.

    start: the posture to begin in; far: the one that needs most room. plank: whether the
    body is carried by hands and toes, which no case of the study knows.
    """

    case: Case
    far: Callable[[Case], Pose]
    plank: bool = False

    @property
    def turned(self) -> bool:
        """Whether it is seen from the front, where a turn hardly changes the outline."""
        return self.case.heading != 0.0

    @property
    def start(self) -> Pose:
        """Posture to begin in."""
        return plank(self.case.who, 0.985) if self.plank else posture(self.case, Intent())

    def camera(self, body: Body) -> Camera:
        """Where the camera of that body stands: the study's, or low for a plank."""
        if self.plank:
            s = body.scale
            return Camera(0.0, 0.45 * s, 3.1 * s, (-0.15 * s, 0.35 * s, 0.0), 34.0)
        return camera_for(self.case.posture, body, self.case.arms)


def plank(body: Body, reach: float) -> Pose:
    """Straight from head to heels over hands and toes that stay, head towards +x.

    reach: height of the shoulders, share of the arms' length; 0.985 is the top of a push-up.
    """
    s, size = body.scale, lengths(body)
    toes, ankle, leg = -1.08 * s, 0.205 * s, size.thigh + size.shank
    shoulder = reach * (size.upper_arm + size.forearm) + WRIST * s
    rise = np.arcsin((shoulder - ankle) / (leg + 0.52 * s))
    root = np.array([toes + leg * np.cos(rise), ankle + leg * np.sin(rise), 0.0])
    slope = float(np.degrees(rise)) - 90.0
    pose = Pose(root, pitch=slope + 3.0, pronation=150.0)
    frames = forward(body, pose)
    under = np.array([toes + 0.79 * s, 0.0, 0.0])
    limbs: dict[str, Array] = {}
    for side in SIDES:
        limbs |= support_arm(body, frames.o(f"girdle_{side}"), under, side)
        limbs |= {f"{bone}_{side}": direction(slope) for bone in ("thigh", "shank")}
        limbs[f"foot_{side}"] = direction(12.0)
    return replace(pose, limbs=limbs)


def _still(body: str, posture: Posture, arms: Arms = "crossed", heading: float = 0.0) -> Case:
    return Case("", body, posture, "still", 0.0, arms, heading=heading)


def _moved(**change: float) -> Callable[[Case], Pose]:
    return lambda case: posture(case, Intent(**change))


_DIAGONAL = {"arm_right": 1.0, "leg_left": 1.0}
PLACINGS = {
    "bird_dog": Placing(
        _still("anna", "all_fours"), lambda case: quadruped(case.who, Spine(), _DIAGONAL)
    ),
    "cat_cow": Placing(_still("caro", "all_fours"), _moved(thoracic=-25.0, lumbar=-20.0)),
    "prone_extension": Placing(_still("ben", "prone"), _moved(thoracic=18.0, lumbar=6.0)),
    "push_up": Placing(_still("ben", "all_fours"), lambda case: plank(case.who, 0.5), True),
    "seated_rotation": Placing(_still("caro", "seated", heading=-90.0), _moved(twist=35.0)),
    "seated_thoracic_extension": Placing(_still("david", "seated"), _moved(thoracic=18.0)),
    "squat": Placing(_still("anna", "standing", arms="forward"), _moved(squat=1.0)),
}


def place(placing: Placing) -> dict[str, str | float]:
    """Posture, view, distance and height of the lens in metres, and what is as high as it."""
    usual = replace(placing, case=replace(placing.case, body=STANDARD))
    camera = usual.camera(usual.case.who)
    return {
        "posture": "plank" if placing.plank else placing.case.posture,
        "view": "front" if placing.turned else "side",
        "distance_m": round(camera.distance_m, 1),
        "height_m": round(20 * camera.height_m) / 20,
        "level": _level(usual, camera.height_m),
    }


def _level(placing: Placing, height: float) -> str:
    """Part of the body that is as high as the lens; a table where none is."""
    frames = forward(placing.case.who, placing.start)
    at = joints(placing.case.who, frames)
    parts = {"hips": at["left_hip"], "back": frames.o("T10")}
    if placing.case.posture in ("standing", "seated"):
        parts = {"hips": at["left_hip"], "chest": frames.o("T6"), "knees": at["left_knee"]}
    nearest = min(parts, key=lambda part: abs(float(parts[part][1]) - height))
    far = abs(float(parts[nearest][1]) - height) > 0.2
    return "the height of a table" if far else f"the height of your {nearest}"


def draw(placing: Placing) -> Image:
    """BGR picture: what the camera should see, and beside it the plan from above, to scale."""
    who = placing.case.who
    mesh = build(who, 0.006)
    start, far = forward(who, placing.start), forward(who, placing.far(placing.case))
    facing = "Face the camera" if placing.turned else "Left or right side, exactly"
    hint = "Begin like this" if placing.turned else "Orange: how far you move"
    view = (_seen(placing, mesh, start, far), "What the camera should see", hint)
    plan = (_plan(placing, mesh, start), "From above", facing)
    sheet = _paper(VIEW[0] + PLAN[0] + 3 * MARGIN, VIEW[1] + HEADING + CAPTION)
    for left, (panel, title, caption) in ((MARGIN, view), (2 * MARGIN + VIEW[0], plan)):
        rows, columns = panel.shape[:2]
        top, column = FINE * HEADING, FINE * left
        sheet[top : top + rows, column : column + columns] = panel
        cv2.rectangle(sheet, (column, top), (column + columns, top + rows), INK, FINE)
        _write(sheet, title, (left, HEADING - 10), INK)
        _write(sheet, caption, (left, HEADING + VIEW[1] + 26), INK)
    small = cv2.resize(sheet, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    return (TONE * np.rint(small / TONE)).astype(np.uint8)  # few tones make a small file


def _seen(placing: Placing, mesh: Mesh, start: Frames, far: Frames) -> Image:
    """The camera's picture; behind the body the far end of the movement and the lens's height."""
    camera = replace(placing.camera(placing.case.who), size=(FINE * VIEW[0], FINE * VIEW[1]))
    stage = stage_for(placing.case)
    behind = _room(camera, stage, skin(mesh, start)[0], mesh)
    body = silhouette(camera, mesh, start)
    if not placing.turned:
        _far_end(behind, silhouette(camera, mesh, far), body)
    x, along = camera.target[0], np.arange(camera.size[0])
    row = int(camera.project(np.array([[x, camera.height_m, 0.0]]))[0, 1])
    _dashes(behind, np.column_stack([along, 0 * along + row]), BLUE)
    _write(
        behind,
        f"lens {100 * float(place(placing)['height_m']):.0f} cm",
        (12, row // FINE - 8),
        BLUE,
    )
    return _cut_out(Scene(camera, stage, [mesh]).frame([start]), body, behind)


def _far_end(sheet: Image, far: NDArray[np.bool_], body: NDArray[np.bool_]) -> None:
    """Dashed outline of where the body gets to, away from where it is."""
    dashed = sheet.copy()
    for line in cv2.findContours(far.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0]:
        _dashes(dashed, np.asarray(line)[:, 0], ORANGE)
    free = cv2.dilate(body.astype(np.uint8), np.ones((8 * FINE, 8 * FINE), np.uint8)) == 0
    sheet[free] = dashed[free]


def _room(camera: Camera, stage: Stage, body: Array, mesh: Mesh) -> Image:
    """Wall, floor, mat, stool and shadow in flat pale colours."""
    width, height = camera.size
    sheet: Image = np.full((height, width, 3), WALL, dtype=np.uint8)
    skirting = int(camera.project(np.array([[0.0, 0.0, stage.wall_z]]))[0, 1])
    sheet[skirting:] = FLOOR
    if stage.mat:
        x, along, across = stage.mat
        corners = x + along * np.array([-1, 1, 1, -1]), across * np.array([-1, -1, 1, 1])
        _solid(sheet, camera, np.column_stack([corners[0], np.zeros(4), corners[1]]), MAT)
    shadow = _paper(width // FINE, height // FINE)
    for triangle in camera.project(body * [1.0, 0.0, 1.0])[mesh.faces]:
        cv2.fillConvexPoly(shadow, np.rint(triangle).astype(np.int32), (190, 190, 190))
    dark = cv2.GaussianBlur(shadow, (0, 0), 6 * FINE).astype(np.float64) / 255.0
    sheet[skirting:] = np.rint(sheet * dark)[skirting:]
    if stage.stool:
        x, top = stage.stool
        turn = np.linspace(0.0, 2 * np.pi, 60)
        ring = np.column_stack([np.cos(turn), 0 * turn, np.sin(turn)])
        for low, high, radius in ((0.0, 0.03, 0.19), (0.0, top, 0.03), (top - 0.045, top, 0.165)):
            disc = radius * ring + [x, low, 0]
            _solid(sheet, camera, np.concatenate([disc, disc + [0, high - low, 0]]), STOOL)
    return sheet


def _solid(sheet: Image, camera: Camera, points: Array, colour: Colour) -> None:
    """Fill the outline of a convex thing given by its points (N, 3) in the room."""
    pixels = np.rint(camera.project(points)).astype(np.int32)
    cv2.fillConvexPoly(sheet, cv2.convexHull(pixels), colour, cv2.LINE_AA)


def _plan(placing: Placing, mesh: Mesh, start: Frames) -> Image:
    """Body, lens and what it sees, from above; one metre is METRE pixels."""
    camera, usual, sheet = placing.camera(placing.case.who), place(placing), _paper(*PLAN)
    far, high = float(usual["distance_m"]), 100 * float(usual["height_m"])
    lens = (PLAN[0] // 2, BODY_AT + round(METRE * far))
    half = np.tan(np.radians(camera.fov_deg / 2)) * camera.size[0] / camera.size[1]
    top = [(round(lens[0] + sign * half * lens[1]), 0) for sign in (-1, 1)]
    cone = FINE * np.array([lens, *top])
    cv2.fillConvexPoly(sheet, cone, CONE, cv2.LINE_AA)
    cv2.polylines(sheet, [cone], True, BLUE, FINE, cv2.LINE_AA)
    foot = BODY_AT + round(METRE * float(skin(mesh, start)[0][:, 2].max())) + 14
    _from_above(sheet, placing, mesh, start)
    shaft = ((FINE * lens[0], FINE * (lens[1] - 14)), (FINE * lens[0], FINE * foot))
    cv2.arrowedLine(sheet, *shaft, INK, 2 * FINE, cv2.LINE_AA, 0, 0.06)
    _write(sheet, f"{far:.1f} m", (lens[0] + 8, foot + 42), INK, 1.1)
    box = FINE * (np.array([(-17, 0), (17, 0), (17, 24), (-17, 24)]) + np.array(lens))
    cv2.fillConvexPoly(sheet, box, INK, cv2.LINE_AA)
    cv2.circle(sheet, (FINE * lens[0], FINE * lens[1]), FINE * 9, BLUE, -1, cv2.LINE_AA)
    _write(sheet, f"{high:.0f} cm high", (lens[0] + 26, lens[1] + 18), BLUE)
    return sheet


def _from_above(sheet: Image, placing: Placing, mesh: Mesh, start: Frames) -> None:
    """Put the body, seen from the ceiling, into the plan."""
    x, _, z = placing.camera(placing.case.who).target
    rows = sheet[: FINE * 2 * BODY_AT]
    fov = float(2 * np.degrees(np.arctan(BODY_AT / METRE / (FAR_UP - 0.5))))
    above = Camera(0.0, FAR_UP, 0.01, (x, 0.0, z), fov, (rows.shape[1], rows.shape[0]))
    picture = Scene(above, stage_for(placing.case), [mesh]).frame([start])
    rows[:] = _cut_out(picture, silhouette(above, mesh, start), rows)


def _cut_out(picture: Image, mask: NDArray[np.bool_], behind: Image) -> Image:
    """Body of a picture before something else."""
    soft = cv2.GaussianBlur(mask.astype(np.float64), (0, 0), 0.8)[..., None]
    return np.rint(soft * picture + (1 - soft) * behind).astype(np.uint8)


def _dashes(sheet: Image, line: NDArray[np.number[Any]], colour: Colour) -> None:
    """Line through points (N, 2), 14 of them on and 8 off."""
    for begin in range(0, len(line), FINE * 22):
        dash = line[begin : begin + FINE * 14].astype(np.int32)
        cv2.polylines(sheet, [dash], False, colour, FINE * 2, cv2.LINE_AA)


def _write(sheet: Image, text: str, at: tuple[int, int], colour: Colour, size: float = 1.0) -> None:
    """Text with its lower left corner at (x, y)."""
    where, font = (FINE * at[0], FINE * at[1]), cv2.FONT_HERSHEY_DUPLEX
    cv2.putText(sheet, text, where, font, 0.62 * FINE * size, colour, FINE, cv2.LINE_AA)


def _paper(width: int, height: int) -> Image:
    return np.full((FINE * height, FINE * width, 3), 255, dtype=np.uint8)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Draw where the camera goes.")
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for name, placing in PLACINGS.items():
        cv2.imwrite(str(out / f"{name}.png"), draw(placing), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        print(out / f"{name}.png", flush=True)
    places = {name: place(placing) for name, placing in PLACINGS.items()}
    text = json.dumps({"made_by": "midback.phantom.placing", "places": places}, indent=2)
    (out / "places.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
