"""Who is compared: where each is installed, what is called, what it was made for and can say."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from peers import environments
from peers.environments import Environment


@dataclass(frozen=True)
class Tool:
    """One row of the table.

    program: the module that is run, and words for it. call: the tool's own function or command, as
    its documentation uses it. environment: None for midback's own. runs: how often, each in a
    fresh process. share: which part of the frames it is given, where all would take too long.
    """

    name: str
    program: tuple[str, ...]
    call: str
    environment: Environment | None = None
    runs: int = 3
    share: float = 1.0

    @property
    def short(self) -> str:
        """The tool's name without what of it is run."""
        return self.name.partition(":")[0]

    @property
    def python(self) -> str:
        return sys.executable if self.environment is None else str(self.environment.python)


MIDBACK_TRC = Tool(
    "midback: the whole analysis of the .trc", ("peers.ours", "trc"), "`score_source(TRC, mapping)`"
)
MIDBACK_POSES = Tool(
    "midback: the whole analysis of saved poses, with the outline of the back",
    ("peers.ours", "poses"),
    "`score_source(NPZ)`",
)
MIDBACK_ANGLES = Tool(
    "midback: angles alone", ("peers.ours_angles",), "`landmark_angles`, all frames in one call"
)
SPORTS2D = Tool(
    "Sports2D: the same .trc",
    ("peers.foreign.sports2d_trc",),
    "`Sports2D.process(config)` with `load_trc_px`",
    environments.SPORTS2D,
    runs=2,
)
SPORTS2D_PLAIN = Tool(
    "Sports2D: the same .trc, without rejecting outliers",
    ("peers.foreign.sports2d_trc", "plain"),
    "the same with `reject_outliers=False`",
    environments.SPORTS2D,
    runs=2,
)
SPORTS2D_TOLD = Tool(
    "Sports2D, told which side is seen",
    ("peers.foreign.sports2d_trc", "told"),
    "the same with `visible_side` by hand",
    environments.SPORTS2D,
)
SPORTS2D_ANGLES = Tool(
    "Sports2D: angles alone",
    ("peers.foreign.sports2d_angles",),
    "`compute_angles_for_person`, a call a frame, as its own loop does",
    environments.SPORTS2D,
    runs=2,
)
POSE2SIM = Tool(
    "Pose2Sim: OpenSim's inverse kinematics, the first 1,000 frames",
    ("peers.foreign.pose2sim_kinematics", "1000"),
    "`Pose2Sim.kinematics(config)`, its simple model",
    environments.SPORTS2D,
    runs=2,
    share=0.1,
)
MYOGAIT = Tool(
    "myogait", ("peers.foreign.myogait_pivot",), "`run_pipeline(pivot)`", environments.MYOGAIT, 2
)
KINETICS_TOOLKIT = Tool(
    "Kinetics Toolkit",
    ("peers.foreign.kinetics_toolkit",),
    "`filters.butter`, `create_transform_series`, `get_angles`",
    environments.KINETICS_TOOLKIT,
    runs=2,
)
MOVEMENT = Tool(
    "movement",
    ("peers.foreign.movement_poses",),
    "`from_numpy`, `savgol_filter`, `compute_velocity`, `compute_signed_angle_2d`",
    environments.MOVEMENT,
    runs=2,
)
UPOSE = Tool(
    "upose",
    ("peers.foreign.upose_rotations",),
    "`newFrame`, `getAngleVector`",
    environments.UPOSE,
    runs=2,
)

MIDBACK_VIDEO = Tool(
    "midback: everything", ("peers.ours", "video"), "`score_source(VIDEO)`", runs=2
)
MEDIAPIPE = Tool(
    "bare MediaPipe loop: landmarks only",
    ("peers.foreign.mediapipe_loop",),
    "`read`, `cvtColor`, `detect_for_video`",
    environments.MEDIAPIPE,
    runs=2,
)
MYOGAIT_VIDEO = Tool(
    "myogait",
    ("peers.foreign.myogait_video",),
    '`extract(model="mediapipe")` with the same weights, `run_pipeline`',
    environments.MYOGAIT,
    runs=2,
)
UPOSE_VIDEO = Tool(
    "upose",
    ("peers.foreign.upose_video",),
    "`solutions.pose` of MediaPipe 0.10.21 with its own weights, `getAngleVector`",
    environments.UPOSE,
    runs=2,
)

WHOLE = (MIDBACK_TRC, MIDBACK_POSES, SPORTS2D, SPORTS2D_PLAIN, POSE2SIM, MYOGAIT, UPOSE)
ANGLES = (MIDBACK_ANGLES, SPORTS2D_ANGLES, KINETICS_TOOLKIT, MOVEMENT)
VIDEO = (MEDIAPIPE, MIDBACK_VIDEO, MYOGAIT_VIDEO, UPOSE_VIDEO)
SAYING = (MIDBACK_POSES, SPORTS2D, SPORTS2D_TOLD, POSE2SIM, MYOGAIT, UPOSE)
"""Those that name joint angles themselves, so that one can see whether they are right."""
