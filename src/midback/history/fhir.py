"""Sets and pain as FHIR R4 resources: a Patient and Observations, plain dicts for a Bundle.

Only codes that mean exactly this are taken from LOINC and UCUM; the rest are midback's own, with
text. A FHIR time needs a zone, which the store does not have: days are given, the hour as a note.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from midback.history.records import JournalEntry, SetRecord

OWN = "urn:midback:codes"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
PAIN = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")

_UCUM = {"deg": "deg", "s": "s", "%": "%"}
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, OWN)
_WHEN = {
    "before": ("before the exercises", 0),
    "worst": ("worst during the exercises", 0),
    "after": ("after the exercises", 0),
    "next_morning": ("the morning after the exercises", 1),
}

Json = dict[str, Any]


def entries(
    person: str, sets: Sequence[SetRecord], journal: Sequence[JournalEntry]
) -> Iterator[Json]:
    """Entries of a Bundle: the Patient, then an Observation per set and per pain that was said.

    The same data gives the same ids, so that a receiver can tell what it has already.
    """
    patient = _url(person)
    yield _entry(patient, {"resourceType": "Patient", "name": [{"text": person}]})
    for found in sets:
        yield _entry(_url(person, "set", found.recording), _set(found, patient))
    for day in journal:
        for name in _WHEN:
            if getattr(day, name) is not None:
                url = _url(person, name, day.day.isoformat())
                yield _entry(url, _pain(day, name, patient))


def _set(found: SetRecord, patient: str) -> Json:
    told = [
        ("score", "midback score, 0-100", found.score, "{score}"),
        ("score-se", "midback score, standard error", found.score_se, "{score}"),
        ("repetitions", "complete repetitions", _complete(found), "{count}"),
        ("stop", "repetition in which form broke", _stopped(found), "{count}"),
        ("good-form", "seconds held in good form", found.good_s, "s"),
    ]
    components = [
        _component(code, text, _quantity(v, u)) for code, text, v, u in told if v is not None
    ]
    for name, angle in found.angles.items():
        proxy = " (stand-in)" if angle.status == "proxy" else ""
        words = name.replace("_", " ") + proxy
        for part, value in (("range", angle.rom), ("range-se", angle.se)):
            if value is not None:
                what = "range" if part == "range" else "standard error of the range"
                quantity = _quantity(value, angle.unit)
                components.append(_component(f"{name}/{part}", f"{words}, {what}", quantity))
    how = f", {found.variant}" if found.variant else ""
    text = f"{found.exercise.replace('_', ' ')}, one set{how}"
    return {
        **_observation(patient, "activity", found.performed.date()),
        "code": _own(found.exercise, text),
        "component": components,
        "device": {
            "display": f"midback {found.version}, one camera, view {found.fingerprint.view}"
        },
        "note": [
            {"text": f"begun at {found.performed:%H:%M} local time; camera set-up {found.block}"}
        ],
    }


def _pain(day: JournalEntry, name: str, patient: str) -> Json:
    when, later = _WHEN[name]
    kinds = [kind for kind in ("sharp", "radiating") if getattr(day, kind)]
    notes = ", ".join([when, *kinds, *([day.where] if day.where else [])])
    code, display = PAIN
    coding = {"system": LOINC, "code": code, "display": display}
    return {
        **_observation(patient, "survey", day.day + timedelta(days=later)),
        "code": {"coding": [coding], "text": f"pain {when}, 0-10"},
        "valueQuantity": _quantity(getattr(day, name), "{score}"),
        "note": [{"text": notes}],
    }


def _observation(patient: str, category: str, day: date) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "subject": {"reference": patient},
        "effectiveDateTime": day.isoformat(),
    }


def _component(code: str, text: str, quantity: Json) -> Json:
    return {"code": _own(code, text), "valueQuantity": quantity}


def _own(code: str, text: str) -> Json:
    return {"coding": [{"system": OWN, "code": code.replace(" ", "-")}], "text": text}


def _quantity(value: float, unit: str) -> Json:
    """A value in its unit, with UCUM's code where it has one; "% trunk" is percent of a length."""
    code = unit if unit.startswith("{") else _UCUM.get(unit.split(maxsplit=1)[0])
    coded = {} if code is None else {"system": UCUM, "code": code}
    return {"value": value, "unit": unit.strip("{}"), **coded}


def _complete(found: SetRecord) -> int:
    return sum(rep.complete for rep in found.reps)


def _stopped(found: SetRecord) -> int | None:
    return None if found.stop is None else found.stop.rep


def _entry(url: str, resource: Json) -> Json:
    return {"fullUrl": url, "resource": {"id": url.removeprefix("urn:uuid:"), **resource}}


def _url(*parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, chr(0).join(parts))}"
