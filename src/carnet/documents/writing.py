"""What a professional adds by hand: one file, made a CDA document signed by them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models

from carnet.consent.access import Refused, permit_to_deposit
from carnet.consent.rules import Reason, Refusal
from carnet.documents import drafts
from carnet.documents.actions import deposit
from carnet.documents.drafts import Draft
from carnet.documents.habit_models import Habit
from carnet.documents.queries import Document
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.submission import Deposited
from carnet.formats.cda import header
from carnet.formats.cda.build import MEDIA_TYPES, level1
from carnet.formats.cda.build.codes import CCAM
from carnet.formats.cda.errors import CdaError
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Period, replace
from carnet.formats.rpps import PROFESSIONAL_OID, STRUCTURE_OID, national_id_of_rpps
from carnet.formats.terminology import document_types, labels, practice, professions, systems
from carnet.formats.terminology.document_types import DocumentType
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.people import queries as people
from carnet.people.queries import Signature
from carnet.records.queries import existence
from carnet.records.rules import Identity

_FRANCE: Final = ZoneInfo("Europe/Paris")
CDA: Final = "text/xml"
_NUMBER: Final = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_OID: Final = re.compile(r"[0-2](\.(0|[1-9]\d*))+", re.ASCII)
_SECOND: Final = 2


TYPES: Final = tuple(
    kind for kind in document_types.all_types() if kind.written_by == "professional" and kind.status == "dmp"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the professional says of the document. `day` is that of the act, in France; `labels` are visibility
    labels; `signed_by` the professional for whom they act, when they do not sign themselves. `act`: the CCAM code of
    what was done, `facility` and `setting` codes of `formats.terminology.practice`; "" for what is not said."""

    title: str
    type_code: str
    day: date
    labels: frozenset[str] = frozenset()
    signed_by: UUID | None = None
    act: str = ""
    facility: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The document that is replaced; `set_id` and `version` as its content says them, "" where it does not."""

    id: UUID
    unique_id: str
    set_id: str = ""
    version: str = ""


def corrected(document: Document, content: bytes) -> Corrected:
    """What a corrected version needs to know of the one before it. Only of a CDA document the content tells more."""
    set_id, version = "", ""
    if document.media_type == CDA:
        with suppress(CdaError):
            written = header.read(content)
            set_id, version = written.set_id, written.version
    return Corrected(document.id, document.unique_id, set_id, version)


def may_deposit(actor: Actor, record_id: UUID) -> None:
    """Raises `Refused` before anything is asked."""
    permit_to_deposit(actor, Purpose.CARE, record_id, action="document-deposit")


def add(
    actor: Actor, *, record_id: UUID, draft: Draft, written: Written, corrects: Corrected | None = None
) -> Deposited:
    """The same draft again is the same document. `corrects`: it takes the place of one of their own, is hidden from
    whom that is hidden, and who had opened that is listed to be told. Raises `Refused`, `DepositRefused` or
    `render.RenderError`."""
    kind = document_types.by_code(written.type_code)
    if kind is None or kind not in TYPES:
        raise DepositRefused(Fault.TYPE_UNKNOWN)
    content, media_type = drafts.content(draft)
    entry = _entry(_identity(actor, record_id), signed(actor, written.signed_by), draft, written, kind)
    entry = next_version(entry, corrects) if corrects else entry
    if media_type in MEDIA_TYPES:
        content, entry = level1(entry, content, media_type), replace(entry, media_type=CDA)
    else:
        entry = replace(entry, media_type=media_type)
    entry = replace(entry, format=document_types.default_format(media_type), labels=written.labels)
    replaced = (corrects.id,) if corrects else ()
    done = deposit(actor, Purpose.CARE, record_id=record_id, entry=entry, content=content, replaces_ids=replaced)
    drafts.drop(actor, record_id, draft.id)
    if done.new:
        _count(actor, written.type_code)
    return done


def habits(actor: Actor) -> dict[str, int]:
    """How often they deposited each type by hand."""
    known = Habit.objects.using(WRITER).filter(actor_id=actor.id)
    return dict(known.values_list("type_code", "times"))


def _count(actor: Actor, type_code: str) -> None:
    times = {"times": models.F("times") + 1}
    Habit.objects.using(WRITER).update_or_create(
        actor_id=actor.id, type_code=type_code, defaults=times, create_defaults={"times": 1}
    )


def next_version(entry: DocumentEntry, before: Corrected) -> DocumentEntry:
    """The next number of the same series. A foreign identifier of the one before it may be none that a CDA document can
    name: then the record alone knows."""
    number = int(before.version) + 1 if _NUMBER.fullmatch(before.version) else _SECOND
    nameable = _OID.fullmatch(before.unique_id)
    return replace(
        entry,
        set_id=before.set_id or entry.set_id,
        version=str(number),
        replaces=(before.unique_id,) if nameable else (),
    )


def _identity(actor: Actor, record_id: UUID) -> Identity:
    holder = existence(actor, record_id)
    if holder is None:
        raise Refused(Refusal(Reason.NO_RECORD), actor)
    return holder.identity


def _entry(who: Identity, author: Author, draft: Draft, written: Written, kind: DocumentType) -> DocumentEntry:
    """Labels come with the deposit, not with the document: they change, and it does not."""
    coded = Coded(kind.code, kind.system, kind.display)
    return DocumentEntry(
        unique_id=f"2.25.{draft.id.int}",
        type=coded,
        title=written.title,
        created=author.at or clock.now(),
        media_type="",
        patient=patient_of(who),
        confidentiality=labels.base("N"),
        authors=(author,),
        authenticator=author,
        custodian=author.organisation,
        events=(coded, Coded(written.act, CCAM)) if written.act else (coded,),
        facility=practice.facilities().get(written.facility),
        setting=practice.settings().get(written.setting),
        period=Period(start=datetime.combine(written.day, time(), _FRANCE)),
        set_id=f"2.25.{draft.id.int}",
        version="1",
    )


def patient_of(who: Identity) -> Patient:
    return Patient(
        ins=Identifier(who.ins_oid, who.ins),
        birth_family=who.birth_family,
        birth_given=who.birth_given,
        birth_givens=who.birth_givens,
        used_family=who.used_family,
        used_given=who.used_given,
        sex=who.sex,
        birth_date=who.birth_date,
        birth_place=who.birth_place,
    )


def signed(actor: Actor, signed_by: UUID | None) -> Author:
    """Oneself, or for whom one stands in now and nobody else."""
    if signed_by is not None and signed_by not in {each.id for each in people.principals(actor.id)}:
        raise DepositRefused(Fault.NOT_PERSONAL, code="not-your-principal")
    signature = people.signature(signed_by) if signed_by else people.signature(actor.id, actor.organisation)
    if signature is None:
        raise Refused(Refusal(Reason.PURPOSE), actor)
    return Author(
        identifier=Identifier(PROFESSIONAL_OID, national_id_of_rpps(signature.rpps)) if signature.rpps else None,
        family=signature.family.upper(),
        given=signature.given,
        suffix="DR" if signature.doctor else "",
        profession=_qualification(signature),
        organisation=_house(signature),
        at=clock.now(),
    )


def qualified(actor: Actor) -> str:
    """As what, and for whom, they sign themselves: « Médecin - Médecine générale, Cabinet du Mail »."""
    signature = people.signature(actor.id, actor.organisation)
    if signature is None:
        return ""
    return ", ".join(filter(None, (_qualification(signature).display, signature.organisation_name)))


def _house(signature: Signature) -> Organisation | None:
    if not signature.organisation_name:
        return None
    number = Identifier(STRUCTURE_OID, signature.organisation) if signature.organisation else None
    return Organisation(signature.organisation_name, number)


def _qualification(signature: Signature) -> Coded:
    code, system = signature.profession
    name = professions.display(system, code)
    if systems.to_oid(system) != systems.G15:
        return Coded(code, systems.to_oid(system), name)
    speciality = professions.display(systems.R38, signature.speciality)
    both = f"G15_{code}" + (f"/{signature.speciality}" if signature.speciality else "")
    return Coded(both, systems.A02_AUTHOR, f"{name} - {speciality}" if speciality else name)
