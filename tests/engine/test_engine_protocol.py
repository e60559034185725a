"""The protocol's lines: what goes in comes out, and what is broken is called so."""

import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.engine import protocol
from xinji_planner.errors import Cancelled, EngineError, Fault, InputError, XinjiError
from xinji_planner.text import Text


def _lines_of(content: bytes) -> list:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as stream:
            stream.write(content)

    thread = threading.Thread(target=write)
    thread.start()
    found = list(protocol.lines(reading))
    thread.join()
    os.close(reading)
    return found


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_a_message_survives_the_trip(content):
    message = {"type": "request", "content": content}
    line = protocol.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert protocol.decode(line) == message


def test_a_file_name_that_is_not_utf_8_survives_the_trip():
    name = os.fsdecode(b"/\xd0\xc2\xbb\xf9/a.shp")
    line = protocol.encode({"type": "x", "path": name})
    line.decode("utf-8")
    assert protocol.decode(line)["path"] == name


def test_lines_that_are_no_message_are_refused():
    for line in (b"not json", b'{"no": "type"}', b"[1]", b'{"type": 3}', b"\xff\xfe", b"[" * 100_000):
        with pytest.raises(EngineError):
            protocol.decode(line)


def test_a_message_with_nan_or_too_long_is_refused():
    with pytest.raises(EngineError):
        protocol.encode({"type": "x", "value": float("nan")})
    with pytest.raises(EngineError, match=str(protocol.MAX_LINE)):
        protocol.encode({"type": "x", "value": "规" * (protocol.MAX_LINE // 3)})


def test_an_oversized_line_is_skipped_whole_and_the_next_one_is_read():
    long = b"x" * (protocol.MAX_LINE + 100)
    first, second, third = _lines_of(b"one\n" + long + b"\n\ntwo\n")
    assert first == b"one"
    assert isinstance(second, EngineError)
    assert third == b"two"


def test_an_error_crosses_as_the_class_that_was_raised():
    sent = InputError(
        Text("坏", "bad"),
        Text("改", "mend"),
        faults=[Fault(Text("错", "wrong"), Text("改一", "mend one"), "村.csv", 7, "name", "?")],
        report="/报告.html",
    )
    sent.details = "traceback"
    got = protocol.error_from(protocol.decode(protocol.encode(protocol.failed("1", sent))))
    assert type(got) is InputError
    assert (got.message, got.remedy, got.faults, got.report) == (sent.message, sent.remedy, sent.faults, sent.report)
    assert got.details == "traceback"


def test_an_unknown_kind_of_error_is_still_an_error_with_its_words():
    for kind in ("Text", "os", "NoSuch", "Fault"):
        got = protocol.error_from({"error": {"kind": kind, "message": {"zh": "坏", "en": "bad"}}})
        assert type(got) is XinjiError
        assert got.message == Text("坏", "bad")
    assert type(protocol.error_from({"error": {"kind": "Cancelled"}})) is Cancelled
