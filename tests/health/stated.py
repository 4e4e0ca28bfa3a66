"""Documents whose entries a test chooses itself."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from carnet.documents.actions import Deposited
from carnet.formats.clinical.model import Entry, Kind, Observation
from carnet.formats.clinical.reading import Fault, Read
from carnet.formats.clinical.values import Concept, Quantity, Span
from carnet.formats.entry import Coded, DocumentEntry
from carnet.formats.terminology.systems import LOINC
from carnet.health import reading
from carnet.kernel import clock
from carnet.kernel.actor import Actor
from tests import people
from tests.people import Resident

TSH = "3016-3"


def result(value: str = "2.1", *, code: str = TSH, day: str = "2024-03-12", unit: str = "m[IU]/L") -> Observation:
    return Observation(
        kind=Kind.RESULT,
        code=Concept("TSH", (Coded(code, LOINC, "TSH"),)),
        status="final",
        when=Span(day),
        value=Quantity(Decimal(value), unit, unit),
    )


def stating(
    patient: Resident,
    *entries: Entry,
    of: DocumentEntry | None = None,
    by: Actor | None = None,
    faults: tuple[Fault, ...] = (),
) -> Deposited:
    """Deposited, and read as stating just that."""
    depositor = by or people.software()
    done = people.deposited(depositor, patient, of=of)
    kept(patient, done.id, *entries, by=depositor, faults=faults)
    return done


def kept(patient: Resident, document_id: UUID, *entries: Entry, by: Actor, faults: tuple[Fault, ...] = ()) -> None:
    document = reading.Document(document_id, document_id, "text/xml", clock.now(), by.id)
    reading.keep(patient.record_id, [(document, Read(entries, faults))])
