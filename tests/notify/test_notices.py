"""Who is told by e-mail, of what, in which words, and never twice: through a real mail server."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from django.db import connections, transaction

from carnet.consent import actions as consent
from carnet.consent import reviewing
from carnet.consent.declaring import declare
from carnet.consent.emergency import break_glass
from carnet.documents import announcing, masking
from carnet.formats.entry import Author
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.kernel.db import WRITER
from carnet.notify import contacts, sending, telling
from carnet.notify.contacts import BadAddress
from carnet.notify.models import Contact, Notice
from carnet.notify.rules import Kind, is_address
from carnet.notify.wording import LANGUAGES, words
from carnet.people import actions as people_actions
from carnet.records.rules import Act
from carnet.rights import counter, families, life, pairs
from carnet.rights.counter import Ground
from tests import people
from tests.documents.test_announcing import as_if_later
from tests.handing import confirmed
from tests.notify.mailbox import MEDICAL, Box, body, listening, of_another_hour, subjects, worked
from tests.notify.test_helping_by_mail import helping
from tests.people import Resident
from tests.sessions import COOKIE, session_of

pytestmark = pytest.mark.usefixtures("house")


def test_nothing_goes_to_an_address_that_has_not_said_yes(box: Box) -> None:
    patient = people.a_patient()
    address = f"{patient.actor.id.hex}@exemple.fr"
    contacts.choose(patient.actor, address=address, kinds=list(Kind))
    people.deposited(people.software(), patient)
    sending.send_confirmation(patient.actor.id)
    assert set(subjects(box, address)) == {"Confirmez votre adresse"}
    known = contacts.of(patient.actor)
    assert known
    assert not known.verified
    stored = Contact.objects.get(person_id=patient.actor.id)
    assert address.encode() not in bytes(stored.sealed)


def test_of_ten_documents_one_mail_at_once_and_it_says_nothing_of_them(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    for _ in range(10):
        people.deposited(people.software(), patient, of=people.entry(title="Biopsie du foie"))
    assert subjects(box, address) == ["Du nouveau dans votre carnet"]
    (mail,) = box.to(address)
    text = body(mail)
    assert "Biopsie" not in text
    assert not [word for word in MEDICAL if word in text.lower()]
    assert patient.ins not in text
    assert "/accueil" in text


RIGHT_OF_ANOTHER = "Un droit d'accès a changé dans le carnet d'une personne que vous représentez"
NEWS_OF_ANOTHER = "Du nouveau dans le carnet d'une personne que vous représentez"
RIGHTS_AND_EMERGENCY = ["Un droit d'accès à votre carnet a changé", "Votre carnet a été ouvert en urgence"]


def test_what_is_withheld_and_what_is_secret_is_told_to_nobody_who_must_not_know(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    hers, theirs = listening(box, child.actor), listening(box, parent)
    software = people.software()
    people.deposited(software, child, of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"})))
    assert (subjects(box, hers), subjects(box, theirs)) == ([], [])
    people.deposited(software, child, of=people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})))
    assert (subjects(box, hers), subjects(box, theirs)) == (["Du nouveau dans votre carnet"], [])
    declare(people.a_doctor(), record_id=child.record_id, secret=True)
    reason = "Intoxication, amené par ses amis"
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=child.record_id, reason=reason, secret=True)
    assert subjects(box, theirs) == [], "whom a minor consults is theirs to say"
    assert sorted(subjects(box, hers))[1:] == RIGHTS_AND_EMERGENCY
    declare(people.a_doctor(), record_id=child.record_id)
    assert subjects(box, theirs) == [RIGHT_OF_ANOTHER]
    people.deposited(software, child)
    assert sorted(subjects(box, theirs)) == [NEWS_OF_ANOTHER, RIGHT_OF_ANOTHER]


def test_a_mail_about_another_persons_record_leads_to_the_covers_and_the_cover_says_which(
    box: Box, server: str
) -> None:
    child, sibling = (people.a_patient(birth_date=f"{clock.now().year - 9}-01-01") for _ in range(2))
    parent = people.a_patient()
    for each in (child, sibling):
        people.represents(each, parent.actor)
    address = listening(box, parent.actor)
    declare(people.a_doctor(), record_id=child.record_id)
    assert subjects(box, address) == [RIGHT_OF_ANOTHER]
    text = body(box.to(address)[0])
    assert re.search(r"connectez-vous à Carnet : \S+/carnets\r?\n", text)
    assert "Camille" not in text
    with httpx2.Client(base_url=server, timeout=30, cookies={COOKIE: session_of(parent.actor)}) as client:
        rows = client.get("/carnets").text.split('<li class="cn-row">')
    assert [str(child.record_id) in row for row in rows if "Quelque chose à voir" in row] == [True]


def test_what_a_minor_does_in_secret_about_whom_the_parents_know_of_old_is_no_mail_to_them(box: Box) -> None:
    child, parent, doctor = (
        people.a_patient(birth_date=f"{clock.now().year - 14}-01-01"),
        people.a_person(),
        people.a_doctor(),
    )
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    people.deposited(doctor, child, purpose=Purpose.CARE)
    theirs = listening(box, parent)
    of: dict[str, Any] = {"record_id": child.record_id, "professional_id": doctor.id}
    consent.authorise(child.actor, Purpose.SELF, **of, secret=True)
    consent.block(child.actor, Purpose.SELF, **of)
    consent.unblock(child.actor, Purpose.SELF, **of)
    reviewing.dispute(child.actor, Purpose.SELF, **of)
    assert subjects(box, theirs) == []


def test_a_rule_that_tells_of_a_secret_alone_is_no_mail_to_the_parents(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    secret = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
    of = people.entry(labels=secret, authors=(Author(family="Tournesol", given="Rose"),))
    people.deposited(people.software(), child, of=of)
    theirs = listening(box, parent)
    rule = masking.from_author("Rose Tournesol")
    made = masking.mask(child.actor, Purpose.SELF, record_id=child.record_id, rule=rule)
    masking.unmask(child.actor, Purpose.SELF, record_id=child.record_id, mask_id=made)
    assert subjects(box, theirs) == []


def test_who_represents_anew_by_a_court_or_after_an_error_is_told_too(box: Box) -> None:
    operator, child, parent = (
        people.an_operator("support"),
        people.a_patient(birth_date="2018-05-14"),
        people.a_patient(),
    )
    people.represents(child, parent.actor)
    address, changed = listening(box, parent.actor, Kind.RIGHTS), "Un droit d'accès a changé"
    link = the_representation(operator, child)
    families.end(operator, record_id=child.record_id, link_ids=[link.id], ground="mistake")
    assert subjects(box, address) == [], "whose right has ended is sent nothing"
    families.give_back(operator, record_id=child.record_id, link_id=link.id, ground="mistake")
    assert [changed in each for each in subjects(box, address)] == [True]
    back = the_representation(operator, child)
    assert (link.basis, back.basis) == ("feed", "feed"), "no court has said anything"


def the_representation(operator: Actor, child: Resident) -> families.Link:
    found = families.family(operator, child.record_id)
    assert found
    (link,) = found.now
    return link


def test_who_is_made_a_guardian_is_told_too(box: Box) -> None:
    operator, ward, guardian = people.an_operator("support"), people.a_patient(), people.a_patient()
    address = listening(box, guardian.actor, Kind.RIGHTS)
    last = clock.now().date() + timedelta(days=400)
    measure = families.Measure("tutelle", last, "TJ de Reims, RG 26/00123, 3 mars 2026")
    families.ask_guardian(operator, record_id=ward.record_id, guardian=guardian.ins, measure=measure)
    (ask,) = [each for each in pairs.waiting(operator) if each.mine]
    families.confirm_guardian(people.an_operator("support"), ask.id)
    assert len(subjects(box, address)) == 1


def test_who_represents_nobody_any_more_gets_no_mail_that_was_still_to_leave(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 9}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    theirs = listening(box, parent)
    people.deposited(people.software(), child)
    with database.connect(config.load(), "owner") as owner:
        owner.execute("update record.people_representation set until = now() where record_id = %s", (child.record_id,))
        owner.commit()
    assert subjects(box, theirs) == []


def test_an_emergency_and_a_changed_right_are_told_but_not_to_who_changed_it(box: Box) -> None:
    patient, doctor = people.a_patient(), people.a_doctor()
    address = listening(box, patient.actor)
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
    assert subjects(box, address) == []
    declare(people.a_doctor(), record_id=patient.record_id)
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason="Arrêt cardiaque")
    assert sorted(subjects(box, address)) == RIGHTS_AND_EMERGENCY
    assert not any("cardiaque" in body(mail) for mail in box.mails)


RIGHT = RIGHTS_AND_EMERGENCY[0]


def end_of_the_hour(patient: Resident, kind: Kind = Kind.RIGHTS) -> list[tuple[timedelta, bool]]:
    """How long after the mail before it each notice that is to come leaves, and whether its job does as well."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select n.at - (select max(o.at) from app.notify_notice o"
            "                where o.person_id = n.person_id and o.kind = n.kind and o.at <= now()), n.at = j.run_at"
            "  from app.notify_notice n join app.kernel_job j on j.key = n.id::text and j.task = 'notify.send'"
            " where n.record_id = %s and n.kind = %s and n.at > now()",
            (patient.record_id, kind.value),
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def test_what_comes_within_the_hour_of_a_mail_is_told_once_at_its_end(box: Box) -> None:
    patient, attending = people.a_patient(), people.a_doctor()
    address = listening(box, patient.actor)
    declare(people.a_doctor(), record_id=patient.record_id)
    assert subjects(box, address) == [RIGHT]
    consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=attending.id)
    declare(people.a_doctor(), record_id=patient.record_id)
    assert subjects(box, address) == [RIGHT]
    assert end_of_the_hour(patient) == [(telling.TOGETHER, True)]
    of_another_hour(patient)
    assert subjects(box, address) == [RIGHT, RIGHT]
    assert end_of_the_hour(patient) == []
    of_another_hour(patient)
    assert subjects(box, address) == [RIGHT, RIGHT]


def test_one_act_that_changes_two_rights_is_one_mail(box: Box) -> None:
    patient, first, second = people.a_patient(), people.a_doctor(), people.a_doctor()
    address = listening(box, patient.actor)
    with transaction.atomic(using=WRITER):
        for each in (first, second):
            consent.set_attending(SYSTEM, record_id=patient.record_id, professional_id=each.id)
    assert subjects(box, address) == [RIGHT]
    assert end_of_the_hour(patient) == []


def test_what_a_minor_keeps_secret_makes_no_mail_at_the_end_of_the_parents_hour(box: Box) -> None:
    child = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01")
    parent = people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    theirs = listening(box, parent)
    declare(people.a_doctor(), record_id=child.record_id)
    declare(people.a_doctor(), record_id=child.record_id, secret=True)
    assert subjects(box, theirs) == [RIGHT_OF_ANOTHER]
    assert end_of_the_hour(child) == []


def test_only_what_was_chosen_is_told_and_nothing_after_the_address_was_erased(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor, Kind.EMERGENCY)
    people.deposited(people.software(), patient)
    assert subjects(box, address) == []
    contacts.forget(patient.actor)
    break_glass(people.a_doctor(), Purpose.EMERGENCY, record_id=patient.record_id, reason="Chute")
    assert subjects(box, address) == []
    assert contacts.of(patient.actor) is None


def the_notice(patient: Resident) -> UUID:
    return Notice.objects.get(person_id=patient.actor.id, kind="document").id


def test_what_the_server_refuses_is_tried_again_and_what_left_is_not_sent_twice(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    box.refusing = True
    people.deposited(people.software(), patient)
    assert subjects(box, address) == []
    notice = the_notice(patient)
    with pytest.raises(sending.NotSent):
        sending.send(notice)
    box.refusing = False
    for _ in range(3):
        sending.send(notice)
    assert len(box.to(address)) == 1
    assert box.to(address)[0]["Message-ID"].startswith(f"<{notice}@")


def test_a_notice_of_which_nobody_knows_whether_it_left_is_not_sent_again(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor)
    people.deposited(people.software(), patient)
    box.refusing = True
    worked()
    box.refusing = False
    notice = the_notice(patient)
    Notice.objects.filter(id=notice).update(claimed_at=clock.now())
    sending.send(notice)
    assert box.to(address) == []


def test_whoever_reads_carnet_in_english_is_written_to_in_english(box: Box) -> None:
    patient = people.a_patient()
    address = f"{patient.actor.id.hex}@exemple.fr"
    contacts.choose(patient.actor, address=address, kinds=list(Kind), language="en")
    sending.send_confirmation(patient.actor.id)
    assert set(subjects(box, address)) == {"Confirm your address"}
    box.mails.clear()
    other = people.a_patient()
    theirs = listening(box, other.actor, language="en")
    people.deposited(people.software(), other)
    assert subjects(box, theirs) == ["Something new in your record"]
    assert "holds no health data" in body(box.to(theirs)[0])
    contacts.choose(other.actor, address=theirs, kinds=list(Kind), language="fr")
    of_another_hour(other)
    people.deposited(people.software(), other)
    assert subjects(box, theirs)[1:] == ["Du nouveau dans votre carnet"], "the choice of the language holds at once"


def test_of_ones_own_account_one_is_told_whatever_one_chose(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor, Kind.DOCUMENT)
    telling.tell_account(patient.actor)
    assert subjects(box, address) == ["Une nouvelle connexion à votre compte"]
    (mail,) = box.to(address)
    assert "/appareils" in body(mail)
    telling.tell_account(people.a_person())
    assert len(box.to(address)) == 1, "who has no record of their own is told of none"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_in_every_language(kind: Kind) -> None:
    said = [words(kind, "https://carnet.example", language) for language in sorted(LANGUAGES)]
    assert len({each.subject for each in said}) == len(LANGUAGES) == 2
    for each in said:
        # Not of all rights does one decide oneself, nor does every change go back.
        assert "à tout moment" not in each.text
        assert "change it back" not in each.text
    assert words(kind, "https://carnet.example", "tlh") == words(kind, "https://carnet.example")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@",
        "a@b",
        "a@@b.fr",
        "a b@c.fr",
        "a@b.fr\nBcc: x@y.fr",
        "é@b.fr",
        "<a@b.fr>",
        "a@b..fr",
        "a" * 250 + "@b.fr",
    ],
)
def test_what_is_no_address_is_not_taken(text: str) -> None:
    assert not is_address(text)
    with pytest.raises(BadAddress):
        contacts.choose(people.a_patient().actor, address=text, kinds=[])


def test_neither_software_nor_an_operator_has_an_address() -> None:
    for actor in (people.software(), SYSTEM):
        with pytest.raises(PermissionError):
            contacts.choose(actor, address="a@b.fr", kinds=[])


def test_each_is_told_of_what_is_theirs_alone() -> None:
    for actor, theirs in ((people.a_doctor(), {Kind.ALERT}), (people.a_person(), set(Kind) - {Kind.ALERT})):
        contacts.choose(actor, address="a@b.fr", kinds=list(Kind))
        known = contacts.of(actor)
        assert known
        assert known.kinds == theirs


UPDATED, UPDATED_OF_ANOTHER = (
    "Votre carnet a été mis à jour",
    "Le carnet d'une personne que vous représentez a été mis à jour",
)


def test_what_waits_for_two_weeks_is_one_mail_that_says_no_more_than_the_page_and_a_secret_none_to_the_parents(
    box: Box,
) -> None:
    child, parent = people.a_patient(birth_date=f"{clock.now().year - 14}-01-01"), people.a_person()
    people_actions.represent(SYSTEM, record_id=child.record_id, representative_id=parent.id, since=people.long_ago())
    carer = helping(child, "documents")
    hers, theirs, who_helps = (listening(box, who) for who in (child.actor, parent, carer))
    withheld, kept = frozenset({"INVISIBLE_PATIENT"}), "INVISIBLE_REPRESENTANTS_LEGAUX"
    people.deposited(people.software(), child, of=people.entry(title="Biopsie du foie", labels=withheld | {kept}))
    as_if_later(child, 13)
    assert subjects(box, hers) == []
    as_if_later(child, 2)
    assert (subjects(box, hers), subjects(box, theirs), subjects(box, who_helps)) == ([UPDATED], [], [])
    words_of_it = body(box.to(hers)[0]).lower()
    assert not [word for word in (*MEDICAL, "biopsie", "document", "essai") if word in words_of_it]
    as_if_later(child, 20)
    for _ in range(2):
        people.deposited(people.software(), child, of=people.entry(labels=withheld))
    as_if_later(child, 15)
    assert subjects(box, theirs) == [UPDATED_OF_ANOTHER], "two that wait are one"
    people.deposited(people.software(), child, of=people.entry(labels=withheld))
    as_if_later(child, 15)
    assert end_of_the_hour(child, Kind.WAITING) == [], "another mail would tell how many"


def test_what_waits_is_told_by_mail_to_who_chose_so_alone(box: Box) -> None:
    patient = people.a_patient()
    address = listening(box, patient.actor, Kind.DOCUMENT)
    people.deposited(people.software(), patient, of=people.entry(labels=frozenset({"INVISIBLE_PATIENT"})))
    as_if_later(patient, 15)
    assert subjects(box, address) == []
    assert announcing.told(patient.actor, Purpose.SELF, patient.record_id), "the page says so whatever they chose"


def test_a_guardian_is_told_as_the_holder_and_a_secret_is_not(box: Box) -> None:
    ward, guardian = people.a_patient(), people.a_person()
    people_actions.represent(
        SYSTEM,
        record_id=ward.record_id,
        representative_id=guardian.id,
        kind="guardian",
        since=people.long_ago(),
        until=clock.now() + timedelta(days=99),
        ground="Tribunal judiciaire, 3 mars 2025",
    )
    address = listening(box, guardian)
    people.deposited(people.software(), ward, of=people.entry(labels=frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})))
    assert subjects(box, address) == []
    people.deposited(people.software(), ward, b"Autre.")
    assert len(subjects(box, address)) == 1


def test_what_a_counter_does_to_a_record_is_told_to_its_holder(box: Box) -> None:
    """Before it is closed: of a closed record nobody is told."""
    for act, ground in ((Act.CLOSE, Ground.ASKED), (Act.SUSPEND, Ground.IDENTITY)):
        patient = people.a_patient()
        address = listening(box, patient.actor, Kind.RIGHTS)
        counter.act(people.an_operator("support"), record_id=patient.record_id, act=act, ground=ground)
        assert subjects(box, address) == ["Un droit d'accès à votre carnet a changé"]


def test_that_a_record_will_be_erased_is_told_whatever_was_chosen(box: Box) -> None:
    operator, asked = people.an_operator("support"), ["L'effacement de votre carnet est demandé"]
    for closed in (False, True):
        patient = people.a_patient()
        address = listening(box, patient.actor, Kind.DOCUMENT)
        if closed:
            life.act(patient.actor, record_id=patient.record_id, act=Act.CLOSE)
        confirmed(operator, patient.record_id, pairs.Kind.ERASING)
        counter.act(operator, record_id=patient.record_id, act=Act.ASK_ERASING, ground=Ground.ASKED)
        assert subjects(box, address) == asked
    patient = people.a_patient()
    address = listening(box, patient.actor, Kind.DOCUMENT)
    life.act(patient.actor, record_id=patient.record_id, act=Act.ASK_ERASING)
    assert subjects(box, address) == asked, "somebody else may have done it in their session"
