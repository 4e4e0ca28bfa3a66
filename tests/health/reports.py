"""Reports as the software of a laboratory sends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from carnet.documents.actions import deposit
from carnet.formats.cda.build import level3
from carnet.formats.cda.build.clinical import Analyte, Result
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.sections import laboratory
from carnet.formats.entry import Identifier
from carnet.kernel.actor import Purpose
from tests import people
from tests.cast import TEST_OID
from tests.formats.cda.build.test_document import ENTRY
from tests.people import Resident

REPORT = loinc("11502-2", "CR d’examens biologiques")
TSH = Analyte("3016-3", "TSH", "mUI/L", "m[IU]/L", "0.4", "4.0", loinc("18719-5", "Biochimie"))


def a_report(patient: Resident, value: str = "4.6") -> UUID:
    """A report of a laboratory, as its software sends it."""
    name = f"2.25.{uuid4().int}"
    holder = replace(ENTRY.patient, ins=Identifier(TEST_OID, patient.ins))
    entry = replace(ENTRY, unique_id=name, set_id=name, type=REPORT, title="Analyses", patient=holder)
    content = level3(entry, laboratory(datetime(2024, 3, 12, 8, tzinfo=UTC), [Result(TSH, value)]))
    done = deposit(people.software(), Purpose.DEPOSIT, record_id=patient.record_id, entry=entry, content=content)
    return done.id
