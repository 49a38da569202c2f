"""What the model of the gains leaves out: sessions that resemble their neighbours, bent gains."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from midback.history.trend import REAL, trend, verdict
from weeks.people import PEOPLE

SEED = 20261208
ERROR, SESSIONS = 3.0, 36


def table() -> str:
    """Coverage and wrong real changes where the assumptions fail; nothing here is a bar."""
    about = (
        f"{PEOPLE} people a row, seed {SEED}, SEM {ERROR:g}, 12 weeks, one look at the end. "
        "Alike: correlation of one session's error with the next one's (a bad week, a stiff "
        "mattress). Bent: 1.5 deg a week until half-time and nothing after it, 9 deg in all."
    )
    rows = ['| | covered % | mean gain - truth, deg | wrong "real change" % |', "|---|---|---|---|"]
    for alike in (0.0, 0.2, 0.4, 0.6):
        rows.append(_row(f"alike {alike:g}, no change", alike, bent=False))
    rows.append(_row("bent", 0.0, bent=True))
    return "\n\n".join([about, "\n".join(rows)])


def _row(name: str, alike: float, *, bent: bool) -> str:
    rng = np.random.default_rng([SEED, int(10 * alike), bent])
    fresh = rng.standard_normal((PEOPLE, SESSIONS + 50))
    noise = lfilter([np.sqrt(1 - alike**2)], [1.0, -alike], fresh, axis=-1)[:, 50:]
    weeks = np.arange(SESSIONS) / 3
    truth = 1.5 * np.minimum(weeks, 6.0) if bent else np.zeros(SESSIONS)
    values = truth + ERROR * noise
    found = trend(np.broadcast_to(weeks, values.shape), values, np.ones(values.shape, np.int64))
    true_gain = truth[-1] - truth[2]
    held = (found.low <= true_gain) & (true_gain <= found.high)
    real = verdict(found, ERROR) == REAL
    wrong = "" if bent else f"{100 * real.mean():.1f}"
    off = float((found.gain - true_gain).mean())
    return f"| {name} | {100 * held.mean():.1f} | {off:+.2f} | {wrong} |"
