from __future__ import annotations

import numpy as np
import pytest
from stop_case import GRID

from midback.exercises import Exercise
from midback.exercises.schema import Feature
from midback.form.holds import EPOCH_S, SETTLE_S, HoldRule, HoldStop, needed
from midback.kinematics.measurability import CONTOUR, NAMES, OK
from midback.kinematics.smoothing import RATE
from midback.vision.pose import Array

SAG, HEAD = "hip_sag", "head"
NEUTRAL = np.zeros(len(NAMES))


def plank(red: float | None = 10.0) -> Exercise:
    def one(angle: str, region: str, unit: str) -> Feature:
        return GRID.features[0].model_copy(
            update={"name": angle, "angle": angle, "region": region, "unit": unit, "red": red}
        )

    features = (one(SAG, "core", "% body"), one(HEAD, "neck", "deg"))
    return GRID.model_copy(update={"features": features})


def run(
    rule: HoldRule, sag: Array, *, codes: int | Array = OK, held: bool | Array = True
) -> list[HoldStop]:
    """Feed one value of sag per second."""
    rng = np.random.default_rng(1)
    calls = []
    for i in range(int(len(sag) * RATE)):
        values, code = np.zeros(len(NAMES)), np.full(len(NAMES), OK, dtype=np.uint8)
        values[NAMES.index(SAG)] = sag[int(i // RATE)] + 0.3 * rng.standard_normal()
        values[NAMES.index(HEAD)] = 0.3 * rng.standard_normal()
        code[NAMES.index(SAG)] = codes if isinstance(codes, int) else codes[int(i // RATE)]
        here = held if isinstance(held, bool) else bool(held[int(i // RATE)])
        call = rule.update(values, code, NEUTRAL, here)
        if call is not None:
            calls.append(call)
    return calls


def test_a_steady_hold_counts_every_second() -> None:
    rule = HoldRule(plank())
    assert run(rule, np.zeros(60)) == []
    assert rule.total_s == rule.good_s == pytest.approx(60.0)
    assert rule.can_judge


def test_a_drop_ends_good_form_where_it_begins() -> None:
    rule, sag = HoldRule(plank(red=None)), np.zeros(60)
    sag[int(SETTLE_S + 8 * EPOCH_S) :] = 6.0
    calls = run(rule, sag)
    assert len(calls) == 1
    call = calls[0]
    assert (call.kind, call.region, call.feature.name) == ("breakdown", "core", SAG)
    assert call.good_until_s == pytest.approx(SETTLE_S + 8 * EPOCH_S)
    assert call.time_s == pytest.approx(SETTLE_S + 10 * EPOCH_S)
    assert rule.good_s == pytest.approx(18.0)
    assert rule.total_s == pytest.approx(60.0)
    assert call.change == pytest.approx(6.0, abs=0.3)


def test_one_bad_epoch_is_forgiven() -> None:
    sag = np.zeros(60)
    sag[20:22] = 8.0
    assert run(HoldRule(plank(red=None)), sag) == []


def test_a_red_limit_ends_it_after_one_and_a_half_seconds() -> None:
    sag = np.zeros(40)
    sag[30:] = 20.0
    rule = HoldRule(plank())
    calls = run(rule, sag)
    assert [call.kind for call in calls] == ["limit"]
    assert calls[0].time_s == pytest.approx(31.5)
    assert rule.good_s == pytest.approx(30.0)


def test_what_is_not_measured_is_no_evidence_and_never_a_silent_green() -> None:
    sag, codes = np.zeros(40), np.full(40, OK)
    sag[20:], codes[20:] = 20.0, CONTOUR
    rule = HoldRule(plank())
    assert run(rule, sag, codes=codes) == []
    only_sag = plank().model_copy(update={"features": plank().features[:1]})
    blind = HoldRule(only_sag)
    run(blind, sag, codes=codes)
    assert not blind.can_judge


def test_a_rest_is_not_held() -> None:
    held = np.ones(30, dtype=bool)
    held[10:15] = False
    rule = HoldRule(plank())
    assert run(rule, np.zeros(30), held=held) == []
    assert rule.total_s == pytest.approx(25.0)


def test_more_regions_need_more_and_caution_orders_them() -> None:
    assert needed("cautious", 2) < needed("normal", 2) < needed("stable", 2)
    assert needed("normal", 1) < needed("normal", 2) < needed("normal", 4)
