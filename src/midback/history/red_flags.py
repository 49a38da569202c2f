"""Signs that exercise is not the answer to: somebody has to look at them now.

A list to ask by, no diagnosis. Sources: science.md G [F53]; chest pain with breathlessness beside
pain of the middle back is from memory there and kept because it is the safer side.
"""

from __future__ import annotations

RED_FLAGS: dict[str, str] = {
    "saddle_numbness": "Is the skin numb between your legs, where a saddle would touch?",
    "bladder_bowel": "Have you newly lost control of, or feeling for, bladder or bowel?",
    "both_legs": "Does pain, tingling or numbness run down both legs?",
    "leg_weakness": "Is a leg clearly weak, or is it getting weaker?",
    "foot_drop": "Does a foot drag because you cannot lift its front?",
    "chest_pain": "Do you have chest pain, or are you short of breath?",
    "trauma": "Did the pain begin with a fall, an accident or a blow?",
    "night_pain": "Does the pain go on through the night, whatever position you lie in?",
    "weight_loss": "Have you lost weight without wanting to?",
    "cancer": "Have you ever had cancer?",
    "unwell": "Do you have fever or chills, or do you feel ill as a whole?",
    "steroids": "Do you take cortisone (steroids), or did you for a long time?",
}
"""Key to the question; "yes" to any of them ends in "seek care now"."""

SEEK_CARE = (
    "Seek care now: stop exercising, and have this looked at today by a doctor; with chest pain, "
    "breathlessness, numbness between the legs, a lost bladder or bowel or a leg that gives way "
    "call the emergency number."
)
