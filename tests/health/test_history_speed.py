"""Twenty years of a record are read within 80 ms at the 95th percentile, on the server of an idle machine. Figures are
printed; what a busy one must keep is told by the list of the same documents."""

from __future__ import annotations

import pytest

from carnet.documents import queries
from carnet.health import history
from carnet.health.front import front
from carnet.health.history import Wanted
from carnet.health.searching import find
from carnet.kernel import clock
from carnet.kernel.actor import Purpose
from tests.documents.test_searching_speed import times
from tests.health.heavy import a_heavy_record
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(scope="module")
def heavy() -> Resident:
    return a_heavy_record()


@pytest.mark.long
def test_the_history_of_a_heavy_record(heavy: Resident, capsys: pytest.CaptureFixture[str]) -> None:
    of = heavy.actor, Purpose.SELF, heavy.record_id
    whole = history.history(*of)
    assert sum(whole.counts.years.values()) + whole.counts.undated == whole.counts.total > 1_200
    reads = {
        "newest": lambda: history.history(*of),
        "with the band": lambda: history.history(*of, problems=True),
        "a year": lambda: history.history(*of, Wanted(year=2012)),
        "far": lambda: history.history(*of, after=history.Position(14_000, whole.lines[0].key)),
        "searched": lambda: history.history(*of, Wanted(text="ferritine")),
        "home": lambda: front(*of, clock.now().date(), since=None, most=12),
        "found": lambda: find(*of, "ferritine"),
        "not found": lambda: find(*of, "xylophone"),
    }
    floor, _ = times(lambda: queries.list_documents(*of), 20)
    for name, read in reads.items():
        least, most = times(read)
        with capsys.disabled():
            print(f"\n{name}: {least:.0f} ms at least, {most:.0f} at the 95th percentile")  # noqa: T201
        assert least < max(160, 10 * floor), name
