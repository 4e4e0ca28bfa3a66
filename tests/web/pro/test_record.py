"""What each professional of the cast is told at Dominique's record: what they may do, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from carnet.consent import actions as consent
from carnet.consent.articles import VERSION, of
from carnet.consent.facts import As, Choices, Grant, Reason, Refusal
from carnet.kernel.actor import Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import Act, RecordState
from carnet.rights import counter, life
from carnet.rights.counter import Ground
from carnet.web.i18n import birth
from carnet.web.pro import may
from tests.cast import INS, PROFESSIONALS
from tests.people import Resident, a_doctor, a_patient, an_operator, authorised, deposited, entry, software
from tests.web.pro.desk import at_desk, attended, plain, record


@dataclass(frozen=True)
class Told:
    """`reads`: everything that is theirs by a right, their own documents alone, or nothing."""

    reads: str
    says: str
    declares: bool = False
    urgent: bool = False
    deposits: bool = True


STRANGER = Told("own or nothing", "", declares=True, urgent=True)
CAST = {
    "dr-martin": Told("all", "Vous êtes le médecin traitant"),
    "remplacant": Told("all", "Vous remplacez : Dr Philippe Martin, jusqu'au"),
    "secretaire": Told("all", "Vous travaillez pour : Dr Philippe Martin."),
    "dr-nguyen": Told("all", "Vous êtes autorisé"),
    "dr-bloque": Told("nothing", "La personne ne vous a pas autorisé.", declares=True, urgent=True),
    "samu": Told("nothing", "Ouvrir pour la régulation", declares=True, urgent=True),
    "med-travail": Told("nothing", "qu'avec un accord exprès de la personne", declares=True),
    "pmi": Told("nothing", "accède au carnet d'un enfant", urgent=True),
    "med-conseil": Told("nothing", "même avec l'accord de la personne", deposits=False),
}


@pytest.mark.parametrize("key", PROFESSIONALS)
def test_the_whole_cast_at_a_record(key: str, server: str) -> None:
    told = CAST.get(key, STRANGER)
    with at_desk(server, key) as professional:
        page = professional.finds(INS["dominique"])
    words = plain(page.text)
    assert page.status_code == 200
    assert "PAT-TROIS Dominique" in words
    assert told.says in words
    assert ("/accord" in page.text) is told.declares
    assert ("/urgence" in page.text) is told.urgent
    assert ("/deposer" in page.text) is told.deposits
    rows = page.text.count('<th role="rowheader"')
    if told.reads == "all":
        assert rows > 10
    elif told.reads == "nothing":
        assert rows == 0
        assert "Vous n'avez pas d'accès à ce carnet." in words
    else:
        assert rows == words.count("Déposé par vous") < 10


@pytest.mark.parametrize("key", PROFESSIONALS)
def test_the_whole_cast_at_the_pages_of_a_record_that_they_found(key: str, server: str) -> None:
    """A page that is not for them leads back to the record, or says no."""
    told = CAST.get(key, STRANGER)
    with at_desk(server, key) as professional:
        address = professional.finds(INS["dominique"]).url.path
        assert (professional.opens(f"{address}/accord").url.path == f"{address}/accord") is told.declares
        assert (professional.opens(f"{address}/urgence").url.path == f"{address}/urgence") is told.urgent
        assert professional.opens(f"{address}/deposer").status_code == (200 if told.deposits else 403)


def test_nothing_tells_of_what_may_not_be_seen(server: str) -> None:
    """With a masked document in the record or without it, an authorised professional reads the same page."""
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    deposited(software(), patient, of=entry(title="Bilan visible"))
    with at_desk(server, doctor) as professional:
        professional.finds(patient.ins)
        before = professional.reads(patient.record_id)
        hidden = deposited(software(), patient, of=entry(title="Bilan caché", labels=frozenset({"MASQUE_PS"})))
        assert professional.reads(patient.record_id) == before
        assert "Bilan visible" in before
        assert professional.opens(f"{record(patient.record_id)}/documents/{hidden.id}").status_code == 404
    attending = attended(patient, a_doctor())
    with at_desk(server, attending) as professional:
        words = professional.reads(patient.record_id)
        assert "Bilan caché" in words
        assert "Masqué aux autres" in words


def test_a_right_withdrawn_is_gone_on_the_next_request(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    made = deposited(software(), patient)
    with at_desk(server, doctor) as professional:
        professional.finds(patient.ins)
        address = f"{record(patient.record_id)}/documents/{made.id}"
        assert professional.opens(address).status_code == 200
        consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=doctor.id)
        refused = professional.opens(address)
        assert refused.status_code == 403
        assert "Accès non autorisé" in plain(refused.text)
        assert "Analyses de sang" not in plain(refused.text)
        assert "La personne ne vous a pas autorisé." in professional.reads(patient.record_id)


def test_a_refused_emergency_is_not_offered(server: str) -> None:
    patient = a_patient()
    choices = Choices(emergency=False)
    consent.choose(patient.actor, Purpose.SELF, record_id=patient.record_id, choices=choices)
    with at_desk(server, a_doctor()) as professional:
        page = professional.finds(patient.ins)
        assert "La personne a refusé d'avance l'accès en urgence." in plain(page.text)
        assert "La personne change ce choix dans ses réglages." in plain(page.text)
        assert "/urgence" not in page.text


def _closed(patient: Resident) -> None:
    life.act(patient.actor, record_id=patient.record_id, act=Act.CLOSE)


def _put_aside(patient: Resident) -> None:
    operator = an_operator("support")
    counter.act(operator, record_id=patient.record_id, act=Act.SUSPEND, ground=Ground.IDENTITY)


@pytest.mark.parametrize(
    ("capacity", "happens", "why", "change"),
    [
        (Capacity.CARE, _closed, "Ce carnet est fermé", "La personne rouvre son carnet."),
        (Capacity.CARE, _put_aside, "Ce carnet est suspendu", "L'équipe de Carnet termine la vérification."),
        (Capacity.INSURER, None, "Votre fonction ne le permet pas", "Rien, tant que vous exercez cette fonction"),
        (Capacity.CHILD_PROTECTION, None, "accède au carnet d'un enfant", "Rien : la personne est majeure."),
    ],
)
def test_who_is_refused_reads_what_would_change_it_and_by_which_rules(
    capacity: Capacity, happens: Callable[[Resident], None] | None, why: str, change: str, server: str
) -> None:
    patient = a_patient()
    with at_desk(server, a_doctor(capacity=capacity)) as professional:
        professional.finds(patient.ins)
        if happens:
            happens(patient)
        words = professional.reads(patient.record_id)
    assert why in words
    assert f"Ce qui changerait cela : {change}" in words
    assert f"Règles de Carnet, version de {birth(VERSION)}." in words


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (RecordState.CLOSED, "La personne a fermé son carnet."),
        (RecordState.DECEASED, "Un décès a été enregistré. Plus personne n'ouvre ce carnet"),
        (RecordState.SUSPENDED, "suspendu le temps d'une vérification : personne ne le lit, on peut encore y déposer."),
    ],
)
def test_why_a_record_is_not_open_is_said_as_it_is(state: RecordState, says: str, server: str) -> None:
    patient = a_patient(state=state)
    with at_desk(server, a_doctor()) as professional:
        words = plain(professional.finds(patient.ins).text)
    assert says in words
    assert ("La personne a fermé" in words) is (state is RecordState.CLOSED)
    assert "Son titulaire peut vous autoriser" not in words


def test_a_list_is_narrowed_by_category_and_continued(server: str) -> None:
    patient = a_patient()
    doctor = authorised(patient, a_doctor())
    depositor = software()
    for number in range(52):
        kind = "11502-2" if number else "11488-4"
        deposited(depositor, patient, of=entry(title=f"Pièce {number:02d}", type_code=kind))
    with at_desk(server, doctor) as professional:
        professional.finds(patient.ins)
        address = record(patient.record_id)
        assert professional.opens(address).text.count('<th role="rowheader"') == 8, "on the screen the first ones"
        assert professional.opens(f"{address}?documents=tous").text.count('<th role="rowheader"') == 50
        assert professional.opens(f"{address}?documents=tous&depuis=50").text.count('<th role="rowheader"') == 2
        page = professional.opens(f"{address}?categorie=Comptes+rendus")
        assert page.text.count('<th role="rowheader"') == 1
        assert "Pièce 00" in plain(page.text)


def test_every_answer_that_a_professional_may_get_has_words() -> None:
    others = {As.HOLDER, As.REPRESENTATIVE, As.CARER, As.INVITED, As.SOFTWARE, As.STEWARD}
    assert set(may.GIVEN) == set(As) - others
    assert set(may.REFUSED) == set(Reason) - {Reason.NO_RECORD, Reason.OPPOSED, Reason.NOT_YOURS, Reason.BLOCKED}
    # A wrong purpose is no state of the record: nothing that somebody does would change it.
    assert set(may.CHANGES) == set(may.REFUSED) - {Reason.PURPOSE}
    assert all(of(Grant(each)).article for each in may.GIVEN)
    assert all(of(Refusal(each)).article for each in may.REFUSED)
