"""What a person adds to a record: a document of a patient's type, in the patient's name or that of who adds it for
them, theirs to replace and to take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from carnet.consent.access import Refused, permit_to_deposit
from carnet.consent.rules import Reason, Refusal
from carnet.documents import changing, drafts, shelf
from carnet.documents.actions import deposit
from carnet.documents.drafts import Draft
from carnet.documents.powers import Cause
from carnet.documents.rules import DepositRefused, Fault
from carnet.documents.shelf_rules import folder_name
from carnet.documents.submission import Deposited
from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Patient, Period
from carnet.formats.terminology import document_types
from carnet.formats.terminology.document_types import DocumentType
from carnet.kernel import clock
from carnet.kernel.actor import Actor, Purpose
from carnet.people import queries as people
from carnet.records.queries import existence
from carnet.records.rules import Identity

DEFAULT_TYPE: Final = "EXPPAT_2"
# Profile and questionnaire are written by forms, not added as files.
_PROFILE: Final = "DOCPAT08"
_BY_FORMS: Final = frozenset({_PROFILE, "74465-6"})
TYPES: Final = tuple(
    kind.code for kind in document_types.all_types() if kind.written_by == "patient" and kind.code not in _BY_FORMS
)
_FRANCE: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class About:
    """What the person says of the document. `day` is that of the act, in France; `folder` the name of one of their own
    folders, made when there is none of that name."""

    title: str
    type_code: str
    day: date
    masked: bool = False
    folder: str = ""


def may_add(actor: Actor, purpose: Purpose, record_id: UUID) -> None:
    """Raises `Refused` before anything is asked of the person."""
    permit_to_deposit(actor, purpose, record_id, action="document-deposit")


def add(actor: Actor, purpose: Purpose, *, record_id: UUID, draft: Draft, about: About) -> Deposited:
    """Makes a draft a document, and puts it where the person wants it, or where the one that it replaces stood; the
    same draft again is the same document. Raises `Refused`, `DepositRefused`, `ShelfRefused` or `render.RenderError`.
    """
    if about.folder:
        folder_name(about.folder)
    content, media_type = drafts.content(draft)
    by = _author(actor, purpose, record_id)
    entry = _entry(_identity(actor, record_id), by, draft.id, about, media_type)
    replaced = (draft.replaces,) if draft.replaces else ()
    done = deposit(
        actor,
        purpose,
        record_id=record_id,
        entry=entry,
        content=content,
        replaces_ids=replaced,
        pictures=drafts.pictures(draft),
    )
    if (about.folder or draft.replaces) and purpose is not Purpose.CARER:  # the folders are the holder's
        shelf.file(actor, purpose, record_id=record_id, document_id=done.id, folder=about.folder, like=draft.replaces)
    drafts.drop(actor, record_id, draft.id)
    return done


def write(actor: Actor, purpose: Purpose, *, record_id: UUID, key: UUID, about: About, text: str) -> Deposited:
    """A document of the person's own words; the same key with the same words is the same document. Raises `Refused`,
    `DepositRefused`."""
    by = _author(actor, purpose, record_id)
    entry = _entry(_identity(actor, record_id), by, key, about, "text/plain")
    return deposit(actor, purpose, record_id=record_id, entry=entry, content=text.encode())


def of_profile(actor: Actor, record_id: UUID, *, key: UUID, title: str, day: date, media_type: str) -> DocumentEntry:
    """What is made of the person's profile, in their name."""
    kind = document_types.known(_PROFILE)
    return _of_type(kind, _identity(actor, record_id), None, key, About(title, _PROFILE, day), media_type)


def take_back(actor: Actor, purpose: Purpose, *, record_id: UUID, document_id: UUID) -> None:
    """Withdraws what the person added. Raises `Refused` for a document of somebody else, `changing.NotThere`."""
    changing.withdraw(actor, purpose, record_id=record_id, document_id=document_id, cause=Cause.WITHDRAWN)


def _identity(actor: Actor, record_id: UUID) -> Identity:
    holder = existence(actor, record_id)
    if holder is None:
        raise Refused(Refusal(Reason.NO_RECORD), actor)
    return holder.identity


def _author(actor: Actor, purpose: Purpose, record_id: UUID) -> Author | None:
    """Who adds it for somebody else, under their own name; None for the holder."""
    match purpose:
        case Purpose.CARER:
            return Author(family=actor.name, relation="carer")
        case Purpose.REPRESENTATIVE:
            return Author(family=actor.name, relation=people.representing(actor, record_id))
    return None


def _entry(who: Identity, by: Author | None, key: UUID, about: About, media_type: str) -> DocumentEntry:
    kind = document_types.by_code(about.type_code)
    if kind is None or kind.code not in TYPES:
        raise DepositRefused(Fault.TYPE_UNKNOWN)
    return _of_type(kind, who, by, key, about, media_type)


def _of_type(
    kind: DocumentType, who: Identity, by: Author | None, key: UUID, about: About, media_type: str
) -> DocumentEntry:
    number = Identifier(who.ins_oid, who.ins)
    family, given = who.used_family or who.birth_family, (who.used_given or who.birth_given).title()
    return DocumentEntry(
        unique_id=str(key),
        type=Coded(kind.code, kind.system, kind.display),
        title=about.title,
        created=clock.now(),
        media_type=media_type,
        patient=_patient(who, number),
        format=document_types.default_format(media_type),
        labels=frozenset({"MASQUE_PS"}) if about.masked else frozenset(),
        authors=(by or Author(identifier=number, family=family, given=given),),
        period=Period(start=datetime.combine(about.day, time(), _FRANCE)),
    )


def _patient(who: Identity, number: Identifier) -> Patient:
    return Patient(
        ins=number,
        birth_family=who.birth_family,
        birth_given=who.birth_given,
        birth_givens=who.birth_givens,
        used_family=who.used_family,
        used_given=who.used_given,
        sex=who.sex,
        birth_date=who.birth_date,
        birth_place=who.birth_place,
    )
