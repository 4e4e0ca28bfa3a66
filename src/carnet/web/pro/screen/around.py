"""Who is around a person: the médecin traitant, those who wrote what this reader may read, whom to call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from carnet.consent.circle import Broken, Follower
from carnet.formats.folding.fold import fold
from carnet.health.profile import Word
from carnet.health.profile_models import Own
from carnet.health.screen import Screen
from carnet.kernel.actor import Purpose
from carnet.web import i18n, words
from carnet.web.i18n import gettext
from carnet.web.pro.screen.items import numeric

__all__ = ["Around", "Person", "of"]

_FEW: Final = 4
_TITLES: Final = frozenset({"dr", "pr", "m", "mme"})


@dataclass(frozen=True, slots=True)
class Person:
    """`call`: the number as a telephone dials it."""

    name: str
    role: str
    day: str = ""
    phone: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """`attending`: by name, as the band says it."""

    attending: str
    carers: tuple[Person, ...]
    relatives: tuple[Person, ...]
    emergencies: tuple[Person, ...]


def of(screen: Screen, reader: UUID) -> Around:
    attending = screen.circle.attending
    return Around(
        attending=", ".join(_named(each, reader) for each in attending),
        carers=tuple(_carers(screen, reader)),
        relatives=tuple(_relatives(screen)),
        emergencies=tuple(
            Person(_named(each.by, reader), _reason(each), f"{numeric(each.by.since)} {i18n.hour(each.by.since)}")
            for each in screen.circle.emergencies
        ),
    )


def _reason(broken: Broken) -> str:
    said = gettext("« %(reason)s »") % {"reason": broken.reason}
    return f"{gettext('Régulation')} : {said}" if broken.mode is Purpose.REGULATION else said


def _named(who: Follower, reader: UUID) -> str:
    return gettext("%(name)s (vous)") % {"name": who.name} if who.id == reader else who.name


def _carers(screen: Screen, reader: UUID) -> Iterator[Person]:
    known: set[str] = set()
    for each in screen.circle.attending:
        known.add(_key(each.name))
        yield Person(_named(each, reader), gettext("Médecin traitant"))
    for each in screen.circle.authorised:
        if each.id != reader and _key(each.name) not in known:
            known.add(_key(each.name))
            role = words.profession(each.professional.profession) if each.professional else gettext("Équipe autorisée")
            yield Person(each.name, role)
    for name, place, at in list(_authors(screen, known))[:_FEW]:
        yield Person(name, place, numeric(at))


def _key(name: str) -> str:
    """« Mme Anne Leroy » signs as « Anne LEROY »."""
    return " ".join(word for word in fold(name).split() if word.rstrip(".") not in _TITLES)


def _authors(screen: Screen, known: set[str]) -> Iterator[tuple[str, str, datetime]]:
    """Of documents in sight, by the day of the last; what people add themselves has no author here."""
    for paper in screen.papers:
        name, place = paper.line.author_label, paper.line.organisation_label
        of_care = paper.type is not None and paper.type.written_by == "professional"
        if of_care and name and _key(name) not in known:
            known.add(_key(name))
            yield name, place, paper.at


def _relatives(screen: Screen) -> Iterator[Person]:
    """Who is both trusted and to be called stands once, with one number."""
    titles = {Own.TRUSTED: gettext("Personne de confiance"), Own.CONTACT: gettext("Personne à prévenir")}
    found: dict[tuple[str, str], list[Word]] = {}
    for each in screen.words:
        if each.kind in titles:
            found.setdefault((_key(each.name), _dialled(each.phone)), []).append(each)
    for (_, call), said in found.items():
        first, *rest = dict.fromkeys(titles[each.kind] for each in said)
        relations = dict.fromkeys(each.relation for each in said if each.relation)
        role = ", ".join((first, *(each[:1].lower() + each[1:] for each in rest), *relations))
        yield Person(said[0].name, role, "", said[0].phone, call)


def _dialled(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit() or char == "+")
