"""How one professional, team or organisation stands to the record: what every page about one begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carnet.consent import queries as consent
from carnet.consent.actions import Grantee
from carnet.consent.queries import Confidentiality, Given, Linked
from carnet.documents.changing import NotThere
from carnet.people import queries as people
from carnet.people.queries import Group, Professional
from carnet.web.patient.privacy_words import longest
from carnet.web.patient.visit import Visit


@dataclass(frozen=True, slots=True)
class State:
    """`professional` is None for a team or an organisation, which is then `group`; `given` what holds for it now, or
    will. `has_secrets`: a minor may keep from the representatives what they give. `shut_out`: whoever is blocked now,
    members of the group among them."""

    to: Grantee
    name: str
    professional: Professional | None
    given: tuple[Given, ...]
    blocked: Linked | None
    attending: Linked | None
    has_secrets: bool = False
    group: Group | None = None
    shut_out: frozenset[UUID] = frozenset()

    @property
    def secret(self) -> bool:
        """The representatives know of nothing that was given."""
        return bool(self.given) and all(each.secret for each in self.given)

    @property
    def until(self) -> datetime | None:
        return longest(self.given)

    @property
    def unmasked(self) -> bool:
        return any(each.unmasked for each in self.given)

    @property
    def express(self) -> bool:
        return any(each.express for each in self.given)


def settings(visit: Visit) -> Confidentiality:
    return consent.confidentiality(visit.actor, visit.purpose, visit.record_id)


def state(visit: Visit, grantee_id: UUID) -> State:
    """Raises `NotThere` for nobody."""
    found = settings(visit)
    to, name, professional, group = _who(grantee_id)
    return State(
        to=to,
        name=name,
        professional=professional,
        given=tuple(each for each in found.given if each.to == to),
        blocked=_linked(found.blocked, grantee_id),
        attending=_linked(found.attending, grantee_id),
        has_secrets=found.has_secrets,
        group=group,
        shut_out=frozenset(each.professional.id for each in found.blocked),
    )


def _who(grantee_id: UUID) -> tuple[Grantee, str, Professional | None, Group | None]:
    professional = people.professionals({grantee_id}).get(grantee_id)
    if professional:
        return Grantee("professional", grantee_id), professional.name, professional, None
    group = people.group(grantee_id)
    if group is None:
        raise NotThere
    return Grantee(group.kind, grantee_id), group.name, None, group


def _linked(all_of_them: tuple[Linked, ...], professional_id: UUID) -> Linked | None:
    return next((each for each in all_of_them if each.professional.id == professional_id), None)
