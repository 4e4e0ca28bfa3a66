"""« Voir ce que cela change », before it is saved: what each reader sees today, and would see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carnet.consent.facts import As, Choices
from carnet.consent.seeing import Profile, Reader
from carnet.consent.seers import Seer
from carnet.documents import preview
from carnet.documents.masking import Rule
from carnet.documents.preview import Look
from carnet.web.i18n import gettext
from carnet.web.patient import privacy_words as words
from carnet.web.patient.visit import Visit

_PROFILES = (Profile.EMERGENCY, Profile.REGULATION)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Change:
    """Of one reader, in sentences; the same twice where nothing changes."""

    name: str
    today: str
    then: str


def by_mask(visit: Visit, rule: Rule) -> list[Change]:
    """For those who read by the holder's consent: professionals, teams and organisations."""

    def whom(seers: Sequence[Seer]) -> list[Reader]:
        return [each for who in _named(seers) for each in (Reader(who.id), Reader(who.id, masking=True))]

    look = preview.look(visit.actor, visit.purpose, visit.record_id, whom, rule=rule, action="preview-counts")
    if look is None:
        return []
    found = (_change(look, who.name, Reader(who.id), Reader(who.id, masking=True)) for who in _named(look.seers))
    return [*(each for each in found if each), *(_of_group(each) for each in look.seers if each.group)]


def _of_group(seer: Seer) -> Change:
    """A team or an organisation as such: its own page names its members."""
    sees = gettext("Chacun voit ce que sa profession permet, sauf ce qui est masqué.")
    return Change(
        seer.name, sees, gettext("Chacun voit ce que sa profession permet, sauf ce qui est masqué, dont ceci.")
    )


def by_choices(visit: Visit, choices: Choices) -> list[Change]:
    """For the emergency services and the centre 15."""
    whom = [each for who in _PROFILES for each in (Reader(who), Reader(who, choices=choices))]
    look = preview.look(visit.actor, visit.purpose, visit.record_id, lambda _: whom)
    if look is None:
        return []
    found = (
        _change(look, gettext(words.PROFILES[who]), Reader(who), Reader(who, choices=choices)) for who in _PROFILES
    )
    return [each for each in found if each]


def _named(seers: Sequence[Seer]) -> list[Seer]:
    by_consent = {As.ATTENDING, As.COORDINATING, As.ADMINISTRATOR, As.AUTHORISED, As.TEAM, As.DEPUTY}
    return [each for each in seers if each.capacity in by_consent and not each.group][:_MOST]


def _change(look: Look, name: str, now: Reader, then: Reader) -> Change | None:
    if now not in look.previews or then not in look.previews:
        return None
    return Change(name, words.sees(look.previews[now]), words.sees(look.previews[then]))
