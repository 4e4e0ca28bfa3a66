"""Two parents, a teenager, a guardian: from an invitation to the same rights; from an own access to being alone in
charge; from a court's decision to acting for somebody. On a phone and at a desk, without scripts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from carnet.formats.clinical.model import Encounter, Kind
from carnet.formats.clinical.values import Concept, Span
from carnet.kernel import clock, config, database
from carnet.kernel.actor import SYSTEM, Actor, Purpose
from carnet.people import actions as people_actions
from carnet.people import queries
from carnet.records import entering
from carnet.records.ages import AGES
from carnet.records.rules import years_later
from carnet.rights import entrance, pairs
from tests import people
from tests.handing import a_code
from tests.health.stated import stating
from tests.journeys.conftest import PHONE, Visitor
from tests.people import Resident

pytestmark = pytest.mark.usefixtures("fits")
ON_A_PHONE = pytest.mark.parametrize("visitor", [{"size": PHONE}], indirect=True, ids=["phone-fr-plain"])
AT_A_DESK = pytest.mark.parametrize("visitor", [{}], indirect=True, ids=["desk-fr-plain"])


def a_photo() -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return {"name": "livret.png", "mimeType": "image/png", "buffer": out.getvalue()}


def born(years: int, *, in_days: int = 0) -> str:
    return (years_later(clock.now(), -years).date() + timedelta(days=in_days)).isoformat()


def a_child(parent: Resident, birth: str) -> Resident:
    child = people.a_patient(birth_date=birth)
    people_actions.represent(
        SYSTEM, record_id=child.record_id, representative_id=parent.actor.id, since=people.long_ago()
    )
    people.deposited(people.software(), child, of=people.entry(title="Vaccin ROR"))
    return child


def opens(visitor: Visitor, whose: Resident) -> None:
    visitor.goes_to("/carnets")
    visitor.page.click(f'main button[value="{whose.record_id}"]')


@ON_A_PHONE
def test_two_parents_one_invited_by_the_other_with_a_proof(visitor: Visitor) -> None:
    page = visitor.page
    # given a child of whom the insurance knows one parent, at the age at which the child is asked
    mother, father = people.a_patient(), people.a_patient()
    child = a_child(mother, born(14))
    # when that parent invites the other one, on paper, and says what the child says
    visitor.sits_as(mother.actor)
    opens(visitor, child)
    visitor.goes_to("/parents")
    visitor.clicks("Inviter l’autre parent")
    expect(page.get_by_text("seule une décision de justice le peut")).to_be_visible()
    page.fill("#nom", "Paul")
    page.check("#comment-paper")
    page.click("main form button[type=submit]")
    expect(page.locator("#enfant-e")).to_be_visible()
    page.check("#enfant-agrees")
    page.click("main form button[type=submit]")
    code = page.inner_text(".strong.cn-code")
    # and the other one answers with a proof, as themselves
    visitor.sits_as(father.actor)
    visitor.goes_to("/parents/repondre")
    page.fill("#code", code.lower())
    page.click("main form button[type=submit]")
    page.check("#preuve-booklet")
    page.set_input_files("#fichier", a_photo())
    page.click("main button[value=prouver]")
    expect(page.get_by_text("Votre preuve est reçue.")).to_be_visible()
    # then nothing is open yet
    visitor.goes_to("/carnets")
    assert page.locator(f'main button[value="{child.record_id}"]').count() == 0
    # when an operator has read the proof and accepts it
    visitor.sits_as(people.an_operator("support"))
    visitor.goes_to("/console/parents")
    page.locator("main li a").last.click()
    assert page.request.get(f"{page.url}/preuve").body() == a_photo()["buffer"]
    page.check("#vue")
    page.click("main button[value=accepter]")
    expect(page.get_by_text("La demande est acceptée")).to_be_visible()
    # then both parents read the same, and the child reads what was said and done
    for parent in (father, mother):
        visitor.sits_as(parent.actor)
        opens(visitor, child)
        visitor.goes_to("/documents")
        expect(page.get_by_text("Vaccin ROR").first).to_be_visible()
    told = {line.action for line in people.trail(child)}
    assert {"child-agrees", "parent-invited", "parent-answered", "parent-proof-read", "representation-added"} <= told


@ON_A_PHONE
def test_a_teenager_comes_in_beside_the_parents_and_is_alone_at_eighteen(visitor: Visitor) -> None:
    page = visitor.page
    # given a teenager old enough, without an account, and who hands out codes
    parent = people.a_patient()
    child = a_child(parent, born(AGES.alone, in_days=30))
    # when they come in by a code of their own
    handed = a_code(child.record_id)
    day = born(AGES.alone, in_days=30)
    opened = entering.enter(number=child.ins, birth_date=_day(day), code=handed.code)
    assert opened == child.record_id
    own = entrance.holder(opened)
    assert own
    visitor.sits_as(own)
    # then the day is announced to them, and what it changes
    visitor.goes_to("/accueil")
    visitor.clicks("Bientôt dix-huit ans")
    assert visitor.heading() == "Grandir avec son carnet"
    expect(page.get_by_text("Vous serez la seule personne en charge")).to_be_visible()
    # and to the parent, who still reads
    visitor.sits_as(parent.actor)
    opens(visitor, child)
    visitor.clicks("Bientôt dix-huit ans")
    expect(page.get_by_text("Vous n’ouvrirez plus ce carnet à partir du")).to_be_visible()
    # when the day has come
    with database.connect(config.load(), "owner") as owner:
        owner.execute(
            "update record.records_record set birth_date = %s where id = %s", (born(AGES.alone), child.record_id)
        )
        owner.execute("update record.kernel_scope set epoch = epoch + 1 where record_id = %s", (child.record_id,))
        owner.commit()
    # then the parent sees nothing any more, and is told why
    visitor.goes_to("/documents")
    assert not visitor.sees("Vaccin ROR")
    visitor.goes_to("/carnets")
    expect(page.get_by_text("a dix-huit ans : son carnet ne s’ouvre plus")).to_be_visible()
    # and the young adult is alone in charge
    visitor.sits_as(queries.actor_by_id(own.id) or own)
    visitor.goes_to("/accueil")
    visitor.clicks("Vous avez dix-huit ans")
    expect(page.get_by_text("Vos parents n’y voient plus rien.")).to_be_visible()
    visitor.goes_to("/documents")
    expect(page.get_by_text("Vaccin ROR").first).to_be_visible()


def confirms_what(asked_by: Actor, visitor: Visitor) -> None:
    (ask,) = [each for each in pairs.waiting(asked_by) if each.mine]
    visitor.sits_as(people.an_operator("support"))
    visitor.goes_to(f"/console/confirmer/{ask.id}")
    visitor.page.check("#vu")
    visitor.page.click("main button[value=confirmer]")
    expect(visitor.page.get_by_text("C’est confirmé")).to_be_visible()


def announces(whose: Resident, what: str, *, type_code: str) -> None:
    """A document that tells of a visit in ten days."""
    visit = Encounter(
        kind=Kind.ENCOUNTER,
        code=Concept(what),
        status="planned",
        when=Span(f"{clock.now() + timedelta(days=10):%Y-%m-%d}T14:30:00+01:00"),
        location="Centre hospitalier de Reims",
    )
    stating(whose, visit, of=people.entry(title=f"Convocation : {what}", type_code=type_code))


@ON_A_PHONE
def test_a_carer_with_appointments_alone_sees_whom_they_help_and_when_to_go(visitor: Visitor) -> None:
    page = visitor.page
    # given somebody whose documents announce two visits, one in a notice of appointment, one in a letter
    holder, helper = people.a_patient(), people.a_patient()
    announces(holder, "Consultation d'ophtalmologie", type_code="56446-8")
    announces(holder, "Chimiothérapie", type_code="11488-4")
    # when they invite a neighbour for the appointments, on paper
    visitor.sits_as(holder.actor)
    visitor.goes_to("/aidants/inviter")
    page.fill("#nom", "Dominique")
    for box in page.locator("input[name=quoi]").all():
        box.set_checked(box.get_attribute("value") == "appointments")
    page.check("#mode-lire")
    page.check("#comment-paper")
    page.click("main form button[type=submit]")
    code = page.inner_text(".strong.cn-code")
    # who signs in, reads what is asked, and accepts
    visitor.sits_as(helper.actor)
    visitor.goes_to("/aidants/repondre")
    page.fill("#code", code)
    page.click("main form button[type=submit]")
    expect(page.get_by_text("Les rendez-vous. Peut lire.")).to_be_visible()
    page.click("main button[value=accepter]")
    # then their home is that of the person, and says what they may do
    assert visitor.heading().startswith("Le carnet de")
    expect(page.get_by_text("Carnet n’a pas d’agenda.")).to_be_visible()
    # and the page tells the visit of the notice, and not that of the letter
    page.locator("main a.cn-row__t", has_text="Rendez-vous").first.click()
    assert visitor.heading() == "Rendez-vous"
    expect(page.get_by_text("à 14 h 30")).to_be_visible()
    assert visitor.sees("ophtalmologie")
    assert not visitor.sees("Chimiothérapie")
    # and nothing else of the record opens
    for address in (
        "/sante",
        "/sante/traitements",
        "/sante/mesures",
        "/sante/resultats",
        "/histoire",
        "/confidentialite",
    ):
        answer = page.request.get(f"{visitor.base}{address}")
        assert answer.status == 404, address
    visitor.goes_to("/documents")
    assert not visitor.sees("Chimiothérapie")
    # and the person reads in their trail that it was looked at
    assert {line.purpose for line in people.trail(holder) if line.actor_id == helper.actor.id} == {Purpose.CARER.value}


@AT_A_DESK
def test_a_guardian_recorded_in_the_console_acts_until_the_measure_is_lifted(visitor: Visitor) -> None:
    page = visitor.page
    # given an adult, and whom a court made their guardian
    ward, guardian = people.a_patient(), people.a_patient()
    people.deposited(people.software(), ward, of=people.entry(title="Bilan du majeur"))
    # when an operator records the decision
    operator = people.an_operator("support")
    visitor.sits_as(operator)
    visitor.goes_to("/console/familles")
    page.fill("#matricule", ward.ins)
    page.click("main form button")
    page.fill("#nommer-tuteur", guardian.ins)
    page.check("#nommer-tutelle")
    page.fill("#nommer-reference", "TJ de Reims, RG 26/00123, 3 mars 2026")
    page.fill("#nommer-jour", f"1 3 {clock.now().year + 4}")
    page.click("main button[value=nommer]")
    expect(page.get_by_text("La demande est enregistrée")).to_be_visible()
    place = page.url.partition("?")[0]
    # and another has read it too
    confirms_what(operator, visitor)
    # then the guardian opens the record under their own name, and the adult knows
    visitor.sits_as(guardian.actor)
    opens(visitor, ward)
    visitor.goes_to("/documents")
    expect(page.get_by_text("Bilan du majeur").first).to_be_visible()
    lines = people.trail(ward)
    assert Purpose.REPRESENTATIVE.value in {line.purpose for line in lines if line.actor_id == guardian.actor.id}
    # and the adult, who keeps a document to themselves, is not spoken to as a child
    visitor.sits_as(ward.actor)
    visitor.goes_to("/documents")
    visitor.clicks("Bilan du majeur")
    visitor.goes_to(f"{re.sub(r'^https?://[^/]+', '', page.url).partition('?')[0]}/visibilite")
    visitor.clicks("Le cacher à qui me représente", "button")
    expect(page.get_by_text("Caché à qui vous représente").first).to_be_visible()
    assert "parents" not in page.inner_text("main").lower()
    visitor.goes_to("/confidentialite")
    expect(page.get_by_text("qui vous représente ne le voit pas").first).to_be_visible()
    visitor.sits_as(guardian.actor)
    opens(visitor, ward)
    visitor.goes_to("/documents")
    assert not visitor.sees("Bilan du majeur")
    # when the measure is lifted, nothing opens any more
    operator = people.an_operator("support")
    visitor.sits_as(operator)
    visitor.goes_to("/console/familles")
    page.fill("#matricule", ward.ins)
    page.click("main form button")
    assert page.url != place
    page.check('main input[name="qui"]')
    page.check("#finir-lifted")
    page.fill("#finir-reference", "TJ de Reims, 4 mai 2026")
    page.click("main button[value=finir]")
    expect(page.get_by_text("C’est fini, dès maintenant")).to_be_visible()
    visitor.sits_as(guardian.actor)
    visitor.goes_to("/carnets")
    assert page.locator(f'main button[value="{ward.record_id}"]').count() == 0


def _day(text: str) -> date:
    return date.fromisoformat(text)
