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
    def python(self) -> str:
        return sys.executable if self.environment is None else str(self.environment.python)


MIDBACK_TRC = Tool(
    "midback, the whole analysis of the .trc", ("peers.ours", "trc"), "`score_source(TRC, mapping)`"
)
MIDBACK_POSES = Tool(
    "midback, the whole analysis of saved poses with the outline of the back",
    ("peers.ours", "poses"),
    "`score_source(NPZ)`",
)
SPORTS2D = Tool(
    "Sports2D, the same .trc",
    ("peers.foreign.sports2d_trc",),
    "`Sports2D.process(config)` with `load_trc_px`",
    environments.SPORTS2D,
    runs=2,
)

ON_LANDMARKS = (MIDBACK_TRC, MIDBACK_POSES, SPORTS2D)
