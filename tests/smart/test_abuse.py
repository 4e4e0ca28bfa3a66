"""What somebody could try with an app's request, a code, a refresh token or a launch that is not theirs."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwk, jwt

from carnet.consent import actions as consent
from carnet.kernel import config, database
from carnet.kernel.actor import Purpose
from carnet.people import actions, app_consents, clients, granting, queries, sessions
from tests import people
from tests.api.caller import Caller
from tests.api.oauth.software import Software, a_doctor_of, acting_for
from tests.api.publish import simplified
from tests.api.transactions import Transaction
from tests.cast import TEST_OID
from tests.people import Resident
from tests.smart.app import App, Browser, doctor_of, fhir, launch, told

WRONG: dict[str, tuple[dict[str, str | None], str]] = {
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "a plain challenge": ({"code_challenge_method": "plain"}, "invalid_request"),
    "a challenge without its method": ({"code_challenge_method": None}, "invalid_request"),
    "a short challenge": ({"code_challenge": "short"}, "invalid_request"),
    "no state": ({"state": None}, "invalid_request"),
    "another audience": ({"aud": "https://another.example/fhir"}, "invalid_request"),
    "no audience": ({"aud": None}, "invalid_request"),
    "a token at once": ({"response_type": "token"}, "unsupported_response_type"),
    "an answer in a fragment": ({"response_mode": "fragment"}, "unsupported_response_type"),
    "a request object": ({"request": "x.y.z"}, "request_not_supported"),
    "nothing that is registered": ({"scope": "system/*.rs"}, "invalid_scope"),
    "an unknown launch": ({"launch": "nothing", "scope": "launch patient/*.rs"}, "invalid_request"),
    "silently, signed out": ({"prompt": "none"}, "login_required"),
}


def test_what_an_app_asks_wrongly_it_is_told(server: str) -> None:
    app, stranger = App(server), Browser(server)
    for name, (changes, error) in WRONG.items():
        answer = told(stranger.goes(app.asks(**changes)))
        assert answer["error"] == error, name
        assert answer["iss"] == server
        assert answer.get("state", "") == ("" if "state" in changes else "état & 1")
        assert answer["error_description"].isascii()
    twice = told(stranger.goes(app.asks() + "&scope=openid"))
    assert twice["error"] == "invalid_request"


@pytest.mark.parametrize(
    "address",
    ["http://localhost:3999/retour/", "http://localhost:3999/retour?x=1", "http://localhost:3999/Retour",
     "http://localhost:3999/retour/../ailleurs", "http://localhost:3999@evil.example/retour", "https://evil.example",
     "javascript:alert(1)", "//evil.example/retour", ""],
    ids=["slash", "query", "case", "dots", "userinfo", "other", "script", "relative", "none"],
)  # fmt: skip
def test_no_address_but_the_registered_one_is_ever_answered(server: str, address: str) -> None:
    answer = Browser(server).goes(App(server).asks(redirect_uri=address))
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert not re.search(r'(href|action|src)="[^/"]*//[^"]*evil', answer.text)


def test_two_addresses_an_unknown_app_and_plain_software_are_answered_nowhere(server: str) -> None:
    app, stranger = App(server), Browser(server)
    plain = Software(server)
    for address in (
        app.asks() + "&redirect_uri=https%3A%2F%2Fevil.example",
        app.asks(client_id="nobody"),
        app.asks(client_id=plain.name),
        "/oauth/authorize",
        "/oauth/authorize?" + "a" * 9000,
        "/oauth/authorize?client_id=a%00b",
    ):
        answer = stranger.goes(address)
        assert (answer.status_code, "Location" in answer.headers) == (400, False), address
    clients.disable(client_id=app.id)
    assert stranger.goes(app.asks()).status_code == 400


@pytest.fixture
def patient(house: Any) -> Resident:
    return people.a_patient()


def granted(server: str, patient: Resident, **asked: str | None) -> tuple[App, Browser, str]:
    """An app, the doctor's browser, and a code for that patient."""
    app, browser = App(server), Browser(server, doctor_of(patient))
    return app, browser, code_of(app, browser, patient, **asked)


def code_of(app: App, browser: Browser, patient: Resident, **asked: str | None) -> str:
    address = app.asks(**asked)
    page = browser.goes(address)
    assert page.status_code == 200, page.text[:500]
    browser.sends(page, acte="choisir", par="ins", ins=patient.ins)
    return browser.code(address)


def test_a_code_serves_once_and_a_second_time_ends_what_it_gave(server: str, patient: Resident) -> None:
    app, _, code = granted(server, patient, scope="launch/patient patient/*.rs online_access")
    first = app.changes(code).json()
    assert fhir(server, first["access_token"], f"Patient/{first['patient']}").status_code == 200
    again = app.changes(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert fhir(server, first["access_token"], f"Patient/{first['patient']}").status_code == 401
    assert app.renews(first["refresh_token"]).status_code == 400


def test_a_code_is_worth_nothing_without_what_goes_with_it(server: str, patient: Resident) -> None:
    """A wrong try burns it: whoever has it and not the rest is not whom it was given to."""
    app, browser, code = granted(server, patient)
    others = App(server)
    for name, more in {
        "another verifier": {"code_verifier": "x" * 50},
        "no verifier": {"code_verifier": ""},
        "the challenge itself": {"code_verifier": "plain"},
        "another address": {"redirect_uri": "http://localhost:3999/ailleurs"},
        "another app (mix-up)": {"client_id": others.name},
    }.items():
        answer = app.changes(code, **more)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant"), name
        assert app.changes(code).status_code == 400, name
        code = code_of(app, browser, patient)
    assert app.changes(code).status_code == 200


def test_an_app_with_a_key_proves_itself_and_no_other_algorithm_counts(server: str, patient: Resident) -> None:
    software = Software(server, scope="launch/patient patient/*.rs")
    clients.change(client_id=software.id, redirect_uris=["http://localhost:3999/retour"])
    app = App(server)
    app.name, app.id = software.name, software.id
    browser = Browser(server, doctor_of(patient))
    asked = {"scope": "launch/patient patient/*.rs"}
    code = code_of(app, browser, patient, **asked)
    bare = app.changes(code)
    assert (bare.status_code, bare.json()["error"]) == (401, "invalid_client"), "not as a public one"
    secret = jwk.OctKey.generate_key(256)
    claims = {"iss": software.name, "sub": software.name, "aud": software.endpoint, "exp": int(time.time()) + 60}
    shared = jwt.encode({"alg": "HS256", "kid": "first"}, claims | {"jti": uuid4().hex}, secret, algorithms=["HS256"])
    none = software.assertion().rpartition(".")[0] + "."
    for forged in (shared, none):
        assert app.changes(code, **software.proof(forged)).status_code == 401
    answer = app.changes(code, **software.proof())
    assert answer.status_code == 200, answer.text
    known = queries.actor_for_token(answer.json()["access_token"])
    assert known is not None
    assert known.actor.app == software.id


def test_a_refresh_token_serves_once_and_a_second_time_ends_the_family(server: str, patient: Resident) -> None:
    app, _, code = granted(server, patient, scope="launch/patient patient/*.rs offline_access openid")
    first = app.changes(code).json()
    wider = app.renews(first["refresh_token"], scope="user/Patient.r")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope"), "and it is good as before"
    second = app.renews(first["refresh_token"], scope="patient/Patient.r system/*.rs").json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == "patient/Patient.r"
    assert second["patient"] == first["patient"]
    # Common libraries do not name themselves when they renew.
    form = {"grant_type": "refresh_token", "refresh_token": second["refresh_token"]}
    second = httpx2.post(f"{server}/oauth/token", data=form).json()
    assert App(server).renews(second["refresh_token"]).status_code == 400, "another app's"
    assert app.renews(second["refresh_token"]).status_code == 400, "the family is over"
    assert fhir(server, second["access_token"], f"Patient/{second['patient']}").status_code == 401


def test_revoked_by_the_app_it_is_over(server: str, patient: Resident) -> None:
    app, _, code = granted(server, patient, scope="launch/patient patient/*.rs offline_access")
    given = app.changes(code).json()
    form = {"token": given["refresh_token"], "client_id": app.name}
    assert httpx2.post(f"{server}/oauth/revoke", data=form | {"client_id": App(server).name}).status_code == 400
    assert httpx2.post(f"{server}/oauth/revoke", data=form).status_code == 200
    assert fhir(server, given["access_token"], f"Patient/{given['patient']}").status_code == 401


def test_what_is_granted_ends_with_the_session_at_the_latest(server: str, patient: Resident) -> None:
    app, browser = App(server), Browser(server, doctor_of(patient))
    assert browser.who
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        owner.execute(
            "update app.people_signed_in set since = since - interval '11 hours 59 minutes 57 seconds'"
            " where actor_id = %s",
            (browser.who.id,),
        )
    scope = "launch/patient patient/*.rs online_access"
    given = app.changes(code_of(app, browser, patient, scope=scope)).json()
    time.sleep(3)
    assert app.renews(given["refresh_token"]).status_code == 400


def test_a_session_that_has_ended_meanwhile_grants_nothing(server: str, patient: Resident) -> None:
    app, doctor = App(server), doctor_of(patient)
    wish = granting.Wish(
        app.id, doctor, Purpose.CARE, "patient/*.rs", patient.record_id, session="key", refreshes=True, offline=False,
        assurance="eidas2", proven_at=people.long_ago(),
    )  # fmt: skip
    sessions.begin(doctor.id, "key")
    assert granting.grant(wish, redirect_uri="x", challenge="x", nonce="")
    sessions.end("key")
    with pytest.raises(granting.SessionOver):
        granting.grant(wish, redirect_uri="x", challenge="x", nonce="")
    sessions.begin(doctor.id, "key")
    sessions.end_all(doctor.id)
    with pytest.raises(granting.SessionOver):
        granting.grant(replace(wish, offline=True), redirect_uri="x", challenge="x", nonce="")


def test_what_ends_the_right_ends_the_token(server: str) -> None:
    """Online, with the session, however it ends; always with the account, the app, the consent to the app; and each
    request is decided as for the professional themselves."""

    def begun(scope: str) -> tuple[Resident, App, Browser, dict[str, Any]]:
        patient = people.a_patient()
        app, browser, code = granted(server, patient, scope=f"launch/patient patient/*.rs {scope}")
        return patient, app, browser, app.changes(code).json()

    def reads(given: dict[str, Any]) -> bool:
        found = fhir(server, given["access_token"], "DocumentReference?patient=" + given["patient"])
        assert found.status_code in {200, 401, 403}, found.text
        return found.status_code == 200

    def over(app: App, given: dict[str, Any]) -> bool:
        return not reads(given) and app.renews(given["refresh_token"]).status_code == 400

    _, app, browser, online = begun("online_access")
    _, app_off, browser_off, offline = begun("offline_access")
    assert reads(online)
    assert reads(offline)
    for each in (browser, browser_off):
        page = each.goes("/pro/")
        each.client.post("/deconnexion", data=_token(page.text))
    assert over(app, online)
    assert reads(offline)
    assert app_off.renews(offline["refresh_token"]).status_code == 200

    _, app, browser, given = begun("online_access")
    assert browser.who
    sessions.end_all(browser.who.id)
    assert over(app, given)

    _, app, browser, given = begun("offline_access")
    assert browser.who
    actions.deactivate(actor_id=browser.who.id)
    assert over(app, given)

    _, app, browser, given = begun("offline_access")
    clients.disable(client_id=app.id)
    assert not reads(given)

    _, app, browser, given = begun("offline_access")
    page = browser.goes("/pro/applications")
    browser.client.post("/pro/applications", data={"application": str(app.id)} | _token(page.text))
    assert over(app, given)
    assert browser.who
    assert not app_consents.covers(browser.who, app.id, "patient/Patient.r")

    patient, app, browser, given = begun("offline_access")
    assert browser.who
    consent.withdraw(patient.actor, Purpose.SELF, record_id=patient.record_id, professional_id=browser.who.id)
    assert not reads(given), "as the professional, now"


def test_a_token_for_one_patient_reaches_no_other_by_any_door(server: str) -> None:
    patient, other = people.a_patient(), people.a_patient()
    doctor = doctor_of(patient)
    people.authorised(other, doctor)
    people.deposited(doctor, other, purpose=Purpose.CARE)
    people.deposited(doctor, patient, purpose=Purpose.CARE)
    app, browser = App(server, scope="launch/patient patient/*.cruds user/*.cruds"), Browser(server, doctor)
    code = code_of(app, browser, patient, scope="launch/patient patient/*.cruds user/*.cruds")
    given = app.changes(code).json()
    free = Caller.of(server, doctor)
    documents = free.found("DocumentReference", {"patient.identifier": f"urn:oid:{TEST_OID}|{other.ins}"})
    document = documents["entry"][0]["resource"]
    binary = document["content"][0]["attachment"]["url"].rpartition("/fhir/")[2]
    them = document["subject"]["reference"].rpartition("/")[2]
    number = f"urn:oid:{TEST_OID}|{other.ins}"
    assert free.get(binary).status_code == 200, "the doctor themselves reads it"
    assert free.get(f"Patient/{them}").status_code == 200

    transaction = Transaction(other.ins)
    transaction.document(b"Taux normal.")
    mine = Caller(server, given["access_token"])
    assert mine.get("DocumentReference", {"patient": given["patient"]}).json()["total"] == 1
    refused = {
        "read": mine.get(f"DocumentReference/{document['id']}"),
        "history": mine.get(f"DocumentReference/{document['id']}/_history"),
        "binary": mine.get(binary),
        "patient": mine.get(f"Patient/{them}"),
        "search by id": mine.get("DocumentReference", {"patient": them}),
        "search by number": mine.get("DocumentReference", {"patient.identifier": number}),
        "search by document": mine.get("DocumentReference", {"_id": document["id"]}),
        "search posted": mine.post("DocumentReference/_search", f"patient={them}".encode(), _FORM),
        "entries": mine.get("Observation", {"patient": them}),
        "entries by number": mine.get("Observation", {"patient.identifier": number}),
        "origins": mine.get("Provenance", {"target": f"Observation/{document['id']}"}),
        "summary": mine.get(f"Patient/{them}/$summary"),
        "summary by number": mine.get("Patient/$summary", {"identifier": number}),
        "news": mine.get(f"Patient/{them}/$new-since"),
        "everything": mine.get(f"Patient/{them}/$everything"),
        "lists": mine.get("List", {"patient": them, "code": "submissionset"}),
        "consents": mine.get("Consent", {"patient": them}),
        "trail": mine.get("AuditEvent", {"patient": them}),
        "deposit": mine.post("DocumentReference", simplified(number, b"Taux normal.")),
        "transaction": mine.post("", transaction.bundle()),
        "withdraw": mine.post(f"DocumentReference/{document['id']}/$withdraw", _ERROR),
    }
    for name, answer in refused.items():
        found = answer.json() if answer.status_code == 200 else {}
        assert answer.status_code in {403, 404} or found.get("total") == 0, (
            name,
            answer.status_code,
            answer.text[:300],
        )
        assert other.ins not in answer.text, name
        assert not found.get("entry"), name
    assert mine.get("Patient", {"identifier": number}).json()["total"] == 0, "not even whether they have a record"
    lines = [line for line in people.trail(other) if line.actor_id == doctor.id]
    assert not [line for line in lines if "oauth" in line.door or app.name in line.door]


_ERROR = {"resourceType": "Parameters", "parameter": [{"name": "reason", "valueCode": "error"}]}
_FORM = "application/x-www-form-urlencoded"


def test_a_launch_is_for_that_professional_that_app_and_once(server: str) -> None:
    patient = people.a_patient()
    software = Software(server, scope="user/Patient.s", acts=True)
    doctor, rpps = a_doctor_of(software)
    people.authorised(patient, doctor)
    app, other_app = App(server), App(server)
    token = software.token("user/Patient.s", extensions=acting_for(rpps))
    handle = launch(software, token, patient, client_id=app.name).json()["launch"]
    asked: dict[str, str | None] = {"launch": handle, "scope": "launch patient/*.rs"}

    colleague = Browser(server, doctor_of(patient))
    page = colleague.goes(app.asks(**asked))
    assert page.status_code == 403
    assert "sous un autre nom" in page.text
    assert colleague.goes("/pro/").status_code == 200, "nobody's session is replaced"
    assert colleague.sends(page, acte="accepter").status_code == 403
    changed = colleague.sends(page, acte="changer")
    assert changed.status_code == 302
    assert changed.headers["Location"].startswith("/connexion/professionnel?suite=")

    browser = Browser(server, doctor)
    assert told(browser.goes(other_app.asks(**asked)))["error"] == "invalid_request"
    assert browser.code(app.asks(**asked))
    assert told(browser.goes(app.asks(**asked)))["error"] == "invalid_request", "used"

    # Who may ask for one.
    mine = app.changes(browser.code(app.asks(launch=None, scope="openid user/*.rs"))).json()["access_token"]
    assert launch(software, mine, patient, client_id=app.name).status_code == 403, "an app launches no other"
    assert launch(software, "nothing", patient).status_code == 401
    own = Software(server, scope="system/Patient.s").token("system/Patient.s")
    assert launch(software, own, patient).status_code == 403
    nobody = people.Resident(patient.actor, patient.record_id, people.fresh_ins())
    assert launch(software, token, nobody).status_code == 404
    for unknown in ("nobody", "a\0b"):
        assert launch(software, token, patient, client_id=unknown).status_code == 400
    assert launch(software, token, patient, purpose="ELSE").status_code == 400


def test_nobody_is_made_to_agree_by_another_site(server: str, patient: Resident) -> None:
    app, browser = App(server), Browser(server, doctor_of(patient))
    address = app.asks(scope="openid user/*.rs")
    assert browser.goes(address).status_code == 200
    forged = browser.client.post(address.replace("authorize", "accord"), data={"acte": "accepter"})
    assert forged.status_code == 403
    posted = browser.client.post("/oauth/authorize", data=_query(address) | {"acte": "accepter"})
    assert posted.status_code == 303
    assert posted.headers["Location"].startswith("/oauth/authorize?"), "a request that is posted goes on as an address"
    refused = told(browser.sends(browser.goes(address), acte="refuser"))
    assert refused["error"] == "access_denied"


def test_an_app_lets_nobody_read_who_may_not(server: str, patient: Resident) -> None:
    """The page leads to the acts that open the record, and declaring the consent leads back to the app."""
    app, browser = App(server), Browser(server, people.a_doctor())
    address = app.asks()
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    page = browser.goes(address)
    assert page.status_code == 403
    assert f"/pro/carnets/{patient.record_id}/accord" in page.text
    assert browser.sends(page, acte="accepter").status_code == 403, "it cannot be passed by"
    declare = f"/pro/carnets/{patient.record_id}/accord"
    form = browser.goes(declare)
    done = browser.client.post(declare, data={"duree": "visite", "informee": "1"} | _token(form.text))
    assert done.headers["Location"] == address
    assert browser.code(address)


def test_an_app_breaks_no_glass_and_reads_while_it_is_broken(server: str) -> None:
    patient, house = people.a_patient(), uuid4()
    actions.add_organisation(organisation_id=house, identifier=f"1{uuid4().int % 10**9:09d}", name="Urgences")
    doctor = people.a_doctor(organisation_id=house)
    app, browser = App(server), Browser(server, doctor)
    address = app.asks()
    browser.sends(browser.goes(address), acte="choisir", par="ins", ins=patient.ins)
    place = f"/pro/carnets/{patient.record_id}/urgence"
    assert place in browser.goes(address).text
    form = browser.goes(place)
    done = browser.client.post(place, data={"acte": "ouvrir", "motif": "Chute."} | _token(form.text))
    assert done.headers["Location"] == address
    given = app.changes(browser.code(address)).json()
    assert fhir(server, given["access_token"], f"DocumentReference?patient={given['patient']}").status_code == 200

    other = people.a_patient()
    people.authorised(other, doctor)
    given = app.tokens_for(browser, other)
    consent.withdraw(other.actor, Purpose.SELF, record_id=other.record_id, professional_id=doctor.id)
    said = {"X-Carnet-Purpose": "emergency", "X-Carnet-Reason": "Chute"}
    answer = Caller(server, given["access_token"], said).get("DocumentReference", {"patient": given["patient"]})
    assert answer.status_code == 403
    assert "break-glass" not in {line.action for line in people.trail(other)}


def _token(page: str) -> dict[str, str]:
    from tests.web.browsing import token

    return token(page)


def _query(address: str) -> dict[str, str]:
    from urllib.parse import parse_qsl, urlsplit

    return dict(parse_qsl(urlsplit(address).query))
