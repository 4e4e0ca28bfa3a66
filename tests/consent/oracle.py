"""The law of access, stated the other way round: what each reader is given at most, and what takes it away again. It
shares no code with `consent.rules`; the two must agree on every combination of facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from carnet.consent.facts import ALL_TYPES, NO_TYPES, As, Authorisation, Clinician, DeputyKind, Facts, Span, Wish
from carnet.formats.terminology import document_types
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState

Answer = tuple[As, str, int] | None
"""Capacity, readable types, hidden labels; None when nothing at all is given."""

_MASKED, _UNANNOUNCED, _SECRET = 1, 2, 4
_OPEN = {RecordState.ACTIVE, RecordState.UNOPENED}
# Who feeds, who may be given a consent at a visit, and who has emergencies, one row for each position.
_POSITIONS = {
    #                            feeds  declares  emergency  regulation
    Capacity.CARE: (True, True, True, False),
    Capacity.CHILD_PROTECTION: (True, True, True, False),
    Capacity.REGULATION: (True, True, False, True),
    Capacity.OCCUPATIONAL: (True, True, False, False),
    Capacity.COORDINATING: (True, True, True, False),
    Capacity.FIRE: (True, True, False, False),
    Capacity.SECRETARIAT: (True, False, False, False),
    Capacity.INSURER: (False, False, False, False),
}


Standing = tuple[str, str | date | int]
"""What the holder masks by a rule: a "category", what is "before" a day, what an "author" wrote, "all", or what is
"new" after so many documents."""


def labels(own: int, *, category: str, day: date, by: str, place: int, rules: Collection[Standing]) -> int:
    """The labels that count for a document: under a rule of the holder it is as masked, whatever it bears itself."""
    named = ("category", category) in rules or ("author", by) in rules
    old = any(what == "before" and isinstance(limit, date) and day < limit for what, limit in rules)
    came_after = ("all", "") in rules or any(what == "new" and isinstance(n, int) and n <= place for what, n in rules)
    return own | (_MASKED if named or old or came_after else 0)


def answer(f: Facts) -> Answer:
    if f.wish is Wish.STATE and f.purpose is not Purpose.CARER:
        return answer(replace(f, wish=Wish.DEPOSIT))
    if f.wish is Wish.LIFE:
        theirs = f.state is not None and f.is_holder and (f.actor, f.purpose) == (ActorKind.PERSON, Purpose.SELF)
        parent = (f.actor, f.purpose) == (ActorKind.PERSON, Purpose.REPRESENTATIVE) and f.state is not None
        if parent and _child(f) and any(_now(f, span) for span in f.represents):
            return As.REPRESENTATIVE, NO_TYPES, _MASKED | _UNANNOUNCED | _SECRET
        return (As.HOLDER, NO_TYPES, _MASKED | _UNANNOUNCED | _SECRET) if theirs else None
    aside = f.state is RecordState.SUSPENDED and _goes_on_meanwhile(f)
    if f.state not in _OPEN and not aside:
        return None
    people = {
        ActorKind.CLIENT: _client,
        ActorKind.OPERATOR: _operator,
        ActorKind.PERSON: _person,
        ActorKind.PROFESSIONAL: _professional,
    }
    return people[f.actor](f) if f.actor in people else None


def _goes_on_meanwhile(f: Facts) -> bool:
    """What is known of a visit is put down somewhere, and what is somebody else's is taken out."""
    return f.wish is Wish.WITHDRAW or (f.wish is Wish.DEPOSIT and f.actor is not ActorKind.PERSON)


def _client(f: Facts) -> Answer:
    if f.purpose is not Purpose.DEPOSIT:
        return None
    given = {Wish.DEPOSIT: (As.DEPOSITOR, NO_TYPES, 0)}
    if f.reads_own:
        given[Wish.READ] = (As.SOFTWARE, NO_TYPES, 0)
    return given.get(f.wish)


def _operator(f: Facts) -> Answer:
    support = f.wish is Wish.WITHDRAW and f.purpose is Purpose.SUPPORT and f.operator == "support"
    return (As.STEWARD, ALL_TYPES, 0) if support else None


def _person(f: Facts) -> Answer:
    if f.wish is Wish.JOIN and f.purpose is Purpose.REPRESENTATIVE:
        other = f.invited and not f.is_holder and _child(f) and not any(_now(f, span) for span in f.represents)
        return (As.INVITED, NO_TYPES, _MASKED | _UNANNOUNCED | _SECRET) if other else None
    if f.wish is Wish.JOIN:
        asked = f.purpose is Purpose.CARER and f.invited and not f.is_holder and f.switches.carers
        return (As.CARER, NO_TYPES, _MASKED | _UNANNOUNCED | _SECRET) if asked else None
    if f.purpose is Purpose.CARER and f.wish in {Wish.READ, Wish.DEPOSIT, Wish.STATE}:
        return _helper(f)
    if f.wish not in {Wish.READ, Wish.DEPOSIT}:
        return None
    if f.purpose is Purpose.SELF and f.is_holder:
        return As.HOLDER, ALL_TYPES, _UNANNOUNCED
    parent = _child(f) and any(_now(f, span) for span in f.represents)
    if f.purpose is Purpose.REPRESENTATIVE and (parent or any(_now(f, span) for span in f.guards)):
        return As.REPRESENTATIVE, ALL_TYPES, _UNANNOUNCED | _SECRET
    return None


# What is taken and given: prescriptions, dispensations, administrations, vaccinations. And what nobody else is told of.
_TAKEN = (
    *("57828-6", "57832-8", "57833-6", "PRESC-INF", "PRESC-KINE", "PRESC-ORTHOPHO", "PRESC-ORTHOPTIE", "PRESC-PEDI"),
    *("61357-0", "75468-9", "60593-1", "DISP_AUT", "80565-5", "DOCPAT02"),
    *("11369-6", "87273-9", "96874-3"),
)
_MEASURED = ("29274-8",)
_CONVENED = ("56446-8",)
_WISHES = ("EXPPAT_1", "EXPPAT_3")


def _helper(f: Facts) -> Answer:
    """Everything, or treatments, appointments or measures alone, or nothing but to be let in; never what is hidden
    from anybody."""
    mine = [each for each in f.cares if _now(f, each.span) and f.switches.carers]
    if f.wish is Wish.DEPOSIT:
        mine = [each for each in mine if each.acts and "documents" in each.rights]
    if f.wish is Wish.STATE:
        mine = [each for each in mine if each.acts and {"documents", "treatments", "measures"} & set(each.rights)]
    if not mine:
        return None
    every = {right for each in mine for right in each.rights}
    read = [kind.code for kind in document_types.all_types()] if "documents" in every else []
    read += _TAKEN if "treatments" in every else []
    read += _CONVENED if "appointments" in every else []
    read += _MEASURED if "measures" in every else []
    places = {kind.ordinal for kind in document_types.all_types() if kind.code in read and kind.code not in _WISHES}
    return As.CARER, "".join("1" if n in places else "0" for n in range(256)), _MASKED | _UNANNOUNCED | _SECRET


def _professional(f: Facts) -> Answer:
    feeds, declares, emergency, regulation = _POSITIONS.get(f.own.capacity or Capacity.CARE, (False,) * 4)
    if f.own.capacity is None:
        feeds = True
        declares = emergency = regulation = False
    if f.wish is Wish.DEPOSIT:
        theirs = f.note in {"", *f.own.notes}
        return (
            (As.DEPOSITOR, NO_TYPES, 0) if feeds and theirs and f.purpose in {Purpose.CARE, Purpose.DEPOSIT} else None
        )
    if f.purpose is Purpose.CARE and f.wish is Wish.DECLARE:
        return (As.DECLARANT, NO_TYPES, 0) if declares and not _kept_out(f, f.own) else None
    if f.purpose is Purpose.CARE and f.wish is Wish.READ:
        return _in_care(f)
    allowed = {Purpose.EMERGENCY: emergency, Purpose.REGULATION: regulation and f.regulates}
    if allowed.get(f.purpose) and f.wish in {Wish.READ, Wish.BREAK_GLASS}:
        return _in_emergency(f)
    return None


def _in_care(f: Facts) -> Answer:
    """The strongest of what is given: one's own right, somebody else's place, one's own documents."""
    if f.own.capacity is Capacity.INSURER:
        return None
    own_documents = (As.AUTHOR, NO_TYPES, 0) if f.is_author else None
    if any(_now(f, span) for span in f.own.blocked):
        return own_documents
    # Whom the law lets in for some alone is let in for no others by standing in for somebody.
    bound = f.own.capacity in {Capacity.OCCUPATIONAL, Capacity.FIRE}
    bound = bound or (f.own.capacity is Capacity.CHILD_PROTECTION and not _child(f))
    return _right(f, f.own) or (None if bound else _place(f)) or own_documents or _hands(f)


def _hands(f: Facts) -> Answer:
    """Who treats, and was given a document by its holder, is let in to that one."""
    holds = any(_now(f, span) for span in f.handed)
    return (As.RECIPIENT, NO_TYPES, 0) if holds and f.own.capacity in {Capacity.CARE, Capacity.COORDINATING} else None


def _right(f: Facts, who: Clinician) -> Answer:
    if _kept_out(f, who):
        return None
    if any(_now(f, span) for span in who.attending):
        return As.ATTENDING, ALL_TYPES, 0 if f.switches.attending_sees_masked else _MASKED
    given = [each for each in who.authorisations if _now(f, each.span)]
    if who.capacity in {Capacity.OCCUPATIONAL, Capacity.FIRE}:
        given = [each for each in given if each.express]
    named = [each for each in given if not each.by_team]
    if named and not who.matrix_in_team:
        return _trusted(f, who, named) or (As.AUTHORISED, who.matrix, _MASKED)
    return (As.TEAM, who.matrix, _MASKED) if any(each.by_team for each in given) else None


def _trusted(f: Facts, who: Clinician, named: Collection[Authorisation]) -> Answer:
    """To whom the person shows what they mask from the others."""
    positions = {Capacity.COORDINATING: (As.COORDINATING, ALL_TYPES, 0)}
    if f.switches.administrator_sees_masked:
        positions[Capacity.CARE] = (As.ADMINISTRATOR, who.matrix, 0)
    told = [each for each in named if each.unmasked]
    return positions.get(who.capacity or Capacity.INSURER) if told else None


def _kept_out(f: Facts, who: Clinician) -> bool:
    grown = who.capacity is Capacity.CHILD_PROTECTION and not _child(f)
    return grown or who.capacity is Capacity.INSURER or any(_now(f, span) for span in who.blocked)


def _place(f: Facts) -> Answer:
    places = []
    for link in f.deputising:
        right = _right(f, link.principal) if _now(f, link.span) else None
        if right:
            curtain = link.kind is DeputyKind.SECRETARY and not f.switches.secretary_sees_masked
            curtain = curtain or right[0] is As.ADMINISTRATOR
            places.append((right[2] | (_MASKED if curtain else 0), right[1]))
    if not places:
        return None
    hidden, types = min(places, key=lambda place: (place[0], -place[1].count("1"), place[1]))
    return As.DEPUTY, types, hidden


def _in_emergency(f: Facts) -> Answer:
    regulates = f.purpose is Purpose.REGULATION
    own_documents = (As.AUTHOR, NO_TYPES, 0) if f.is_author and f.wish is Wish.READ else None
    objected = not f.choices.regulation if regulates else not f.choices.emergency
    shut_out = any(_now(f, span) for span in f.own.blocked) and not f.switches.emergency_lifts_block
    if objected or shut_out:
        return own_documents
    capacity = As.REGULATION if regulates else As.EMERGENCY
    if f.wish is Wish.BREAK_GLASS:
        return capacity, NO_TYPES, 0
    if not any(_now(f, span) for span in f.emergencies):
        return None
    return capacity, f.own.matrix, 0 if f.choices.masked else _MASKED


def _now(f: Facts, span: Span) -> bool:
    return not (span.since > f.now) and not (span.until is not None and span.until <= f.now)


def _child(f: Facts) -> bool:
    """Under eighteen in France; who is born in a year or a month is taken as born on its first day."""
    year, month, day = (int(part) for part in (f.holder_birth + "-01-01")[:10].split("-"))
    here = f.now.astimezone(ZoneInfo("Europe/Paris"))
    return (here.year - year) - ((here.month, here.day) < (month, day)) < 18
