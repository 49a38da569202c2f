"""Who is let in and what is taken, before anything is unpacked."""

from __future__ import annotations

import contextlib
import json

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from midback.apps.live.web.guard import Doors, is_loopback
from midback.apps.live.web.messages import MessageError, jpeg_size, read_order, read_picture


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "example.com")))


def test_listening_everywhere_only_names_are_strangers() -> None:
    doors = Doors("0.0.0.0", 8765, "t")
    assert doors.knows("192.168.1.5:8765")
    assert doors.knows("[fe80::1]:8765")
    assert not doors.knows("rebound.example:8765")
    assert not Doors("192.168.1.5", 8765, "t").knows("192.168.1.6:8765")
    assert Doors("127.0.0.1", 80).knows("localhost")


@given(st.integers(1, 700), st.integers(1, 700))
def test_the_size_is_read_from_the_header(width: int, height: int) -> None:
    jpeg = cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8))[1].tobytes()
    assert jpeg_size(jpeg) == (width, height)
    assert jpeg_size(jpeg[:100]) is None


@given(st.binary(max_size=300))
def test_no_bytes_are_a_surprise(data: bytes) -> None:
    for message in (data, bytes(8) + data, bytes(8) + b"\xff\xd8" + data):
        with contextlib.suppress(MessageError):
            read_picture(message)


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_text_is_a_surprise(text: str) -> None:
    with contextlib.suppress(MessageError):
        read_order(text)
