"""Every angle midback knows: its name, unit, what it needs and the error it is quoted with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from midback.kinematics.skeleton import ANKLES, EARS, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS, Joint
from midback.kinematics.view import Posture

Zero = Literal["neutral", "absolute"]
ViewNeed = Literal["side", "frontal", "turned", "any"]

TRUNK = SHOULDERS + HIPS
_UPRIGHT: frozenset[Posture] = frozenset({"standing", "seated", "kneeling"})
_STANDING: frozenset[Posture] = frozenset({"standing"})
_PLANK: frozenset[Posture] = frozenset({"plank", "side_lying"})
_FOURS: frozenset[Posture] = frozenset({"all_fours"})
_SUPINE: frozenset[Posture] = frozenset({"supine"})
_SIDE_LYING: frozenset[Posture] = frozenset({"side_lying"})


@dataclass(frozen=True, slots=True)
class AngleSpec:
    """What an angle is and when it may be shown.

    zero: whether the value is a change from the person's own neutral or stands by itself.
    view: the camera view in which it is a measurement; "turned": facing the camera at the start
    of the set, since the movement itself turns the shoulders away. proxy_elsewhere: in other views
    it is still shown, as a proxy. needs: landmarks that must be visible and inside the picture.
    se: standard error of a change in the unit; se_share: of the change's size on top, in
    quadrature. Measured by `make bench-accuracy` where it can be, else priors of science A4.
    contour: whether it is read from the edge of the back. postures: of the exercises in which it
    means something; None: any.
    """

    name: str
    title: str
    unit: str
    positive: str
    view: ViewNeed
    needs: tuple[Joint, ...]
    se: float
    zero: Zero = "absolute"
    contour: bool = False
    proxy_elsewhere: bool = False
    always_proxy: bool = False
    se_share: float = 0.0
    postures: frozenset[Posture] | None = None

    def fits(self, posture: Posture) -> bool:
        """Whether it means something in exercises done like this."""
        return self.postures is None or posture in self.postures


_SPECS = (
    AngleSpec("trunk_inclination", "Trunk inclination", "deg", "forward lean", "side", TRUNK, 3.0),
    AngleSpec("trunk_lift", "Chest lift", "deg", "chest up", "side", TRUNK, 3.0, "neutral"),
    AngleSpec("trunk_thigh_left", "Trunk-thigh, left", "deg", "extension", "side",
              (*TRUNK, Joint.LEFT_KNEE, Joint.LEFT_ANKLE), 3.0),
    AngleSpec("trunk_thigh_right", "Trunk-thigh, right", "deg", "extension", "side",
              (*TRUNK, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE), 3.0),
    AngleSpec("arm_elevation_left", "Arm elevation, left", "deg", "elevation", "any",
              (*TRUNK, Joint.LEFT_ELBOW, Joint.LEFT_WRIST), 4.0),
    AngleSpec("arm_elevation_right", "Arm elevation, right", "deg", "elevation", "any",
              (*TRUNK, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST), 4.0),
    AngleSpec("diagonal_lift", "Arm and leg lift", "deg", "lift", "side",
              (*TRUNK, *ELBOWS, *WRISTS, *KNEES, *ANKLES), 5.0),
    AngleSpec("knee_flexion", "Knee flexion", "deg", "flexion", "side", (*HIPS, *KNEES, *ANKLES),
              5.0, proxy_elsewhere=True),
    AngleSpec("elbow_flexion", "Elbow flexion", "deg", "flexion", "side",
              (*SHOULDERS, *ELBOWS, *WRISTS), 6.0,
              proxy_elsewhere=True),
    AngleSpec("head", "Head to trunk", "deg", "extension", "side", (*TRUNK, *EARS), 4.0,
              "neutral", se_share=0.5),
    AngleSpec("side_bend", "Side bend of the trunk", "deg", "to the right", "frontal", TRUNK, 3.0,
              "neutral", postures=_UPRIGHT),
    AngleSpec("lateral_tilt", "Lateral tilt, shoulders on pelvis", "deg", "right side-bend",
              "frontal", TRUNK, 2.0, postures=_UPRIGHT),
    AngleSpec("lateral_lean", "Lateral lean", "deg", "to the right", "frontal", TRUNK, 2.0,
              "neutral", postures=_UPRIGHT),
    AngleSpec("pelvic_drop", "Pelvic drop", "deg", "right side down", "frontal", TRUNK, 2.5,
              "neutral"),
    AngleSpec("shoulder_elevation", "Shoulder elevation", "% trunk", "hiked", "frontal",
              (*TRUNK, *EARS), 5.0, "neutral"),
    AngleSpec("hip_shift", "Hip shift", "% trunk", "forward", "side", TRUNK, 1.5, "neutral"),
    AngleSpec("hip_sway", "Hips to the side", "% trunk", "to the right", "frontal", TRUNK, 1.5,
              "neutral", postures=_UPRIGHT),
    AngleSpec("chest_sway", "Shoulders to the side", "% trunk", "to the right", "frontal", TRUNK,
              1.5, "neutral", postures=_UPRIGHT),
    AngleSpec("hip_drop", "Hip drop", "% trunk", "down", "side", TRUNK, 1.5, "neutral"),
    AngleSpec("hip_sag", "Hips below shoulder-ankle line", "% body", "sagging", "side",
              (*TRUNK, *ANKLES), 1.5, postures=_PLANK),
    AngleSpec("thoracic_extension", "Thoracic extension", "deg", "extension", "side", TRUNK, 2.9,
              "neutral", contour=True),
    AngleSpec("lumbar_arch", "Lumbar lordosis", "deg", "more arched", "side", TRUNK, 2.3,
              "neutral", contour=True),
    AngleSpec("spine_flexion", "Whole-spine flexion", "deg", "rounding", "side", TRUNK, 5.5,
              "neutral", contour=True),
    AngleSpec("trunk_sag", "Low back hollow", "% back", "hollow", "side", TRUNK, 1.0,
              "neutral", contour=True),
    AngleSpec("trunk_rotation", "Trunk rotation (shoulder girdle)", "deg", "to the left",
              "turned", TRUNK, 4.0, postures=_UPRIGHT),
    AngleSpec("shoulder_turn", "Turn of the shoulders to the camera", "deg", "to the left",
              "any", TRUNK, 8.0, always_proxy=True, postures=_UPRIGHT),
    AngleSpec("trunk_pitch", "Forward lean, from the depth", "deg", "forward lean", "any", TRUNK,
              8.0, always_proxy=True, postures=_UPRIGHT),
    AngleSpec("pelvic_rotation", "Pelvic rotation", "deg", "to the left", "turned", TRUNK, 8.0,
              always_proxy=True, postures=_UPRIGHT),
    AngleSpec("thoracic_rotation", "Shoulder girdle on pelvis rotation", "deg", "to the left",
              "turned", TRUNK, 9.0, always_proxy=True, postures=_UPRIGHT),
    AngleSpec("knee_valgus", "Knee valgus (frontal plane projection)", "deg", "knees in",
              "frontal", (*HIPS, *KNEES, *ANKLES), 4.0, postures=_STANDING),
    AngleSpec("knee_separation", "Distance of the knees", "% ankles", "apart", "frontal",
              (*KNEES, *ANKLES), 4.0, postures=_STANDING),
    AngleSpec("trunk_thigh", "Trunk-thigh, both", "deg", "extension", "side",
              (*TRUNK, *KNEES), 3.0, postures=_SUPINE),
    AngleSpec("arm_elevation", "Arm elevation, both", "deg", "elevation", "any",
              (*TRUNK, *WRISTS), 4.0, postures=_UPRIGHT),
    AngleSpec("hand_rise", "Hand above the back", "% trunk", "up", "side", (*TRUNK, *WRISTS), 5.0,
              postures=_FOURS),
    AngleSpec("leg_lift", "Leg lift", "deg", "up", "side", (*HIPS, *ANKLES), 3.0,
              postures=_SIDE_LYING),

    AngleSpec("reach_left", "Arm against trunk, left", "deg", "arm higher", "any",
              (*TRUNK, Joint.LEFT_WRIST), 8.0, always_proxy=True),
    AngleSpec("reach_right", "Arm against trunk, right", "deg", "arm higher", "any",
              (*TRUNK, Joint.RIGHT_WRIST), 8.0, always_proxy=True),
    AngleSpec("reach_lower", "Lower arm against trunk", "deg", "arm higher", "any",
              (*TRUNK, *WRISTS), 8.0, always_proxy=True),
    AngleSpec("reach_highest", "Higher arm against trunk", "deg", "arm higher", "any",
              (*TRUNK, *WRISTS), 8.0, always_proxy=True),
    AngleSpec("reach_difference", "Left arm above right arm", "deg", "left arm higher", "any",
              (*TRUNK, *WRISTS), 8.0, always_proxy=True),
    AngleSpec("knee_difference", "Left knee bent more than right", "deg", "left more", "any",
              (*HIPS, *KNEES, *ANKLES), 8.0, always_proxy=True),
)  # fmt: skip

ANGLES: dict[str, AngleSpec] = {spec.name: spec for spec in _SPECS}
"""All angles by name, in the order of reports."""
