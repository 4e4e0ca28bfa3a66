"""Who practises where, for whom and with whom, one line of a directory at a time.

A line is done whole or not at all; the same line again changes nothing. What a file leaves out stays as it is: only
`until` ends something."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from carnet.formats import rpps
from carnet.formats.lines import Kind, Line, LineRefused
from carnet.formats.terminology import professions
from carnet.kernel import audit, clock
from carnet.kernel.actor import Actor, ActorKind, Purpose
from carnet.kernel.db import WRITER
from carnet.kernel.ids import uuid7
from carnet.kernel.models import KernelActor
from carnet.people import actions, changing, queries
from carnet.people.changing import Practice
from carnet.people.models import Deputy, Organisation, Situation, Team, TeamMember
from carnet.people.rules import DEPUTIES, WITH_AN_END, Capacity, Span, step

_SPAN: Final = frozenset({"since"})
_UNTIL: Final = frozenset({"until"})
KINDS: Final[Mapping[str, Kind]] = {
    "organisation": Kind(frozenset({"organisation", "name"}), frozenset({"whole"})),
    "professional": Kind(
        frozenset({"professional", "family", "given", "profession"}),
        frozenset({"title", "capacity", "organisation"}) | _UNTIL,
    ),
    "situation": Kind(frozenset({"professional", "organisation"}) | _SPAN, frozenset({"role"}) | _UNTIL),
    "deputy": Kind(frozenset({"professional", "principal", "role"}) | _SPAN, _UNTIL),
    "team": Kind(frozenset({"team", "name"}), frozenset({"organisation"})),
    "member": Kind(frozenset({"team", "professional"}) | _SPAN, _UNTIL),
}
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_RPPS: Final = re.compile(r"\d{11}", re.ASCII)
_LONGEST_NAME: Final = 100
_LONGEST_CODE: Final = 30
_LONGEST_IDENTIFIER: Final = 40
_DEFAULT_SYSTEM: Final = "G15"


def act(actor: Actor, line: Line) -> bool:
    """False when it is so already. Raises `LineRefused`; each change leaves a line in the security log."""
    with transaction.atomic(using=WRITER):
        target_kind, target_id = _ACTS[line.kind](line) or ("", None)
        if target_id is None:
            return False
        audit.done(
            actor,
            Purpose.SUPPORT,
            record_id=None,
            capacity="owner",
            action=f"directory-{line.kind}",
            target_kind=target_kind,
            target_id=target_id,
        )
    return True


_Changed = tuple[str, UUID] | None


def _organisation(line: Line) -> _Changed:
    identifier, name = _identifier(line), line.text("name")
    found = queries.organisation_of(identifier)
    if found is not None:
        return ("organisation", found) if changing.name_organisation(organisation_id=found, name=name) else None
    part_of = _whole(line) if line.text("whole") else None
    return "organisation", actions.add_organisation(
        organisation_id=uuid7(), identifier=identifier, name=name, part_of_id=part_of
    )


def _whole(line: Line) -> UUID:
    """Of a service: a structure that came before, and is no service itself."""
    found = queries.organisation_of(line.text("whole", _LONGEST_IDENTIFIER))
    if found is None or Organisation.objects.using(WRITER).filter(id=found).exclude(part_of=None).exists():
        raise LineRefused("whole", "« whole » est l'identifiant d'une structure déjà connue, qui n'est pas un service.")
    return found


def _professional(line: Line) -> _Changed:
    found, practice = _found(line, "professional"), _practice(line)
    if found is None:
        return "professional", _add(line, practice)
    changed = changing.practice_of(found) != practice
    if changed:
        changing.change_practice(professional_id=found, practice=practice)
    left = _leaves(line) and KernelActor.objects.using(WRITER).filter(id=found, active=True).exists()
    if left:
        actions.deactivate(actor_id=found)
    return ("professional", found) if changed or left else None


def _add(line: Line, practice: Practice) -> UUID:
    if _leaves(line):
        raise LineRefused("no-professional", "Ce professionnel est inconnu et n'exerce plus : ôtez la ligne.")
    who = line.text("professional")
    numbered = bool(_RPPS.fullmatch(who))
    if numbered and not rpps.rpps_ok(who):
        raise LineRefused(
            "rpps", "« professional » : le dernier chiffre du RPPS ne va pas avec les autres, un est faux."
        )
    return actions.add_professional(
        actor_id=uuid7(),
        key=None if numbered else who,
        rpps=who if numbered else None,
        family=practice.family,
        given=practice.given,
        title=line.text("title", 20),
        profession_system=practice.profession_system,
        profession_code=practice.profession_code,
        speciality=practice.speciality,
        capacity=practice.capacity,
        organisation_id=practice.organisation_id,
    )


def _practice(line: Line) -> Practice:
    profession, speciality = professions.split(line.text("profession", _LONGEST_CODE), _DEFAULT_SYSTEM)
    known = professions.known(profession.system, profession.code)
    if not known or (speciality and not professions.known(speciality.system, speciality.code)):
        raise LineRefused("profession", "« profession » est un code comme G15_10/SM54, 10 ou R85_331 : il est inconnu.")
    family, given = line.text("family", _LONGEST_NAME), line.text("given", _LONGEST_NAME)
    capacities = tuple(each.value for each in Capacity)
    return Practice(
        name=" ".join(part for part in (line.text("title", 20), given, family) if part),
        family=family,
        given=given,
        profession_system=profession.system,
        profession_code=profession.code,
        speciality=speciality.code if speciality else "",
        capacity=Capacity(line.one_of("capacity", capacities, Capacity.CARE.value)),
        organisation_id=_place(line) if line.text("organisation") else None,
    )


def _leaves(line: Line) -> bool:
    """Whoever has left does not come back by a line: the support sees to that."""
    if not line.text("until"):
        return False
    if line.day("until") > clock.now():
        raise LineRefused("not-yet", "« until » d'un professionnel n'est pas à venir : envoyez la ligne ce jour-là.")
    return True


def _situation(line: Line) -> _Changed:
    who, place, (since, until) = _known(line), _place(line), line.span()
    role = line.text("role", _LONGEST_NAME)
    rows = Situation.objects.using(WRITER).filter(professional_id=who, organisation_id=place, role=role)
    match step(_spans(rows, who), since, until):
        case "begin":
            actions.add_situation(professional_id=who, organisation_id=place, role=role, since=since, until=until)
        case "end":
            actions.end_situation(professional_id=who, organisation_id=place, role=role, until=until)
        case "same":
            return None
    return "professional", who


def _deputy(line: Line) -> _Changed:
    who, principal, (since, until) = _known(line), _known(line, "principal"), line.span()
    kind = line.one_of("role", DEPUTIES)
    if who == principal:
        raise LineRefused("own-deputy", "Un professionnel n'est pas son propre suppléant : vérifiez les deux numéros.")
    if kind in WITH_AN_END and until is None:
        raise LineRefused("no-end", "Un remplacement et un stage ont une fin : remplissez « until ».")
    rows = Deputy.objects.using(WRITER).filter(deputy_id=who, principal_id=principal, kind=kind)
    match step(_spans(rows, who), since, until):
        case "begin":
            actions.add_deputy(deputy_id=who, principal_id=principal, kind=kind, since=since, until=until)
        case "end":
            actions.end_deputy(deputy_id=who, principal_id=principal, kind=kind, until=until)
        case "same":
            return None
    return "professional", who


def _team(line: Line) -> _Changed:
    team, name = team_id(line.text("team")), line.text("name")
    place = _place(line) if line.text("organisation") else None
    if Team.objects.using(WRITER).filter(id=team).exists():
        return ("team", team) if changing.change_team(team_id=team, name=name, organisation_id=place) else None
    return "team", actions.add_team(team_id=team, name=name, organisation_id=place)


def _member(line: Line) -> _Changed:
    team, who, (since, until) = team_id(line.text("team")), _known(line), line.span()
    if not Team.objects.using(WRITER).filter(id=team).exists():
        raise LineRefused(
            "no-team", "Cette équipe est inconnue : mettez sa ligne « team » avant celles de ses membres."
        )
    rows = TeamMember.objects.using(WRITER).filter(team_id=team, professional_id=who)
    match step(_spans(rows, who), since, until):
        case "begin":
            actions.join_team(team_id=team, professional_id=who, since=since, until=until)
        case "end":
            actions.leave_team(team_id=team, professional_id=who, until=until)
        case "same":
            return None
    return "team", team


def team_id(name: str) -> UUID:
    """Of the team that a directory calls so."""
    return uuid5(NAMESPACE_URL, f"urn:carnet:team:{name}")


def _spans(rows: QuerySet[Situation] | QuerySet[Deputy] | QuerySet[TeamMember], who: UUID) -> list[Span]:
    """Nobody else changes what holds for this professional until the transaction ends."""
    KernelActor.objects.using(WRITER).select_for_update().get(id=who)
    return list(rows.values_list("since", "until"))


def _found(line: Line, column: str) -> UUID | None:
    """By RPPS, or by the key of somebody who has none."""
    text = line.text(column)
    if _RPPS.fullmatch(text):
        return queries.professional_of_rpps(text)
    if not _KEY.fullmatch(text):
        raise LineRefused(
            "professional", f"« {column} » est un RPPS de 11 chiffres, ou une clé de 40 minuscules, chiffres et tirets."
        )
    actor = KernelActor.objects.using(WRITER).filter(key=text).first()
    if actor is not None and actor.kind != ActorKind.PROFESSIONAL.value:
        raise LineRefused("key-taken", f"« {column} » : cette clé est celle de quelqu'un d'autre, prenez-en une autre.")
    return actor.id if actor else None


def _known(line: Line, column: str = "professional") -> UUID:
    found = _found(line, column)
    if found is None:
        raise LineRefused(
            "no-professional", f"« {column} » : ce professionnel est inconnu, mettez d'abord sa ligne « professional »."
        )
    return found


def _identifier(line: Line) -> str:
    """National, or for a service that has none that of its whole, a stroke and a name of your choice."""
    whole, stroke, service = line.text("organisation", _LONGEST_IDENTIFIER).partition("/")
    if stroke and not _KEY.fullmatch(service):
        raise LineRefused(
            "organisation", "« organisation » d'un service : celui du tout, une barre, un nom en minuscules."
        )
    try:
        return rpps.structure(whole).value + stroke + service
    except rpps.RppsError as error:
        raise LineRefused("organisation", f"« organisation » : {error.message_fr}") from None


def _place(line: Line) -> UUID:
    found = queries.organisation_of(_identifier(line))
    if found is None:
        raise LineRefused("no-organisation", "Cette structure est inconnue : mettez d'abord sa ligne « organisation ».")
    return found


_ACTS: Final[Mapping[str, Callable[[Line], _Changed]]] = {
    "organisation": _organisation,
    "professional": _professional,
    "situation": _situation,
    "deputy": _deputy,
    "team": _team,
    "member": _member,
}
