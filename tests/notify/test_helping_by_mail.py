"""Who is invited to help, and who helps: their mails, through a real mail server."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from carnet.consent import answering
from carnet.consent.inviting import Asked, Given
from carnet.documents import adding, masking
from carnet.formats.entry import Author
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.ids import uuid7
from carnet.notify import inviting, sending
from carnet.notify.contacts import BadAddress
from carnet.notify.rules import Kind
from carnet.people import actions as people_actions
from carnet.people.models import CareMail
from tests import people
from tests.notify.mailbox import MEDICAL, Box, body, listening, subjects, worked
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("house")


def invite(holder: Resident, address: str) -> None:
    asked = Asked("Alix", "ma fille, pour mon diabète", Given(frozenset({"documents"})))
    inviting.invite(holder.actor, Purpose.SELF, record_id=holder.record_id, asked=asked, address=address)


def carried() -> None:
    """As a worker would, every invitation that waits."""
    worked()
    for mail in CareMail.objects.filter(claimed_at=None):
        with suppress(sending.NotSent):
            inviting.send(mail.id)


def test_an_invitation_to_help_leaves_once_and_says_nothing_but_a_given_name(box: Box) -> None:
    holder, helper = people.a_patient(), people.a_person()
    address = f"{helper.id.hex}@exemple.fr"
    box.refusing = True
    invite(holder, address)
    carried()
    assert not box.to(address)
    box.refusing = False
    carried()
    carried()
    (mail,) = box.to(address)
    words_of_it = body(mail)
    assert "Camille vous demande de l'aider" in words_of_it
    for word in (*MEDICAL, "Essai", "diabète", "Alix", holder.ins):
        assert word.lower() not in words_of_it.lower(), word
    code = re.search(r"code=(\S+)", words_of_it)
    assert code
    assert bytes(CareMail.objects.latest("sent_at").sealed) == b"", "address and code are gone"
    assert answering.accept(helper, code[1]) == holder.record_id


def test_an_invitation_to_a_wrong_address_is_not_made(box: Box) -> None:
    holder = people.a_patient()
    with pytest.raises(BadAddress):
        invite(holder, "chez moi")


NEWS_OF_WHOM_ONE_HELPS = "Du nouveau dans le carnet d'une personne que vous aidez"
PRESCRIPTION = "57833-6"


def helping(patient: Resident, *rights: str) -> Actor:
    carer = people.a_person()
    people_actions.care_for(
        SYSTEM, record_id=patient.record_id, carer_id=carer.id, rights=rights, since=people.long_ago()
    )
    return carer


def test_who_helps_is_told_of_what_they_were_given_and_of_nothing_else(box: Box) -> None:
    patient, software = people.a_patient(), people.software()
    all_of_it, treatments = helping(patient, "documents"), helping(patient, "treatments")
    measures, quiet = helping(patient, "measures", "appointments"), helping(patient, "documents")
    told = {who.id: listening(box, who) for who in (all_of_it, treatments, measures)}
    told[quiet.id] = listening(box, quiet, Kind.DOCUMENT)

    def mails() -> list[int]:
        return [len(subjects(box, told[who.id])) for who in (all_of_it, treatments, measures, quiet)]

    rose = (Author(family="Tournesol", given="Rose"),)
    # Masked by a label or a rule, waiting for its announcement, gone meanwhile: as if it were not there.
    for label in ("MASQUE_PS", "INVISIBLE_PATIENT"):
        of = people.entry(type_code=PRESCRIPTION, labels=frozenset({label}), authors=rose)
        people.deposited(software, patient, of=of)
    rule = masking.mask(
        patient.actor, Purpose.SELF, record_id=patient.record_id, rule=masking.from_author("Rose Tournesol")
    )
    hidden = people.entry(type_code=PRESCRIPTION, authors=rose)
    people.deposited(software, patient, of=hidden)
    assert mails() == [0, 0, 0, 0]
    masking.unmask(patient.actor, Purpose.SELF, record_id=patient.record_id, mask_id=rule)

    # A report of analyses is no treatment; one mail of several, which says nothing of them.
    people.deposited(software, patient)
    assert mails() == [1, 0, 0, 0]
    people.deposited(software, patient, of=people.entry(type_code=PRESCRIPTION))
    assert mails() == [1, 1, 0, 0]
    people.deposited(software, patient, of=people.entry(type_code=PRESCRIPTION))
    assert mails() == [1, 1, 0, 0]
    (mail,) = box.to(told[treatments.id])
    assert subjects(box, told[treatments.id]) == [NEWS_OF_WHOM_ONE_HELPS]
    words = body(mail).lower()
    assert not any(each in words for each in (*MEDICAL, "camille", "essai", "rose"))


def test_who_helps_no_more_or_did_it_themselves_gets_no_mail(box: Box) -> None:
    patient, other = people.a_patient(), people.a_patient()
    carer = helping(patient, "documents")
    theirs = listening(box, carer)
    people.deposited(people.software(), other)
    assert subjects(box, theirs) == [], "of somebody whom they do not help"
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.people_care_link set acts = true where record_id = %s", (patient.record_id,))
        owner.commit()
    about = adding.About("Nuits", adding.DEFAULT_TYPE, clock.now().date())
    adding.write(
        carer, Purpose.CARER, record_id=patient.record_id, key=uuid7(), about=about, text="Deux nuits agitées."
    )
    assert subjects(box, theirs) == []
    # Between the fact and its mail the link ends.
    people.deposited(people.software(), patient)
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.people_care_link set until = now() where record_id = %s", (patient.record_id,))
        owner.commit()
    assert subjects(box, theirs) == []
