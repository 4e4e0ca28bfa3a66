"""The relation inside a record: Django's queries follow it, the database enforces it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError

from carnet.consent.access import permit_to_read
from carnet.documents.models import Document
from carnet.kernel.actor import Purpose
from carnet.kernel.db import READER, WRITER, Trace, open_record
from tests import people

pytestmark = pytest.mark.usefixtures("house")


def test_a_replacement_leads_to_what_it_replaces() -> None:
    patient, software = people.a_patient(), people.software()
    old = f"2.25.{uuid4().int}"
    first = people.deposited(software, patient, b"1", of=people.entry(old))
    second = people.deposited(software, patient, b"2", of=people.entry(replaces=(old,)))
    permit = permit_to_read(patient.actor, Purpose.SELF, patient.record_id, action="test")
    with open_record(permit, trace=Trace("document-read")):
        found = Document.objects.using(READER).select_related("replaces").get(id=second.id)
        assert found.replaces is not None
        assert found.replaces.id == first.id


def test_the_database_refuses_a_relation_that_leaves_the_record() -> None:
    software = people.software()
    mine = people.deposited(software, people.a_patient(), b"1")
    patient = people.a_patient()
    other = people.deposited(software, patient, b"2")
    permit = permit_to_read(patient.actor, Purpose.SELF, patient.record_id, action="test")
    with (
        pytest.raises(IntegrityError, match="within_record"),
        open_record(permit, trace=Trace("test"), using=WRITER) as cursor,
    ):
        cursor.execute("update record.documents_document set replaces_id = %s where id = %s", (mine.id, other.id))
