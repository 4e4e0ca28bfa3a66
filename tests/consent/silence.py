"""Who is told, stated the other way round than in `consent.rules`: the representatives of a minor read what a
professional does in the record, unless a secret alone let this professional in."""

from __future__ import annotations

from collections.abc import Iterable

from carnet.consent.facts import As, Authorisation, Clinician, Deputising, Facts, Span, Wish
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from tests.consent import oracle


def kept(f: Facts, answer: oracle.Answer) -> bool:
    """Whether it is kept from the representatives."""
    if f.actor is not ActorKind.PROFESSIONAL:
        return False
    capacity = answer[0] if answer else None
    if capacity in {None, As.AUTHOR} and _shut_out_in_secret(f):
        return True
    if f.purpose in {Purpose.EMERGENCY, Purpose.REGULATION}:
        if capacity not in {As.EMERGENCY, As.REGULATION}:
            return _guest(f)
        return answer != (capacity, "0" * 256, 0) and _only_secrets(_now(f, f.emergencies))
    if f.purpose not in {Purpose.CARE, Purpose.DEPOSIT}:
        return False
    if capacity in {As.AUTHORISED, As.COORDINATING, As.ADMINISTRATOR, As.TEAM}:
        return _only_secrets(_passes(f, f.own, by_team=capacity is As.TEAM)) or _guest(f)
    if capacity is As.RECIPIENT:
        return _only_secrets(_now(f, f.handed)) or _guest(f)
    if capacity is As.DEPUTY:
        same = [link for link in _links(f) if _width(f, link) == min(_width(f, each) for each in _links(f))]
        return all(_by_secret(f, link.principal) for link in same) or _guest(f)
    return _guest(f)


def _guest(f: Facts) -> bool:
    """Some secret lies between them and this minor, and nothing that the representatives were shown holds today."""
    circle = [f.own, *(link.principal for link in f.deputising if _now(f, [link.span]))]
    shown = [
        span for who in circle for span in (*who.attending, *(a.span for a in who.authorisations if not a.span.secret))
    ]
    doors = [*f.broken, *f.handed, *(a.span for who in circle for a in who.authorisations)]
    return True in {door.secret for door in doors} and not _now(f, shown)


def _shut_out_in_secret(f: Facts) -> bool:
    """What keeps them from what they would do is a block of which the minor alone knows."""
    if f.state not in oracle._OPEN or not _only_secrets(_now(f, f.own.blocked)):
        return False
    _, declares, emergency, regulation = oracle._POSITIONS.get(f.own.capacity or Capacity.INSURER, (False,) * 4)
    if f.purpose is Purpose.CARE:
        return {Wish.READ: f.own.capacity is not Capacity.INSURER, Wish.DECLARE: declares}.get(f.wish, False)
    glass = {
        Purpose.EMERGENCY: emergency and f.choices.emergency,
        Purpose.REGULATION: regulation and f.regulates and f.choices.regulation,
    }
    allowed = glass.get(f.purpose, False) and f.wish in {Wish.READ, Wish.BREAK_GLASS}
    return allowed and not f.switches.emergency_lifts_block


def _by_secret(f: Facts, who: Clinician) -> bool:
    if _now(f, who.attending):
        return False
    named = [] if who.matrix_in_team else _passes(f, who, by_team=False)
    return _only_secrets(named or _passes(f, who, by_team=True))


def _passes(f: Facts, who: Clinician, *, by_team: bool) -> list[Span]:
    def counts(given: Authorisation) -> bool:
        return given.by_team is by_team and (
            given.express or who.capacity not in {Capacity.OCCUPATIONAL, Capacity.FIRE}
        )

    return _now(f, [given.span for given in who.authorisations if counts(given)])


def _links(f: Facts) -> list[Deputising]:
    return [link for link in f.deputising if _now(f, [link.span]) and oracle._right(f, link.principal)]


def _width(f: Facts, link: Deputising) -> tuple[int, int]:
    right = oracle._right(f, link.principal)
    assert right
    curtain = link.kind.value == "secretary" and not f.switches.secretary_sees_masked
    curtain = curtain or right[0] is As.ADMINISTRATOR
    return right[2] | curtain, right[1].count("0")


def _now(f: Facts, spans: Iterable[Span]) -> list[Span]:
    return [each for each in spans if each.since <= f.now and not (each.until and each.until <= f.now)]


def _only_secrets(spans: list[Span]) -> bool:
    return bool(spans) and all(each.secret for each in spans)
