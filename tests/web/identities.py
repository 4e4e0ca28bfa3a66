"""People whose identity a provider tells, and how it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Actor
from carnet.people import identity_cases
from carnet.people.identities import Known, Waiting, Young, arrive
from carnet.people.identity_cases import Case
from carnet.people.pivot import Pivot
from carnet.records import actions as records
from carnet.records.rules import Identity, RecordState
from tests import people
from tests.cast import TEST_OID
from tests.web.browsing import Browsing, plain
from tests.web.console.desk import pages
from tests.web.provider import TestProvider

ISSUER = "https://idp.example"


def somebody(**changes: str) -> Identity:
    """A woman whose name nobody else has."""
    name = "".join(chr(ord("A") + int(digit)) for digit in str(uuid4().int)[:12])
    honest = Identity(
        TEST_OID,
        people.fresh_ins(),
        f"D'{name}-LÉGER",
        "ANNE-ZOÉ",
        birth_givens="ANNE-ZOÉ MARIE",
        sex="F",
        birth_date="1985-03-12",
        birth_place="51215",
    )
    return replace(honest, **changes)


def opened(who: Identity, state: RecordState = RecordState.ACTIVE) -> UUID:
    return records.open_record_for(SYSTEM, identity=who, state=state)


def as_told(who: Identity, **changes: str) -> Pivot:
    """As the provider writes it: in small letters, with every given name."""
    honest = Pivot(who.birth_family.title(), who.birth_givens.title(), who.birth_date, who.sex, who.birth_place)
    return replace(honest, **changes)


def comes(pivot: Pivot, subject: str = "") -> Known | Waiting | Young:
    return arrive(issuer=ISSUER, subject=subject or f"fc-{uuid4()}", pivot=pivot)


def waits(found: Known | Waiting | Young) -> Waiting:
    assert isinstance(found, Waiting)
    return found


def case_of(operator: Actor, found: Known | Waiting | Young) -> Case:
    return next(
        each for each in identity_cases.cases(operator, limit=10_000) if each.reference == waits(found).reference
    )


def tells(provider: TestProvider, who: Identity, **changes: str) -> None:
    """A new account at the provider, with the claims of FranceConnect."""
    sub = f"fc-{uuid4()}"
    provider.claims = {"sub": sub}
    provider.userinfo = {
        "sub": sub,
        "family_name": who.birth_family.title(),
        "given_name": who.birth_givens.title(),
        "birthdate": who.birth_date,
        "gender": "female",
        "birthplace": who.birth_place,
        "birthcountry": "99100",
    } | changes


def not_needed(record_id: UUID) -> None:
    raise AssertionError(f"there is no account of {record_id}")


def last_to_confirm(other: Browsing) -> str:
    read = pages(other, "/console/confirmer")
    return str(re.findall(r'href="(/console/confirmer/[0-9a-f-]{36})"', "".join(read))[-1])


def confirmed_by(other: Browsing) -> str:
    """The request that came last, confirmed by an operator who is not the one who asked; what its page said."""
    confirms = last_to_confirm(other)
    shown = plain(other.opens(confirms).text)
    assert "C'est confirmé" in plain(other.sends(confirms, {"acte": "confirmer", "vu": "1"}).text)
    return shown


def acts_in(record_id: UUID) -> list[tuple[str, str]]:
    with database.connect(config.load(), "owner") as owner:
        return owner.execute(
            "select action, actor_kind from trail.line where record_id = %s order by at", (record_id,)
        ).fetchall()
