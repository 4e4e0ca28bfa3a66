"""Whole situations drawn by chance: a record with its documents, everything that was given, refused and chosen in it,
and the cast that tries. What was done is remembered here in the test's own words, and told to the oracle. The name of a
situation is its seed: the same name says the same again, in the same order (of sequences, never of sets)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from carnet.consent import actions as consent
from carnet.consent import parents
from carnet.consent.access import Refused
from carnet.consent.actions import Blocked, Grantee, NotToBlock
from carnet.consent.caring import Right
from carnet.consent.emergency import LASTS, break_glass
from carnet.consent.facts import (
    As,
    Authorisation,
    Care,
    Choices,
    Clinician,
    Deputising,
    Facts,
    Span,
    Switches,
    Wish,
)
from carnet.consent.inviting import Channel
from carnet.consent.parents import Given, Proof
from carnet.documents import extracting, handing, masking
from carnet.formats.clinical.model import Kind, Prescription, Product
from carnet.formats.clinical.values import Concept
from carnet.formats.clinical.values import Span as Span_
from carnet.formats.entry import Author, Identifier, Period
from carnet.formats.terminology import document_types, labels
from carnet.health import disputing, profile
from carnet.health import queries as health
from carnet.health.profile import Own
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, ActorKind, Purpose
from carnet.kernel.vault import passing
from carnet.people import actions as people_actions
from carnet.people.rules import Capacity
from carnet.records import actions as records
from carnet.records.rules import RecordState
from carnet.rights import families
from carnet.rights import parents as proving
from tests import people
from tests.cast import TEST_OID
from tests.consent import oracle
from tests.consent.readers import DAY, Cast, Pro, a_span, an_id
from tests.health.stated import kept, result
from tests.people import Resident

TYPES = ("11502-2", "15508-5", "34112-3", "57833-6")
NAMES = ("BRUNEL", "CASSIN", "DELMAS")
WORD = "commun"
LONG_OVER = Prescription(
    kind=Kind.PRESCRIPTION,
    code=Concept(""),
    status="active",
    product=Product(Concept("Metformine 500 mg")),
    when=Span_("2019-03-12"),
)
"""What every document prescribed once."""
SAID = (
    (Own.CONTACT, "DOCPAT08", 0),
    (Own.TRUSTED, "DOCPAT08", labels.MASQUE_PS),
    (Own.DIRECTIVES, "EXPPAT_3", 0),
    (Own.ORGANS, "EXPPAT_1", labels.INVISIBLE_REPRESENTANTS_LEGAUX),
)
"""What the holder says of themselves: as what it is read, and from whom it is kept."""
_BY_PURPOSE = {
    ActorKind.PROFESSIONAL: (Purpose.CARE, Purpose.EMERGENCY, Purpose.REGULATION),
    ActorKind.PERSON: (Purpose.SELF, Purpose.REPRESENTATIVE, Purpose.CARER),
    ActorKind.CLIENT: (Purpose.DEPOSIT, Purpose.CARE),
    ActorKind.OPERATOR: (Purpose.SUPPORT, Purpose.CARE),
}


@dataclass(frozen=True)
class Paper:
    """A document: its type's place in a grant, its label bits, who keeps sight of it, the day of its act and the name
    under which it was written. `hands`: of what the holder put into somebody's hands, who holds it."""

    id: UUID
    ordinal: int
    labels: int
    depositor: UUID
    day: date
    author: str
    hands: dict[UUID, Span] | None = None


@dataclass
class Situation:
    """What was done in a record, as its holder would tell it. `name` is its seed. `second`: a parent whose proof an
    operator accepted; `shut`: the one who had invited them, and whom a court shut out since; of a minor."""

    name: str
    cast: Cast
    patient: Resident
    birth: str
    parent: Actor
    represents: Span
    guard: Actor
    guards: Span | None
    carer: Actor
    cares: Care
    second: Actor
    shut: Actor
    linked: dict[UUID, Span] = field(default_factory=dict)
    state: RecordState = RecordState.ACTIVE
    papers: list[Paper] = field(default_factory=list)
    reported: set[UUID] = field(default_factory=set)
    """Documents of which the holder said that something in them is wrong."""
    deposits: int = 0
    """Those that were taken back too: no two say the same number."""
    given: list[tuple[Grantee, Span, bool, bool]] = field(default_factory=list)
    blocked: dict[UUID, list[Span]] = field(default_factory=dict)
    attending: list[tuple[UUID, Span]] = field(default_factory=list)
    choices: Choices = field(default_factory=Choices)
    broken: dict[tuple[UUID, Purpose], Span] = field(default_factory=dict)
    masks: dict[UUID, oracle.Standing] = field(default_factory=dict)
    made: datetime = field(default_factory=clock.now)

    def who(self) -> list[tuple[Actor, Purpose]]:
        actors = [
            self.patient.actor,
            self.parent,
            self.guard,
            self.carer,
            self.second,
            self.shut,
            *self.cast.strangers,
            *self.cast.software,
        ]
        actors += [pro.actor for pro in self.cast.pros.values()]
        return [(actor, purpose) for actor in actors for purpose in _BY_PURPOSE[actor.kind]]

    def facts(self, actor: Actor, purpose: Purpose, wish: Wish = Wish.READ) -> Facts:
        pro = self.cast.pros.get(actor.id)
        broken = self.broken.get((actor.id, purpose))
        return Facts(
            wish=wish,
            purpose=purpose,
            actor=actor.kind,
            now=clock.now(),
            state=self.state,
            is_holder=actor.id == self.patient.actor.id,
            holder_birth=self.birth,
            own=self._clinician(pro) if pro else Clinician(),
            deputising=tuple(
                Deputising(kind, span, self._clinician(self.cast.pros[principal]))
                for principal, kind, span in (pro.principals if pro else ())
            ),
            emergencies=(broken,) if broken else (),
            broken=tuple(span for (who, _), span in self.broken.items() if who == actor.id),
            choices=self.choices,
            switches=Switches(carers=True),
            represents=(self.linked[actor.id],) if actor.id in self.linked else (),
            guards=(self.guards,) if self.guards and actor.id == self.guard.id else (),
            cares=(self.cares,) if actor.id == self.carer.id else (),
            handed=tuple(paper.hands[actor.id] for paper in self.papers if paper.hands and actor.id in paper.hands),
            is_author=any(paper.depositor == actor.id for paper in self.papers),
            operator="support" if actor.kind is ActorKind.OPERATOR else "",
            regulates=actor.regulates,
        )

    def _clinician(self, pro: Pro) -> Clinician:
        given = []
        for to, span, express, unmasked in self.given:
            if to == Grantee("professional", pro.actor.id):
                given.append(Authorisation(span, express=express, unmasked=unmasked))
            elif to.kind == "organisation" and to.id in pro.places:
                given.append(Authorisation(span, by_team=True))
            given += [
                Authorisation(_both(span, member), by_team=True)
                for team, member in pro.teams
                if to == Grantee("team", team) and _meet(span, member)
            ]
        return Clinician(
            capacity=pro.capacity,
            matrix=pro.types,
            matrix_in_team=pro.in_team_only,
            authorisations=tuple(given),
            blocked=tuple(self.blocked.get(pro.actor.id, ())),
            attending=tuple(span for who, span in self.attending if who == pro.actor.id),
        )

    def expected(self, actor: Actor, purpose: Purpose) -> frozenset[UUID] | None:
        """The documents that the law gives this reader; None when the record is shut to them."""
        answer = oracle.answer(self.facts(actor, purpose))
        if answer is None:
            return None
        capacity, types, hidden = answer
        return frozenset(paper.id for paper in self.papers if self._sees(actor, capacity, types, hidden, paper))

    def _sees(self, actor: Actor, capacity: As, types: str, hidden: int, paper: Paper) -> bool:
        if paper.depositor == actor.id:
            return True
        if paper.hands is not None and capacity not in {As.HOLDER, As.REPRESENTATIVE}:
            span = paper.hands.get(actor.id)
            return span is not None and span.holds(clock.now())
        return types[paper.ordinal] == "1" and not self._labels(paper) & hidden

    def in_hands(self) -> frozenset[UUID]:
        """Of which no facts are told."""
        return frozenset(paper.id for paper in self.papers if paper.hands is not None)

    def told(self, actor: Actor, purpose: Purpose) -> tuple[frozenset[str], bool]:
        """Which of the words of the holder this reader is told, and whether how the holder arranged them."""
        answer = oracle.answer(self.facts(actor, purpose))
        if answer is None:
            return frozenset(), False
        capacity, types, hidden = answer
        own = actor.id == self.patient.actor.id
        ordinals = {code: document_types.known(code).ordinal for _, code, _ in SAID}
        words = {kind.value for kind, code, bits in SAID if own or (types[ordinals[code]] == "1" and not bits & hidden)}
        return frozenset(words), capacity in {As.HOLDER, As.REPRESENTATIVE}

    def handed(self) -> tuple[frozenset[str], frozenset[UUID]]:
        """Of what somebody is told, the words and the documents that may stand on a paper for others."""
        papers = frozenset(paper.id for paper in self.papers if paper.hands is None and not self._labels(paper))
        return frozenset(kind.value for kind, _, bits in SAID if not bits), papers

    def may_preview(self, actor: Actor, purpose: Purpose) -> bool:
        """Whether its holder may look at it with this reader's eyes."""
        parent = actor.id in self.linked and purpose is Purpose.REPRESENTATIVE
        parent = parent or (self.guards is not None and actor.id == self.guard.id and purpose is Purpose.REPRESENTATIVE)
        carer = actor.id == self.carer.id and purpose is Purpose.CARER
        return self.state.open and (parent or carer or actor.kind is ActorKind.PROFESSIONAL)

    def foretold(self, actor: Actor, purpose: Purpose) -> frozenset[UUID]:
        """The same, as its holder may be shown it: without what is withheld from the holder, who cannot know whether a
        provider says of this reader that they answer calls, and is shown that they do."""
        actor = replace(actor, regulates=True)
        withheld = {paper.id for paper in self.papers if paper.labels & labels.INVISIBLE_PATIENT}
        return (self.expected(actor, purpose) or frozenset()) - withheld

    def _labels(self, paper: Paper) -> int:
        rules = self.masks.values()
        return oracle.labels(
            paper.labels,
            category=_category(paper.ordinal),
            day=paper.day,
            by=paper.author,
            place=self.papers.index(paper),
            rules=rules,
        )


def _both(one: Span, other: Span) -> Span:
    ends = [each for each in (one.until, other.until) if each]
    return Span(max(one.since, other.since), min(ends) if ends else None)


def _meet(one: Span, other: Span) -> bool:
    both = _both(one, other)
    return both.until is None or both.since <= both.until


def a_situation(name: str, cast: Cast) -> Situation:
    chance, now = Random(f"situations/{name}"), clock.now()
    # Grown up, a teenager who signs in beside the parents, a younger one, a child.
    births = ("1979-03-28", f"{now.year - 17}-01-01", f"{now.year - 14}-01-01", f"{now.year - 4}-06-30")
    birth = chance.choice(births)
    patient, parent = people.a_patient(birth_date=birth), people.a_person()
    span, care = a_span(chance, now), a_span(chance, now)
    guards = Span(span.since, span.until or now + 99 * DAY) if chance.random() < 0.5 else None
    rights = frozenset(right.value for right in Right if chance.random() < 0.5)
    found = Situation(
        name,
        cast,
        patient,
        birth,
        parent,
        a_span(chance, now),
        guard=people.a_person(),
        guards=guards,
        carer=people.a_person(),
        cares=Care(care, rights, acts=chance.random() < 0.5),
        second=people.a_person(),
        shut=people.a_person(),
    )
    found.linked[parent.id] = found.represents
    _link_others(found)
    people_actions.represent(
        SYSTEM,
        record_id=patient.record_id,
        representative_id=parent.id,
        since=found.represents.since,
        until=found.represents.until,
    )
    for _ in range(7):
        _deposit(chance, found)
    _say(found)
    while extracting.extract(patient.record_id):
        pass
    _report(found)
    acts = [_authorise, _authorise, _authorise, _authorise, _block, _attend, _choose, _break, _break, _withdraw]
    acts += [_mask, _mask, _unmask, _deposit, _hand, _hand, _take]
    for act in chance.choices(acts, k=11):
        act(chance, found)
    while extracting.extract(patient.record_id):
        pass
    if chance.random() < 0.15:
        found.state = chance.choice((RecordState.CLOSED, RecordState.SUSPENDED, RecordState.DECEASED))
        records.set_state(SYSTEM, record_id=patient.record_id, state=found.state)
    return found


def _change_parents(s: Situation) -> None:
    """One whom the insurance told of invites another, let in by a proof; then a court shuts the first one out."""
    since, operator = clock.now() - 9 * DAY, s.cast.strangers[1]
    people_actions.represent(SYSTEM, representative_id=s.shut.id, since=since, **_in(s))
    _, code = parents.invite(s.shut, Purpose.REPRESENTATIVE, name="Sacha", channel=Channel.PAPER, **_in(s))
    proof = passing.keep(b"%PDF-1.7 livret", until=clock.now() + DAY)
    case_id = parents.stand(s.second, code, Given(Proof.BOOKLET, proof.id, "application/pdf"))
    assert proving.accept(operator, case_id)
    found = families.family(operator, s.patient.record_id)
    assert found
    ids = [each.id for each in found.links if each.person_id == s.shut.id]
    assert families.end(operator, link_ids=ids, ground="withdrawn", reference="TJ de Reims, 3 mars", **_in(s)) == 1
    s.linked[s.second.id] = Span(clock.now() - timedelta(seconds=1))
    s.linked[s.shut.id] = Span(since, clock.now())


def _link_others(s: Situation) -> None:
    if s.birth != "1979-03-28":
        _change_parents(s)
    if s.guards:
        people_actions.represent(
            SYSTEM,
            record_id=s.patient.record_id,
            representative_id=s.guard.id,
            kind="guardian",
            since=s.guards.since,
            until=s.guards.until,
            ground="Jugement du tribunal judiciaire",
        )
    people_actions.care_for(
        SYSTEM,
        record_id=s.patient.record_id,
        carer_id=s.carer.id,
        rights=s.cares.rights,
        acts=s.cares.acts,
        since=s.cares.span.since,
        until=s.cares.span.until,
    )


def _deposit(chance: Random, s: Situation) -> None:
    minor = s.birth[:4] != "1979"
    label = chance.choice(("", "", "MASQUE_PS", "INVISIBLE_PATIENT", *(["INVISIBLE_REPRESENTANTS_LEGAUX"] * minor)))
    treats = [pro.actor for pro in s.cast.pros.values() if pro.capacity is not Capacity.INSURER]
    depositor = chance.choice((s.cast.software[0], s.cast.software[0], chance.choice(treats)))
    purpose = Purpose.DEPOSIT if depositor.kind is ActorKind.CLIENT else Purpose.CARE
    code, name = chance.choice(TYPES), chance.choice(NAMES)
    day = clock.now().date() - chance.choice((3, 30, 300)) * DAY
    entry = people.entry(
        type_code=code,
        labels=frozenset(filter(None, (label,))),
        authors=(Author(family=name),),
    )
    # At noon it is the same day in France.
    entry = replace(entry, period=Period(datetime.combine(day, time(12), UTC), None))
    content = f"{WORD} {an_id(chance).hex}".encode()
    done = people.deposited(depositor, s.patient, content, of=entry, purpose=purpose)
    # What every document says, and what it says alone.
    s.deposits += 1
    kept(s.patient, done.id, result(), LONG_OVER, result(f"{s.deposits + 10}"), by=depositor)
    kind = document_types.by_code(code, "")
    assert kind
    s.papers.append(Paper(done.id, kind.ordinal, labels.mask_of(entry.labels), depositor.id, day, name))


def _say(s: Situation) -> None:
    for kind, _, bits in SAID:
        masked, secret = bool(bits & labels.MASQUE_PS), bool(bits & labels.INVISIBLE_REPRESENTANTS_LEGAUX)
        profile.say(*_by_holder(s), kind=kind, name=kind.value, masked=masked, secret=secret, **_in(s))
    profile.answered(*_by_holder(s), steps=["allergies"], **_in(s))


def _report(s: Situation) -> None:
    """An error in what one document says alone, in every other one that the holder may know of."""
    told = health.lines(*_by_holder(s), s.patient.record_id, [Kind.RESULT])
    papers = {line.sources[0]: line.fact for line in told if len(line.sources) == 1}
    for paper in s.papers[::2]:
        if fact := papers.get(paper.id):
            disputing.report(*_by_holder(s), fact=fact, source_id=paper.id, words=WORD, **_in(s))
            s.reported.add(paper.id)


def _category(ordinal: int) -> str:
    kind = document_types.by_ordinal(ordinal)
    assert kind
    return kind.category


def _mask(chance: Random, s: Situation) -> None:
    """By a rule that does not hold yet."""
    kind = document_types.by_code(chance.choice(TYPES), "")
    assert kind
    today = clock.now().date()
    day = today - chance.choice((2, 20, 200)) * DAY
    name = chance.choice([paper.author for paper in s.papers if paper.hands is None])
    standing, rule = chance.choice(
        (
            (("category", kind.category), masking.of_category(kind.category)),
            (("before", day), masking.before(day, today=today)),
            (("author", name), masking.from_author(name)),
            (("all", ""), masking.of_everything()),
            (("new", len(s.papers)), masking.of_what_comes()),
        )
    )
    holds = standing in s.masks.values() or (standing[0] == "new" and "new" in {each[0] for each in s.masks.values()})
    if not holds and (standing[0] != "author" or name in _known(s)):
        s.masks[masking.mask(*_by_holder(s), rule=rule, **_in(s))] = standing


def _known(s: Situation) -> set[str]:
    """Whom the holder may name: authors of what is not withheld from them."""
    shown = [paper for paper in s.papers if paper.hands is None]
    return {paper.author for paper in shown if not paper.labels & labels.INVISIBLE_PATIENT}


def _unmask(chance: Random, s: Situation) -> None:
    if s.masks:
        mask_id = chance.choice(list(s.masks))
        masking.unmask(*_by_holder(s), mask_id=mask_id, **_in(s))
        del s.masks[mask_id]


def a_grantee(chance: Random, s: Situation) -> Grantee:
    return chance.choice(
        (
            Grantee("professional", chance.choice(list(s.cast.pros))),
            Grantee("professional", chance.choice(list(s.cast.pros))),
            Grantee("organisation", chance.choice(s.cast.organisations)),
            Grantee("team", chance.choice(s.cast.teams)),
        )
    )


def _authorise(chance: Random, s: Situation) -> None:
    to, span, express = a_grantee(chance, s), a_span(chance, clock.now()), chance.random() < 0.5
    unmasked = chance.random() < 0.3
    kept_out = any(each.holds(clock.now()) for each in s.blocked.get(to.id, ()))
    try:
        consent.authorise(
            *_by_holder(s), grantee=to, express=express, unmasked=unmasked, since=span.since, until=span.until, **_in(s)
        )
    except Blocked:
        assert kept_out
        return
    assert not kept_out
    s.given.append((to, span, express, unmasked))


def _withdraw(chance: Random, s: Situation) -> None:
    if s.given:
        to = chance.choice(s.given)[0]
        consent.withdraw(*_by_holder(s), grantee=to, **_in(s))
        _end(s, to)


def _end(s: Situation, to: Grantee) -> None:
    s.given = [each for each in s.given if each[0] != to]


def _block(chance: Random, s: Situation) -> None:
    pro, since = chance.choice(list(s.cast.pros)), clock.now() + chance.choice((-DAY, -DAY, DAY))
    if any(who == pro for who, _ in s.attending):
        with pytest.raises(NotToBlock):
            consent.block(*_by_holder(s), professional_id=pro, since=since, **_in(s))
        return
    consent.block(*_by_holder(s), professional_id=pro, since=since, **_in(s))
    s.blocked.setdefault(pro, []).append(Span(since))
    s.broken = {key: span for key, span in s.broken.items() if key[0] != pro}
    _end(s, Grantee("professional", pro))
    for paper in s.papers:
        if paper.hands:
            paper.hands.pop(pro, None)


def _hand(chance: Random, s: Situation) -> None:
    """A document of the holder's own, to two at most; to another, or for another time, it is another document."""
    # Of whom the representatives may not know, what is handed to them is kept from these too: a test of its own.
    unknown = {paper.depositor for paper in s.papers if paper.labels & 6}
    chosen = chance.sample([each for each in s.cast.pros if each not in unknown], 2)
    until = chance.choice((None, clock.now() + DAY))
    now = clock.now()
    blocked = {who for who, spans in s.blocked.items() if any(each.until is None for each in spans)}
    may = all(s.cast.pros[each].capacity in {Capacity.CARE, Capacity.COORDINATING} for each in chosen)
    number = Identifier(TEST_OID, s.patient.ins)
    entry = people.entry(type_code="DOCPAT08", authors=(Author(identifier=number, family="SOI"),))
    entry = replace(entry, patient=replace(entry.patient, ins=number), media_type="text/plain")
    content = f"{WORD} {an_id(chance).hex}".encode()
    try:
        done = handing.hand(*_by_holder(s), entry=entry, content=content, readers=chosen, until=until, **_in(s))
    except handing.HandRefused:
        assert not may or blocked.intersection(chosen)
        return
    assert may
    kind = document_types.known("DOCPAT08")
    hands = {each: Span(now, until) for each in chosen}
    s.papers.append(Paper(done.id, kind.ordinal, 0, s.patient.actor.id, now.date(), "SOI", hands))


def _take(chance: Random, s: Situation) -> None:
    held = [paper for paper in s.papers if paper.hands]
    if held:
        paper = chance.choice(held)
        handing.take_back(*_by_holder(s), document_id=paper.id, **_in(s))
        s.papers.remove(paper)


def _attend(chance: Random, s: Situation) -> None:
    pro, since = chance.choice(list(s.cast.pros)), clock.now() - DAY
    consent.set_attending(SYSTEM, professional_id=pro, since=since, **_in(s))
    s.attending = [(pro, Span(since))]
    # Whoever is named médecin traitant is blocked no longer.
    s.blocked[pro] = [Span(each.since, max(each.since, clock.now())) for each in s.blocked.get(pro, ())]


def _choose(chance: Random, s: Situation) -> None:
    s.choices = Choices(*(chance.random() < 0.6 for _ in range(3)))
    consent.choose(*_by_holder(s), choices=s.choices, **_in(s))


def _break(chance: Random, s: Situation) -> None:
    """By whoever; whether they may is the oracle's word too."""
    pro = s.cast.pros[chance.choice(list(s.cast.pros))]
    purpose = chance.choice((Purpose.EMERGENCY, Purpose.EMERGENCY, Purpose.REGULATION))
    may = oracle.answer(s.facts(pro.actor, purpose, Wish.BREAK_GLASS)) is not None
    try:
        broken = break_glass(pro.actor, purpose, reason="Inconscient aux urgences", **_in(s))
    except Refused:
        assert not may
    else:
        assert may
        s.broken[pro.actor.id, purpose] = Span(broken.until - LASTS, broken.until)


def _by_holder(s: Situation) -> tuple[Actor, Purpose]:
    return s.patient.actor, Purpose.SELF


def _in(s: Situation) -> dict[str, Any]:
    return {"record_id": s.patient.record_id}
