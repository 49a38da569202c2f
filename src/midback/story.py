"""The fatigue of a set in one sentence, as a person wants to read it."""

from __future__ import annotations

from midback.exercises import Exercise
from midback.form.first import Story
from midback.words import HEIGHTS, fault, region_failed, region_name

_EARLIER_MORE = " more"


def sentence_of(exercise: Exercise, story: Story) -> str:
    """`From rep 7 the lower back took over; by rep 9 it arched 14° more than at the start.`

    Where the first region is not sure, the two likeliest are named together.
    """
    first = story.first.regions
    if len(first) > 1:
        names = " and ".join(region_name(name) for name in first)
        began = f"{names} gave way together"
    else:
        began = region_failed(first[0])
    said = fault(exercise, story.feature.name, story.change, story.feature.unit)
    subject = region_name(first[0]).removeprefix("the ")
    if len(first) == 1 and said.startswith(f"{subject} "):
        pronoun = "they" if subject.endswith("s") else "it"
        said = f"{pronoun} {said.removeprefix(subject).strip()}"
    else:
        said = f"the {said}" if story.feature.statistic in HEIGHTS else said
    more = _EARLIER_MORE if story.feature.statistic in HEIGHTS else ""
    since = "in your earlier sets" if story.from_usual else "at the start"
    if story.from_rep >= story.by_rep:
        return f"In rep {story.by_rep} {began}: {said}{more} than {since}."
    return f"From rep {story.from_rep} {began}; by rep {story.by_rep} {said}{more} than {since}."
