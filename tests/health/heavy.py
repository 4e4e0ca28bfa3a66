"""A record as heavy as one that has been filled for twenty years: 1 200 documents and 9 000 facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import orjson

from carnet.documents import texts
from carnet.formats.clinical.model import Encounter, Entry, Kind, Vaccination
from carnet.formats.clinical.reading import Read
from carnet.formats.clinical.values import Concept, Span
from carnet.formats.entry import Coded, Organisation
from carnet.formats.terminology import analytes, document_types
from carnet.formats.terminology.systems import LOINC
from carnet.health import rows
from carnet.health.rows import Source
from carnet.kernel import clock, config, database
from tests import people
from tests.health.stated import kept, result
from tests.people import Resident

DOCUMENTS = 1_200
FACTS = 9_000
_TYPES = ("11502-2", "11488-4", "34112-3", "18748-4", "57833-6", "87273-9")
_PLACES = ("Laboratoire des Halles", "Clinique de l'Essai", "Centre hospitalier des Ponts", "")

_DOCUMENTS = """
    insert into record.documents_document
    select (jsonb_populate_record(d, r)).* from jsonb_array_elements(%s::jsonb) r, record.documents_document d
     where d.record_id = %s and d.id = %s
"""
_STATEMENTS = """
    insert into record.health_statement
    select (jsonb_populate_record(s, r)).* from jsonb_array_elements(%s::jsonb) r, record.health_statement s
     where s.record_id = %s and s.source_id = %s and s.position = 0
"""
_TEXTS = """
    insert into record.documents_text
    select (jsonb_populate_record(t, r)).* from jsonb_array_elements(%s::jsonb) r, record.documents_text t
     where t.record_id = %s and t.document_id = %s
"""
_READINGS = """
    insert into record.health_reading
    select (jsonb_populate_record(r, jsonb_build_object('document_id', d.id, 'type_ordinal', d.type_ordinal))).*
      from record.documents_document d
      join record.health_reading r on r.record_id = d.record_id and r.document_id = %s
     where d.record_id = %s and d.id <> r.document_id
"""
_READ = "select document_id from record.health_reading where record_id = %s"
_GATHERED = """
    select record.entries_gather(jsonb_populate_record(null::app.permit, jsonb_build_object('record_id', %s::uuid)), %s)
"""
_GATHERED_AT_ONCE = 50
"""In a house few are read at a time; of all of a record at once each would be compared with each."""


Fact = Callable[[Random, date, int], Entry]


def a_heavy_record(fact: Fact | None = None) -> Resident:
    """Copies of one deposit, written by the owner: six of the facts that each states are results, unless told."""
    made = fact or a_fact
    patient, laboratory, random = people.a_patient(), people.software(), Random(8)
    first = people.deposited(laboratory, patient)
    kept(patient, first.id, result(), by=laboratory)
    papers, said, read = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    count = 1
    for number in range(DOCUMENTS - 1):
        day = date(2006, 1, 3) + timedelta(days=number * 6 + random.randrange(5))
        document_id, place, code = uuid4(), random.choice(_PLACES), random.choice(_TYPES)
        ordinal = document_types.known(code).ordinal
        papers.append(_paper(document_id, number, day, place, ordinal))
        about = {"id": document_id, "title": "", "author_label": "", "organisation_label": place}
        read.append(texts.row(about | {"type_ordinal": ordinal}, texts.Read(("Un compte rendu.",))))
        rest, left = FACTS - count, DOCUMENTS - 1 - number
        # The others share what remains, the last one no more than its part.
        wanted = 12 if code == "11502-2" and rest - 12 >= 6 * (left - 1) else rest // left
        stated = [_visit(day, place, code), *(made(random, day, each) for each in range(wanted - 1))][:wanted]
        count += len(stated)
        source = Source(patient.record_id, document_id, "document", clock.now(), clock.now())
        said += [{**row, "type_ordinal": ordinal} for row in rows.of(source, Read(tuple(stated)))]
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        for statement, many in ((_DOCUMENTS, papers), (_STATEMENTS, said), (_TEXTS, read)):
            owner.execute(statement, (orjson.dumps(many).decode(), patient.record_id, first.id))
        owner.execute(_READINGS, (first.id, patient.record_id))
        documents = [document_id for (document_id,) in owner.execute(_READ, (patient.record_id,)).fetchall()]
        for start in range(0, len(documents), _GATHERED_AT_ONCE):
            owner.execute(_GATHERED, (patient.record_id, documents[start : start + _GATHERED_AT_ONCE]))
        owner.execute("vacuum analyze record.documents_document, record.documents_text")
        owner.execute("vacuum analyze record.health_statement, record.health_reading")
    return patient


def _paper(document_id: UUID, number: int, day: date, place: str, ordinal: int) -> dict[str, Any]:
    return {
        "id": document_id,
        "unique_id": f"2.25.{number}",
        "service_start": f"{day}T09:00:00+01:00",
        "created_at": f"{day}T12:00:00+01:00",
        "organisation_label": place,
        "type_ordinal": ordinal,
    }


def _visit(day: date, place: str, code: str) -> Entry:
    stays = code == "34112-3"
    return Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept("Hospitalisation" if stays else "Consultation"),
        status="finished",
        when=Span(str(day), str(day + timedelta(days=3 if stays else 0))),
        encounter_class=Coded("IMP" if stays else "AMB", "2.16.840.1.113883.5.4"),
        provider=Organisation(place or "Cabinet du Mail"),
    )


def a_fact(random: Random, day: date, number: int) -> Entry:
    # Of as many as somebody has who goes each year.
    if number == 3 and day.month in {10, 11} and random.random() < 0.2:
        vaccine = Concept("Vaccin grippal", (Coded("J07BB02", "2.16.840.1.113883.6.73", "Vaccin grippal"),))
        return Vaccination(kind=Kind.VACCINATION, code=vaccine, status="completed", when=Span(str(day)))
    analyte = random.choice(analytes.every())
    code = Concept(analyte.label, (Coded(analyte.codes[0].code, LOINC, analyte.english),))
    earlier = day - timedelta(days=random.choice((0, 0, 0, 0, 0, 400)))
    return replace(result(str(random.randrange(1, 900) / 10), day=str(earlier)), code=code)
