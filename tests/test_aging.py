"""What tests do to the trail of their house can be undone, whether a seal came before or after."""

from __future__ import annotations

from datetime import timedelta

from carnet.kernel import config, database
from carnet.kernel.audit import seal
from carnet.kernel.audit.verify import verify
from tests import people
from tests.aging import move_lines, put_back


def test_sealed_lines_that_were_moved_are_put_back(house: object) -> None:
    before, after = people.a_patient(), people.a_patient()
    for each in (before, after):
        people.deposited(people.software(), each)
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        move_lines(owner, "record_id", after.record_id, timedelta(hours=2))
        while seal.seal_pending(config.load()):
            pass
        put_back(owner)
        assert verify(owner).whole
        move_lines(owner, "record_id", before.record_id, timedelta(days=40))
        move_lines(owner, "record_id", before.record_id, timedelta(hours=1))
        assert not verify(owner).whole
        put_back(owner)
        assert verify(owner).whole
