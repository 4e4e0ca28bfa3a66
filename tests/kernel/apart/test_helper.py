"""The process apart: knows none of our secrets, keeps to its limits, is replaced when it dies."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from carnet.kernel.apart import Busy, Failed, Frame, Helper, Limits
from tests.kernel.render import samples

_MODULE = "carnet.kernel.render.work"
_SMALL = samples.page(samples.lines("a"))
_IMAGE = {"operation": "page-image", "number": 1, "width": 820}
_COUNT = Frame({"operation": "page-count"}, _SMALL)


@pytest.fixture
def helper() -> Helper:
    helper = Helper(_MODULE)
    assert helper.ask(_COUNT).head == {"pages": 1}
    return helper


def _pid(helper: Helper) -> int:
    (process,) = helper._idle
    return process.pid


def test_it_stays_warm_and_sees_nothing_of_our_environment(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _pid(helper)
    assert helper.ask(_COUNT).head == {"pages": 1}
    assert _pid(helper) == before
    assert Path(f"/proc/{before}/environ").read_bytes().rstrip(b"\0") == b"LC_ALL=C.UTF-8"


def test_it_leaves_nobody_behind(helper: Helper) -> None:
    with pytest.raises(Busy):
        helper.ask(Frame(_IMAGE, samples.endless_path()), Limits(wall=1))
    children = Path(f"/proc/{_pid(helper)}/task/{_pid(helper)}/children").read_text()
    assert children == ""


def test_it_comes_back_after_a_kill(helper: Helper) -> None:
    before = _pid(helper)
    os.kill(before, 9)
    assert helper.ask(_COUNT).head == {"pages": 1}
    assert _pid(helper) != before


@pytest.mark.parametrize(
    ("hostile", "limits", "expected"),
    [
        pytest.param(samples.endless_path, Limits(wall=1), Busy, id="the clock"),
        pytest.param(samples.endless_path, Limits(cpu=1, wall=60), Failed, id="the processor"),
        pytest.param(samples.vast_image, Limits(memory=64 << 20), Failed, id="the memory"),
        pytest.param(lambda: _SMALL, Limits(answer=100), Failed, id="the answer"),
    ],
)
def test_a_limit_ends_one_file_and_not_the_next(
    helper: Helper, hostile: object, limits: Limits, expected: type[Exception]
) -> None:
    assert callable(hostile)
    began = time.monotonic()
    try:
        assert helper.ask(Frame(_IMAGE, hostile()), limits).head.get("refusal") == "too-complex"
    except (Busy, Failed) as error:
        assert type(error) is expected  # noqa: PT017
    assert time.monotonic() - began < 20
    assert helper.ask(_COUNT).head == {"pages": 1}


def test_who_waits_too_long_is_told(helper: Helper) -> None:
    helper.patience = 0.1
    assert helper._turns.take(None, 0)
    with pytest.raises(Busy):
        helper.ask(_COUNT)
    helper._turns.give_back(None)
    assert helper.ask(_COUNT).head == {"pages": 1}


def test_two_at_a_time_do_not_wait_for_each_other() -> None:
    helper = Helper(_MODULE, processes=2)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(helper.ask, Frame(_IMAGE, samples.endless_path()), Limits(cpu=20, wall=6))
        time.sleep(0.5)
        assert helper.ask(_COUNT).head == {"pages": 1}
        assert not slow.done()
        with pytest.raises(Busy):
            slow.result()
    helper.close()


def test_one_owner_waits_for_itself_and_not_others_for_it() -> None:
    helper = Helper(_MODULE, processes=2, patience=0.3)
    assert helper.ask(_COUNT, whose="another").head == {"pages": 1}
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(helper.ask, Frame(_IMAGE, samples.endless_path()), Limits(cpu=20, wall=6), whose="one")
        time.sleep(0.5)
        with pytest.raises(Busy):
            helper.ask(_COUNT, whose="one")
        assert helper.ask(_COUNT, whose="another").head == {"pages": 1}
        assert not slow.done()
        with pytest.raises(Busy):
            slow.result()
    assert helper.ask(_COUNT, whose="one").head == {"pages": 1}
    helper.close()


def test_a_fork_of_this_process_has_helpers_of_its_own(helper: Helper) -> None:
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        answered = helper.ask(_COUNT)
        os.write(outlet, f"{_pid(helper)} {answered.head['pages']}".encode())
        helper.close()
        os._exit(0)
    os.waitpid(child, 0)
    theirs, pages = os.read(inlet, 100).split()
    assert int(theirs) != _pid(helper)
    assert pages == b"1"
    assert helper.ask(_COUNT).head == {"pages": 1}
