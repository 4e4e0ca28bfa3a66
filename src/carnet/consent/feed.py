"""What the health insurance tells of people, one line at a time: their médecin traitant, whose parents they are, and
the final number of who had a waiting one; and whom a court made the guardian of a protected adult.

A line is done whole or not at all, and the same line again changes nothing and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet

from carnet.consent import actions as consent
from carnet.consent.models import Attending
from carnet.formats import ins, rpps
from carnet.formats.ins import Ins
from carnet.formats.lines import Kind, Line, LineRefused
from carnet.formats.terminology import systems
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from carnet.kernel.db import WRITER, Trace, note, steward, steward_permit
from carnet.people import actions as people
from carnet.people import queries
from carnet.people.changing import practice_of
from carnet.people.models import Representation
from carnet.people.rules import Capacity, step
from carnet.records.models import Record
from carnet.records.queries import record_of_ins
from carnet.records.renumbering import NotOfAnyone, Taken, renumber
from carnet.records.rules import RecordState, earliest_birth, majority

_DOCTOR: Final = "10"
_HOLDER: Final = frozenset({"ins", "oid"})
KINDS: Final[Mapping[str, Kind]] = {
    "attending": Kind(_HOLDER | {"rpps", "since"}),
    "attending-end": Kind(_HOLDER | {"rpps", "until"}),
    "parent": Kind(_HOLDER | {"parent_ins", "parent_oid", "since"}, frozenset({"until"})),
    "number": Kind(_HOLDER | {"new_ins", "new_oid"}),
    "guardian": Kind(_HOLDER | {"guardian_ins", "guardian_oid", "since", "until", "ground"}),
}


def act(actor: Actor, line: Line) -> bool:
    """False when it is known already. Raises `LineRefused`."""
    return _ACTS[line.kind](actor, line)


def _attending(actor: Actor, line: Line) -> bool:
    record_id, professional_id, since = _record(line, "ins", "oid"), _professional(line), line.day("since")
    with transaction.atomic(using=WRITER):
        known = _known(actor, record_id)
        if _is_known(known, professional_id, since):
            return False
        if not _may_attend(professional_id):
            raise LineRefused("not-a-doctor", "Ce n'est pas un médecin qui soigne et qui exerce : vérifiez le RPPS.")
        if any(begun > since for _, begun, _ in known):
            raise LineRefused(
                "outdated",
                "Un médecin traitant plus récent est connu : envoyez les lignes dans l'ordre de leurs jours.",
            )
        consent.set_attending(actor, record_id=record_id, professional_id=professional_id, since=since)
    return True


_Known = list[tuple[UUID, datetime, datetime | None]]


@contextmanager
def _entered(actor: Actor, record_id: UUID) -> Iterator[CursorWrapper]:
    """Where nobody else writes until the transaction ends. Of who objected to a record, nothing is kept."""
    with steward(actor, record_id, trace=None) as cursor:
        state = Record.objects.using(WRITER).values_list("state", flat=True).get(id=record_id)
        if not RecordState(state).exists:
            raise _no_record("ins")
        yield cursor


def _known(actor: Actor, record_id: UUID) -> _Known:
    """Every médecin traitant there was."""
    with _entered(actor, record_id):
        found = Attending.objects.using(WRITER).filter(record_id=record_id)
        return list(found.values_list("professional_id", "since", "until"))


def _is_known(known: _Known, professional_id: UUID, since: datetime) -> bool:
    spans = [(begun, ended) for who, begun, ended in known if who == professional_id]
    return step(spans, since, None) == "same"


def _attending_end(actor: Actor, line: Line) -> bool:
    record_id, professional_id, until = _record(line, "ins", "oid"), _professional(line), line.day("until")
    with transaction.atomic(using=WRITER):
        spans = [(begun, ended) for who, begun, ended in _known(actor, record_id) if who == professional_id]
        if not any(begun <= until for begun, _ in spans):
            raise LineRefused(
                "not-attending",
                "Ce professionnel n'est pas le médecin traitant ce jour-là : vérifiez le RPPS et le jour.",
            )
        return end_attending(actor, record_id=record_id, professional_id=professional_id, until=until)


def end_attending(actor: Actor, *, record_id: UUID, professional_id: UUID, until: datetime) -> bool:
    """At that instant what has begun by then. False, without a line, when nothing goes on."""
    going_on = Q(until=None) | Q(until__gt=until)
    with steward(actor, record_id, trace=None) as cursor:
        rows = Attending.objects.using(WRITER).filter(going_on, record_id=record_id, professional_id=professional_id)
        ended = rows.filter(since__lte=until).update(until=until)
        if ended:
            note(cursor, steward_permit(actor, record_id), Trace("attending-ended", "professional", professional_id))
            consent.changed(cursor, record_id, actor.id)
    return bool(ended)


def _parent(actor: Actor, line: Line) -> bool:
    return _represents(actor, line, "parent")


def _guardian(actor: Actor, line: Line) -> bool:
    """Of an adult: a child's parents represent them. The decision that it rests on is noted, by court and date."""
    return _represents(actor, line, "guardian")


def _represents(actor: Actor, line: Line, kind: str) -> bool:
    record_id, parent_id, (since, until) = _record(line, "ins", "oid"), _account(line, kind), line.span()
    if queries.person_of(record_id) == parent_id:
        raise LineRefused(f"own-{kind}", "Les deux INS sont ceux de la même personne : vérifiez-les.")
    with transaction.atomic(using=WRITER), _entered(actor, record_id) as cursor:
        found = Representation.objects.using(WRITER).filter(record_id=record_id, representative_id=parent_id, kind=kind)
        match step(list(found.values_list("since", "until")), since, until):
            case "same":
                return False
            case "begin":
                _not_shut_out(found)
                _of_the_right_age(record_id, kind)
                people.represent(
                    actor,
                    record_id=record_id,
                    representative_id=parent_id,
                    kind=kind,
                    since=since,
                    until=until,
                    ground=line.text("ground"),
                )
            case "end":
                people.end_representation(
                    actor, record_id=record_id, representative_id=parent_id, kind=kind, until=until
                )
        consent.changed(cursor, record_id, actor.id)
    return True


def _not_shut_out(known: QuerySet[Representation]) -> None:
    """What a court ended, the insurance's file does not bring back: it may not know of it yet."""
    latest = known.order_by("-since").first()
    if latest is not None and latest.ended_for:
        raise LineRefused(
            "ended-by-court",
            "Une décision de justice a mis fin à cette représentation : la console la rétablit, pas ce fichier.",
        )


def _number(actor: Actor, line: Line) -> bool:
    record_id, new = _record(line, "ins", "oid"), _ins(line, "new_ins", "new_oid")
    try:
        return renumber(actor, record_id, new)
    except NotOfAnyone:
        raise _no_record("ins") from None
    except Taken:
        raise LineRefused(
            "number-taken",
            "« new_ins » est le numéro d'un autre carnet : vérifiez au guichet si c'est la même personne.",
        ) from None


def _of_the_right_age(record_id: UUID, kind: str) -> None:
    born = Record.objects.using(WRITER).values_list("birth_date", flat=True).get(id=record_id)
    grown = clock.now().date() >= majority(earliest_birth(born))
    if kind == "guardian" and not grown:
        raise LineRefused("minor", "La personne de « ins » est mineure : ses parents la représentent.")
    if kind == "parent" and grown:
        raise LineRefused("of-age", "La personne de « ins » est majeure : les deux INS sont-ils dans le bon ordre ?")


def _record(line: Line, number: str, system: str) -> UUID:
    found = _ins(line, number, system)
    record_id = record_of_ins(found.oid, found.value15)
    if record_id is None:
        raise _no_record(number)
    return record_id


def _ins(line: Line, number: str, system: str) -> Ins:
    try:
        found = ins.parse(line.text(number), line.text(system))
    except ins.InsError as error:
        raise LineRefused("ins", f"« {number} », « {system} » : {error.message_fr}") from None
    if not found.key_ok:
        raise LineRefused(
            "ins-key", f"« {number} » : la clé ne va pas avec le matricule, un chiffre est sans doute faux."
        )
    return found


def _no_record(column: str) -> LineRefused:
    return LineRefused("no-record", f"« {column} » : aucun carnet n'a cet INS ; renvoyez la ligne quand il en aura un.")


def _account(line: Line, kind: str) -> UUID:
    """Of the parent or guardian, who represents under their own name."""
    person_id = queries.person_of(_record(line, f"{kind}_ins", f"{kind}_oid"))
    if person_id is None:
        who = "Le parent" if kind == "parent" else "Le tuteur"
        raise LineRefused("no-account", f"{who} n'a pas encore de compte : renvoyez la ligne quand il en aura un.")
    return person_id


def _professional(line: Line) -> UUID:
    number = line.text("rpps")
    found = queries.professional_of_rpps(number)
    if found is not None:
        return found
    if not rpps.rpps_ok(number):
        raise LineRefused("rpps", "« rpps » a 11 chiffres, dont le dernier vérifie les autres : un chiffre est faux.")
    raise LineRefused("no-professional", "Aucun professionnel n'a ce RPPS : chargez d'abord l'annuaire.")


def _may_attend(professional_id: UUID) -> bool:
    known = practice_of(professional_id)
    doctor = (known.profession_system, known.profession_code) == (systems.G15, _DOCTOR)
    return doctor and known.capacity is Capacity.CARE and queries.actor_by_id(professional_id) is not None


_ACTS: Final[Mapping[str, Callable[[Actor, Line], bool]]] = {
    "attending": _attending,
    "attending-end": _attending_end,
    "parent": _parent,
    "number": _number,
    "guardian": _guardian,
}
