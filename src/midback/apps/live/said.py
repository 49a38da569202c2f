"""What is heard: silence during good repetitions, a fault once, the stop always."""

from __future__ import annotations

from collections.abc import Iterable

from midback.apps.live.feedback import Sound
from midback.events import Amber, Event, RepFinished, StopCalled
from midback.result import Stop
from midback.words import region_failed


def cause(stop: Stop) -> str:
    """Why the set should end, the beginning of a sentence."""
    causes = {"pain": "You reported pain", "partial": "The movement became too short"}
    failed = region_failed(stop.region)
    return causes.get(stop.kind, f"{failed[:1].upper()}{failed[1:]}")


def spoken(events: Iterable[Event], *, stopped: bool) -> str:
    """Words to speak now; stopped: whether the stop was called, now or before."""
    events = tuple(events)
    for event in events:
        if isinstance(event, StopCalled):
            return f"Stop. {event.stop.cue}"
    faults = [event.cue for event in events if isinstance(event, Amber)]
    return faults[0] if faults and not stopped else ""


def sound(events: Iterable[Event], *, stopped: bool) -> Sound:
    """Tone to play now; after the stop nothing else is to be heard."""
    kinds = {type(event) for event in events}
    if stopped:
        return "stop" if StopCalled in kinds else ""
    if Amber in kinds:
        return "amber"
    return "rep" if RepFinished in kinds else ""
