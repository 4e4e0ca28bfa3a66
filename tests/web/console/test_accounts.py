"""One account at a time: found by a whole identifier, acted on at once, never listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2
import pytest

from carnet.consent.access import Refused
from carnet.demo.cast import STAFF, subject
from carnet.documents.queries import list_documents
from carnet.kernel import clock, config
from carnet.kernel.actor import Actor, Purpose
from carnet.people import accounts, actions, sessions
from carnet.people.accounts import OwnAccount, Reason, TooMany
from carnet.people.tokens import verify
from tests import people
from tests.api.caller import Caller
from tests.cast import INS, TEST_OID
from tests.sessions import COOKIE, session_of
from tests.web.browsing import Browsing, browsing, plain
from tests.web.console.desk import operators_lines, sitting, support

ADDRESS = "/console/comptes"


@pytest.fixture
def operator(house: object) -> Actor:
    return people.an_operator("support")


def test_an_account_is_found_by_each_whole_identifier_and_by_no_part(operator: Actor) -> None:
    doctor, patient, name = people.a_doctor(), people.a_patient(), f"sub-{uuid4()}"
    actions.add_sign_in(issuer="https://idp.example", subject=name, actor_id=doctor.id)
    actions.add_sign_in(issuer="https://idp.example", subject=f"{name}-hers", actor_id=patient.actor.id)
    rpps = people.rpps_of(doctor)
    assert accounts.look_up(operator, rpps) == doctor.id
    assert accounts.look_up(operator, name) == doctor.id
    spaced = f" {patient.ins[:1]} {patient.ins[1:13]} {patient.ins[13:]} "
    assert accounts.look_up(operator, spaced) == patient.actor.id
    assert accounts.look_up(operator, "hopital") is not None, "the identifier of software"
    wrong_key = patient.ins[:13] + f"{(int(patient.ins[13:]) % 97) + 1:02d}"
    for part in (
        rpps[:10],
        name[:-1],
        f"{name}-hers",
        patient.ins[:13],
        wrong_key,
        "Ange Essai",
        "Essai",
        "%",
        "",
        "  ",
        "_" * 11,
    ):
        assert accounts.look_up(operator, part) is None, part
    lines = operators_lines(operator.id)
    assert {line[0] for line in lines} == {"account-looked-up"}
    assert len([line for line in lines if line[1] == "refused"]) == 11


def test_a_name_that_two_have_leads_to_neither(operator: Actor) -> None:
    name = f"sub-{uuid4()}"
    for issuer in ("https://one.example", "https://other.example"):
        actions.add_sign_in(issuer=issuer, subject=name, actor_id=people.a_doctor().id)
    assert accounts.look_up(operator, name) is None


def test_a_person_reads_in_their_record_who_looked_and_what_was_done(operator: Actor) -> None:
    patient = people.a_patient()
    accounts.look_up(operator, patient.ins)
    accounts.end_sessions(operator, patient.actor.id, Reason.LOST)
    patient = replace(patient, actor=people.actor(patient.actor.id))
    found = [(line.action, line.actor_id, line.capacity, line.detail) for line in people.trail(patient)]
    assert ("account-looked-up", operator.id, "steward", "") in found
    assert ("account-sessions-ended", operator.id, "steward", "lost") in found


def test_look_ups_are_few_in_an_hour(operator: Actor) -> None:
    patient = people.a_patient()
    for _ in range(accounts.MOST_AN_HOUR):
        accounts.look_up(operator, "nobody-of-this-name")
    with pytest.raises(TooMany):
        accounts.look_up(operator, patient.ins)
    assert operators_lines(operator.id)[-1] == ("accounts-too-many", "refused", "too-many")
    assert accounts.look_up(people.an_operator("support"), patient.ins) == patient.actor.id, "each has their own"


def test_the_page_of_who_looked_up_too_many_says_so(server: str, operator: Actor) -> None:
    for _ in range(accounts.MOST_AN_HOUR):
        accounts.look_up(operator, "nobody-of-this-name")
    with sitting(server, operator) as desk:
        answer = desk.sends(ADDRESS, {"identifiant": INS["dominique"]})
    assert answer.status_code == 429
    assert "Vous avez cherché 60 comptes en une heure" in plain(answer.text)


def test_only_the_support_looks_up_and_nobody_shuts_themselves_out(operator: Actor) -> None:
    doctor = people.a_doctor()
    for stranger in (people.an_operator("steering"), doctor, people.a_person(), people.software()):
        with pytest.raises(PermissionError):
            accounts.look_up(stranger, people.rpps_of(doctor))
        with pytest.raises(PermissionError):
            accounts.account(stranger, doctor.id)
        for act in (accounts.end_sessions, accounts.deactivate, accounts.reactivate):
            with pytest.raises(PermissionError):
                act(stranger, operator.id, Reason.ASKED)
    with pytest.raises(OwnAccount):
        accounts.deactivate(operator, operator.id, Reason.ASKED)


def looked_up(desk: Browsing, identifier: str) -> str:
    """The address of the page of the account found."""
    answer = desk.sends(ADDRESS, {"identifiant": identifier})
    assert answer.url.path.startswith(f"{ADDRESS}/"), plain(answer.text)
    return answer.url.path


def signed_in(client: httpx2.Client, path: str = "/pro/") -> bool:
    return client.get(path).status_code == 200


def test_sessions_and_tokens_end_on_the_next_request_and_new_ones_begin(server: str) -> None:
    patient = people.a_patient()
    doctor = people.authorised(patient, people.a_doctor())
    program = Caller.of(server, people.actor(doctor.id))
    patient_token = f"urn:oid:{TEST_OID}|{patient.ins}"
    query = {"patient.identifier": patient_token}
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}) as browser, support(server) as desk:
        assert signed_in(browser)
        assert program.get("DocumentReference", query).status_code == 200
        page = looked_up(desk, people.rpps_of(doctor))
        assert "Jetons de logiciels valables 1" in desk.text(page)
        done = desk.sends(page, {"acte": "fermer", "raison": "lost"})
        assert "Toutes les sessions sont fermées." in plain(done.text)
        assert "Jetons de logiciels valables 0" in plain(done.text)
        assert not signed_in(browser)
        assert program.get("DocumentReference", query).status_code == 401
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of_later(doctor)}) as browser:
        assert signed_in(browser), "who signs in again is signed in"


def session_of_later(who: Actor) -> str:
    """A session's beginning is told to the second by the tests' own."""
    people.wait_until(clock.now() + timedelta(seconds=1))
    return session_of(who)


def test_a_deactivated_account_is_shut_at_once_and_its_old_sessions_stay_so(server: str) -> None:
    patient = people.a_patient()
    doctor, locum = people.authorised(patient, people.a_doctor()), people.a_doctor()
    actions.add_deputy(deputy_id=locum.id, principal_id=doctor.id, kind="locum", since=people.long_ago())
    people.deposited(people.software(), patient)
    assert len(list_documents(people.actor(locum.id), Purpose.CARE, patient.record_id)) == 1
    with httpx2.Client(base_url=server, cookies={COOKIE: session_of(doctor)}) as browser, support(server) as desk:
        page = looked_up(desk, people.rpps_of(doctor))
        assert "Choisissez une raison" in plain(desk.sends(page, {"acte": "desactiver"}).text)
        assert people.actor(doctor.id)
        answer = desk.sends(page, {"acte": "desactiver", "raison": "misuse"})
        assert "Le compte est désactivé." in plain(answer.text)
        assert refuses(locum, patient.record_id)
        answer = desk.sends(page, {"acte": "reactiver", "raison": "mended"})
        assert "Le compte est de nouveau actif." in plain(answer.text)
        assert not signed_in(browser), "what began before is over"
    assert len(list_documents(people.actor(locum.id), Purpose.CARE, patient.record_id)) == 1


def refuses(reader: Actor, record_id: UUID) -> bool:
    try:
        list_documents(people.actor(reader.id), Purpose.CARE, record_id)
    except Refused:
        return True
    return False


def test_software_is_shut_with_all_that_it_asked_for(operator: Actor) -> None:
    client = people.software()
    token = actions.issue_token(actor_id=client.id, purpose=Purpose.DEPOSIT)
    assert verify(token, anew=True)
    accounts.deactivate(operator, client.id, Reason.LEFT)
    assert verify(token, anew=True) is None
    accounts.reactivate(operator, client.id, Reason.MENDED)
    assert verify(token, anew=True) is None
    assert people.actor(client.id)


def test_a_page_is_of_an_account_that_was_looked_up(server: str) -> None:
    doctor = people.a_doctor()
    with support(server) as desk:
        assert desk.opens(f"{ADDRESS}/{doctor.id}").status_code == 404
        looked_up(desk, people.rpps_of(doctor))
        assert desk.opens(f"{ADDRESS}/{doctor.id}").status_code == 200
    with support(server) as other:
        assert other.opens(f"{ADDRESS}/{doctor.id}").status_code == 404


def test_sign_ins_are_known_from_the_first_to_the_last(server: str) -> None:
    """Of a member of the cast: their own operator's page, on which nobody can act."""
    with browsing(server, "support") as desk:
        own = next(member for member in STAFF if member.key == "support")
        page = looked_up(desk, subject(own))
        words = desk.text(page)
        assert "Dernière connexion Inconnue" not in words
        assert "C'est votre propre compte" in words
        assert 'name="acte"' not in desk.opens(page).text
        before = words.split("Sessions ouvertes (12 heures) ")[1].split()[0]
        with browsing(server, "support") as second:
            assert f"(12 heures) {int(before) + 1} " in desk.text(page)
            second.client.post("/deconnexion", data={"csrfmiddlewaretoken": _token(second)})
        assert f"(12 heures) {before} " in desk.text(page)


def _token(browser: Browsing) -> str:
    page: str = browser.opens("/console/").text
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"', maxsplit=1)[0]


def test_the_latest_sign_in_outlives_the_tidying(operator: Actor) -> None:
    doctor = people.a_doctor()
    for number in range(3):
        sessions.begin(doctor.id, f"{doctor.id}-{number}")
    before = accounts.account(operator, doctor.id)
    assert before
    sessions.purge(clock.now() + timedelta(hours=1))
    after = accounts.account(operator, doctor.id)
    assert after
    assert (before.sessions, after.sessions) == (3, 1)
    assert before.last_sign_in == after.last_sign_in
    assert timedelta(hours=config.load().longest_session) <= sessions.LONGEST


def test_a_person_s_page_is_the_same_with_documents_and_without(server: str) -> None:
    empty, full = people.a_patient(), people.a_patient()
    people.deposited(people.software(), full)
    with support(server) as desk:
        pages = [desk.text(looked_up(desk, each.ins)) for each in (empty, full)]
    assert pages[0] == pages[1]
