"""In whose place a professional reads, and until when: so far as the reader knows of those whose place it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from carnet.consent.facts import As
from carnet.consent.seers import Seer
from carnet.people import queries as people
from carnet.web.i18n import filled, gettext
from carnet.web.patient.privacy_words import last_day


def place_of(deputy_id: UUID, seers: Sequence[Seer]) -> str:
    """« À la place de Dr Martin, jusqu'au 3 mai »; `seers`: who reads in the record, as the reader is told of them."""
    known = {each.id for each in seers if each.capacity is not As.DEPUTY}
    found = [each for each in people.principals(deputy_id) if each.id in known]
    said = ", ".join(dict.fromkeys(_said(each.name, each.until) for each in found))
    return said or gettext("À la place d'un soignant qui a accès")


def _said(name: str, until: datetime | None) -> str:
    if until is None:
        return filled(gettext("À la place de %(name)s"), {"name": name})
    return filled(gettext("À la place de %(name)s, jusqu'au %(day)s"), {"name": name, "day": last_day(until)})
