"""Who adds a document for somebody else does so under their own name: read on its page, in lists, by software, in the
trail; by nobody in another's name, and of the other parent without any place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carnet.consent.access import Refused
from carnet.documents import adding
from carnet.documents.actions import deposit
from carnet.documents.adding import About
from carnet.documents.rules import DepositRefused
from carnet.formats.entry import Author, Identifier, Patient
from carnet.kernel import clock
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import short, uuid7
from carnet.people import actions as people_actions
from tests import people
from tests.api.caller import Caller
from tests.cast import TEST_OID
from tests.people import Resident
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, browsing, plain


def a_relative(name: str) -> Actor:
    return people.actor(people_actions.add_person(actor_id=uuid7(), key=None, name=name, record_id=None))


def adds(who: Actor, purpose: Purpose, record: Resident, title: str) -> str:
    about = About(title, adding.DEFAULT_TYPE, clock.now().date())
    done = adding.write(who, purpose, record_id=record.record_id, key=uuid7(), about=about, text="Deux nuits agitées.")
    return str(done.id)


def reads(at: Browsing, who: Actor) -> Browsing:
    at.client.cookies.set(COOKIE, session_of(who), domain="localhost.local")
    return at


def test_what_a_carer_adds_is_theirs_by_name_on_every_face(server: str) -> None:
    holder, carer = people.a_patient(), a_relative("Paul Durand")
    people_actions.care_for(
        SYSTEM,
        record_id=holder.record_id,
        carer_id=carer.id,
        rights=["documents"],
        acts=True,
        since=people.long_ago(),
    )
    own = adds(holder.actor, Purpose.SELF, holder, "Mes notes")
    document = adds(carer, Purpose.CARER, holder, "Nuits agitées")
    with browsing(server) as at:
        reads(at, holder.actor)
        listed = at.text("/documents")
        assert "Ajouté par Paul Durand, personne aidante" in listed
        page = at.text(f"/documents/{document}")
        assert "Ajouté par Paul Durand, personne aidante" in page
        assert "Auteur Camille Essai" not in page
        assert "Ajouté par Paul Durand" not in at.text(f"/documents/{own}")
        assert "Paul Durand" in at.text("/acces?qui=tous")
        # In English too.
        at.opens("/langue/en")
        assert "Added by Paul Durand, carer" in at.text(f"/documents/{document}")

    software = Caller.of(server, holder.actor, Purpose.SELF)
    found = software.get(f"DocumentReference?patient={short(holder.record_id)}").json()
    (resource,) = (each["resource"] for each in found["entry"] if "Nuits agitées" in str(each["resource"]["content"]))
    for name, found_by in (("author.family", 1), ("author.given", 1), ("author:Practitioner.family", 0)):
        answer = software.get(f"DocumentReference?patient={short(holder.record_id)}&{name}=Durand").json()
        assert answer["total"] == found_by, name
    (author,) = resource["author"]
    (relative,) = (each for each in resource["contained"] if f"#{each['id']}" == author["reference"])
    assert relative["resourceType"] == "RelatedPerson"
    assert relative["name"] == [{"text": "Paul Durand"}]
    assert relative["relationship"][0]["coding"][0]["code"] == "CAREGIVER"

    # In nobody else's name, and not as who they are not; the holder adds in no relative's name.
    for who, purpose, author_of in (
        (carer, Purpose.CARER, Author(family="Marie Curie", relation="carer")),
        (carer, Purpose.CARER, Author(family="Paul Durand", given="Dr", relation="carer")),
        (holder.actor, Purpose.SELF, Author(family=holder.actor.name, relation="parent")),
    ):
        entry = people.entry(type_code=adding.DEFAULT_TYPE, authors=(author_of,))
        entry = replace(entry, patient=Patient(ins=Identifier(TEST_OID, holder.ins), birth_family="ESSAI"))
        with pytest.raises(DepositRefused):
            deposit(who, purpose, record_id=holder.record_id, entry=entry, content=b"x")


def test_what_a_parent_adds_is_read_by_the_other_as_the_parents(server: str) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-02-03")
    mother, father = a_relative("Anne Martin"), a_relative("Paul Durand")
    for each in (mother, father):
        people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=each.id, since=people.long_ago())
    document = adds(mother, Purpose.REPRESENTATIVE, child, "Journal de la semaine")
    with browsing(server) as at:
        reads(at, father)
        at.opens("/accueil")
        assert "Ajouté par Anne Martin, parent" in at.text("/documents")
        page = at.text(f"/documents/{document}")
        assert "Ajouté par Anne Martin, parent" in page
        # Of its author nothing else is there: no number, no place.
        words = plain(at.client.get(f"/documents/{document}").text)
        assert child.ins not in words
    # A relative who may only read adds nothing, under whichever name.
    reader = a_relative("Luc Petit")
    people_actions.care_for(
        SYSTEM, record_id=child.record_id, carer_id=reader.id, rights=["documents"], since=people.long_ago()
    )
    with pytest.raises(Refused):
        adds(reader, Purpose.CARER, child, "Non")
