"""A submission before it is stored: what each document is, how much of it is hidden, and what it is tied to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.caring import WISHES
from carnet.consent.rules import As
from carnet.documents import combining
from carnet.documents.models import Secrecy, Status
from carnet.documents.rules import DepositRefused, Fault, excludes_everyone, personal, refuse, type_of
from carnet.documents.submission import NewDocument, Submission
from carnet.documents.ties import asked_by, ties, written_by
from carnet.formats.terminology import labels
from carnet.formats.terminology.document_types import DocumentType
from carnet.kernel.db import Permit, locator
from carnet.records.rules import is_minor

_FRANCE = ZoneInfo("Europe/Paris")
SECRET = labels.INVISIBLE_REPRESENTANTS_LEGAUX
WITHHELD = SECRET | labels.INVISIBLE_PATIENT
"""What keeps a document from the record's own people: so are the lines that tell of it and do not name it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One document of a submission. `asked` are the label bits that it came with; `ties`, `suspicions` and
    `betrays` are keyed hashes in hexadecimal."""

    position: int
    new: NewDocument
    kind: DocumentType
    asked: int
    sha256: bytes
    ties: frozenset[str]
    suspicions: frozenset[str]
    betrays: frozenset[str]

    @property
    def unique_id(self) -> str:
        return self.new.entry.unique_id


def plans(record_id: UUID, submission: Submission) -> list[Plan]:
    """Raises every fault that the documents have by themselves."""
    found: list[Plan] = []
    faults: list[DepositRefused] = []
    for position, new in enumerate(submission.documents):
        try:
            found.append(_plan(record_id, position, new))
        except DepositRefused as fault:
            fault.position = position
            faults.append(fault)
    refuse(faults)
    return found


def check_personal(permit: Permit, found: Sequence[Plan]) -> None:
    """Raises what persons may not add, whichever way it came."""
    standing = As(permit.capacity)
    if standing in {As.HOLDER, As.REPRESENTATIVE, As.CARER}:
        helper = "" if standing is As.HOLDER else permit.actor.name
        faults = [plan for plan in found if not personal(plan.new.entry, plan.kind, helper)]
        if standing is As.CARER:
            faults += [plan for plan in found if plan not in faults and (plan.asked or plan.kind.code in WISHES)]
        refuse([DepositRefused(Fault.NOT_PERSONAL, position=plan.position) for plan in faults])


def _plan(record_id: UUID, position: int, new: NewDocument) -> Plan:
    return Plan(
        position=position,
        new=new,
        kind=type_of(new.entry),
        asked=combining.label_bits(new.entry.labels),
        sha256=sha256(new.content).digest(),
        ties=digests(record_id, ties(new.entry)),
        suspicions=digests(record_id, asked_by(new.entry)),
        betrays=digests(record_id, written_by(new.entry)),
    )


def digests(record_id: UUID, names: Iterable[str]) -> frozenset[str]:
    return frozenset(locator.digest("tie", f"{record_id} {name}").hex() for name in names)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A stored document that the submission replaces."""

    id: UUID
    unique_id: str
    version: int
    status: str
    labels: int
    archived: bool
    secrecy: str
    type_ordinal: int
    tokens: list[int]
    fhir: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands in the record around a submission (`record.submission_prepare`); `own` are hashes of contents by
    uniqueId; `guarded`: a guardian represents the holder now; `reached` are names of the new documents, each with one
    to which open documents lead from it; `beyond` those of the latter that stored secrets bear."""

    own: dict[str, str]
    replaced: tuple[Replaced, ...]
    waiting: dict[str, UUID]
    set_taken: bool
    secrets: frozenset[str]
    tied: tuple[tuple[str, UUID], ...]
    suspicions: frozenset[str]
    birth: str
    guarded: bool
    reached: frozenset[tuple[str, str]] = frozenset()
    beyond: frozenset[str] = frozenset()

    @classmethod
    def of(cls, found: dict[str, Any]) -> Around:
        own: dict[str, tuple[str, int]] = found["own"] or {}
        return cls(
            own={unique_id: digest for unique_id, (digest, _) in own.items()},
            replaced=tuple(Replaced(**{**row, "id": UUID(row["id"])}) for row in found["replaced"] or ()),
            waiting={unique_id: UUID(text) for unique_id, text in (found["waiting"] or {}).items()},
            set_taken=found["set"] is not None,
            secrets=frozenset(found["secrets"] or ()),
            tied=tuple((digest, UUID(text)) for digest, text in found["tied"] or ()),
            suspicions=frozenset(found["suspicions"] or ()),
            birth=found["birth"] or "",
            guarded=found["guarded"],
        )

    def represented(self, now: datetime) -> bool:
        """Whether there is somebody to keep a secret from: the guardian of a protected adult, or a minor's parents,
        whether we know of any or not."""
        return self.guarded or is_minor(self.birth, now.astimezone(_FRANCE).date())

    def names_of(self, plan: Plan) -> frozenset[str]:
        """Its ties, and those of the open documents of the same act."""
        return plan.ties | {other for digest, other in self.reached if digest in plan.ties}

    def replaced_by(self, new: NewDocument) -> tuple[Replaced, ...]:
        unique_ids, ids = set(new.entry.replaces), set(new.replaces_ids)
        return tuple(row for row in self.replaced if row.unique_id in unique_ids or row.id in ids)


def check(found: Sequence[Plan], around: Around, superseded: Collection[UUID]) -> None:
    """Raises every fault that the documents have in this record. A uniqueId to replace that is not here is none: the
    link is kept (ten official samples have one); an id must be known, and neither may have been replaced already. One
    replaces one: what hides a document must find all its versions."""
    faults: list[DepositRefused] = []
    replaced: set[UUID] = set()
    for plan in found:
        rows = around.replaced_by(plan.new)
        if set(plan.new.replaces_ids) - {row.id for row in rows}:
            faults.append(DepositRefused(Fault.REPLACED_UNKNOWN, position=plan.position))
        elif len(rows) > 1:
            faults.append(DepositRefused(Fault.REPLACED_SEVERAL, position=plan.position))
        elif any(row.status != Status.CURRENT or row.id in replaced for row in rows):
            faults.append(DepositRefused(Fault.REPLACED_SUPERSEDED, position=plan.position))
        elif any(combining.refused(plan.asked | row.labels) and not excludes_everyone(row.labels) for row in rows):
            faults.append(DepositRefused(Fault.LABELS_EXCLUDE_EVERYONE, position=plan.position))
        replaced.update(row.id for row in rows)
    if set(superseded) - replaced:
        faults.append(DepositRefused(Fault.NOT_REPLACED))
    refuse(faults)


def check_again(
    found: Sequence[Plan], labels_before: Mapping[str, int], unreplaced: Collection[str], superseded: Collection[UUID]
) -> None:
    """What has come already is the same only if nothing was asked of it that was not done: raises every fault.
    `labels_before` are the bits that each came with, and more perhaps, by uniqueId; `unreplaced` the ids and uniqueIds
    of documents in force."""
    faults = [
        DepositRefused(Fault.OTHER_LABELS, position=plan.position)
        for plan in found
        if plan.asked & ~labels_before[plan.unique_id]
    ]
    faults += [
        DepositRefused(Fault.OTHER_REPLACED, position=plan.position)
        for plan in found
        if {*plan.new.entry.replaces, *map(str, plan.new.replaces_ids)} & set(unreplaced)
    ]
    if not faults and {str(each) for each in superseded} & set(unreplaced):
        faults.append(DepositRefused(Fault.NOT_REPLACED))
    refuse(faults)


@dataclass(frozen=True, slots=True)
class Hidden:
    """The label bits that a document gets, and why it is kept from the representatives, if it is."""

    bits: int
    secrecy: Secrecy


def hidden(found: Sequence[Plan], around: Around, *, represented: bool, quiet: int = 0) -> list[Hidden]:
    """A correction is seen by nobody who did not see what it corrects; what is tied to a secret is secret itself, also
    when both come together. `represented`: somebody represents the holder, a minor's parents or an adult's guardian.
    `quiet`: the label bits of those who do not know of the depositor, whom the holder let in by a secret: what they
    deposit is of that visit."""
    given = [_given(plan, around.replaced_by(plan.new)) for plan in found]
    if represented and quiet & SECRET:
        given = [each if each.bits & SECRET else Hidden(each.bits | SECRET, Secrecy.LINKED) for each in given]
    secrets = set(around.secrets | around.beyond)
    names = [around.names_of(plan) for plan in found]
    while True:
        secrets.update(*(own for own, each in zip(names, given, strict=True) if each.bits & SECRET))
        spread = [
            Hidden(each.bits | SECRET, Secrecy.LINKED) if not each.bits & SECRET and own & secrets else each
            for own, each in zip(names, given, strict=True)
        ]
        if spread == given:
            break
        given = spread
    if not represented:
        return given
    return [
        Hidden(each.bits | SECRET, Secrecy.SUSPECTED)
        if not each.bits & SECRET and plan.suspicions & around.suspicions
        else each
        for plan, each in zip(found, given, strict=True)
    ]


def _given(plan: Plan, replaced: Sequence[Replaced]) -> Hidden:
    inherited = reduce(or_, (row.labels for row in replaced), 0)
    if plan.asked & SECRET:
        return Hidden(plan.asked | inherited, Secrecy.ASKED)
    kept = next((Secrecy(row.secrecy) for row in replaced if row.labels & SECRET and row.secrecy), Secrecy.ASKED)
    return Hidden(plan.asked | inherited, kept if inherited & SECRET else Secrecy.NONE)
