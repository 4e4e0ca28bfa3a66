"""Signing in at another provider than our own, over real HTTP: whom it may be about, and what ends a session."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pytest
from django.contrib.sessions.backends.db import SessionStore

from carnet.people import actions
from carnet.people import queries as people_queries
from carnet.people.rules import Capacity
from tests import people
from tests.conftest import House
from tests.web.browsing import plain
from tests.web.provider import TestProvider, running
from tests.web.relying import a_browser, asked, comes_back, goes, relying, signs_in

COOKIE = "carnet_session"


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        found.metadata = {"end_session_endpoint": f"{found.issuer}/end"}
        yield found


@pytest.fixture(scope="module")
def base(house: House, provider: TestProvider) -> Iterator[str]:
    with relying(house, provider.issuer) as found:
        yield found


@pytest.fixture
def real(provider: TestProvider) -> Iterator[TestProvider]:
    yield provider
    provider.claims, provider.userinfo, provider.token, provider.asked = {}, {}, None, 0


@pytest.fixture
def patient(real: TestProvider) -> people.Resident:
    """Whom the provider knows by a name of their own."""
    found, sub = people.a_patient(), f"fc-{uuid4()}"
    actions.add_sign_in(issuer=real.issuer, subject=sub, actor_id=found.actor.id)
    real.claims, real.userinfo = {"sub": sub}, {"sub": sub}
    return found


@pytest.mark.usefixtures("patient")
def test_a_known_patient_tells_nothing_more_and_gets_a_session_of_their_own(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        client.cookies.set(COOKIE, "laid-by-somebody-else", domain="localhost.local")
        answer = signs_in(client, real, suite="/acces")
        assert answer.headers["location"] == "/acces"
        assert real.asked == 0
        assert client.get("/accueil").status_code == 200
        assert not re.search(r"code|token|state", answer.headers["location"])
    with httpx2.Client(base_url=base, cookies={COOKIE: "laid-by-somebody-else"}) as thief:
        assert thief.get("/accueil").status_code == 302


@pytest.mark.parametrize("suite", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"])
@pytest.mark.usefixtures("patient")
def test_no_way_back_leads_elsewhere(base: str, real: TestProvider, suite: str) -> None:
    with a_browser(base) as client:
        location = signs_in(client, real, suite=suite).headers["location"]
    assert location == "/accueil"


@pytest.mark.usefixtures("patient")
def test_an_answer_serves_once_and_in_its_own_browser(base: str, real: TestProvider) -> None:
    with a_browser(base) as client, a_browser(base) as victim:
        state = goes(client, real)["state"]
        assert comes_back(victim, state).status_code == 400
        assert comes_back(client, state).status_code == 302
        assert comes_back(client, state).status_code == 400


@pytest.mark.usefixtures("patient")
def test_a_token_in_the_address_signs_nobody_in(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        state = goes(client, real)["state"]
        token, real.token = real.id_token(), ""
        answer = client.get(f"/connexion/retour?state={state}&id_token={token}&access_token=a")
        assert answer.status_code == 400
        assert client.get(f"/accueil?access_token=a&id_token={token}").status_code == 302


@pytest.mark.usefixtures("patient")
def test_the_answer_of_another_issuer(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        state = goes(client, real)["state"]
        assert comes_back(client, state, iss="https://other.example").status_code == 400
        assert client.get("/accueil").status_code == 302


@pytest.mark.parametrize(
    "spoiled", [{"acr": "eidas1"}, {"exp": int(time.time()) - 3600}, {"aud": "other"}, {"nonce": "x"}]
)
@pytest.mark.usefixtures("patient")
def test_a_refused_token_opens_nothing(base: str, real: TestProvider, spoiled: dict[str, object]) -> None:
    real.claims |= spoiled
    with a_browser(base) as client:
        assert signs_in(client, real).status_code == 400
        assert client.get("/accueil").status_code == 302


# What the provider ends


@pytest.mark.usefixtures("patient")
def test_the_provider_ends_one_of_its_sessions(base: str, real: TestProvider) -> None:
    sub = real.claims["sub"]
    with a_browser(base) as one, a_browser(base) as other:
        signs_in(one, real)
        real.claims |= {"sid": "there"}
        signs_in(other, real)
        answer = httpx2.post(f"{base}/connexion/fin", data={"logout_token": real.logout_token(sub=sub, sid="there")})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert one.get("/accueil").status_code == 200
        assert other.get("/accueil").headers["location"].startswith("/connexion?raison=expiree")


@pytest.mark.usefixtures("patient")
def test_the_provider_ends_all_sessions_of_somebody_but_none_that_began_since(base: str, real: TestProvider) -> None:
    sub = real.claims["sub"]
    with a_browser(base) as one, a_browser(base) as other:
        signs_in(one, real)
        token = real.logout_token(sub=sub, sid=None)
        assert httpx2.post(f"{base}/connexion/fin", data={"logout_token": token}).status_code == 200
        assert one.get("/accueil").status_code == 302
        time.sleep(1.5)
        signs_in(other, real)
        assert httpx2.post(f"{base}/connexion/fin", data={"logout_token": token}).status_code == 200
        assert other.get("/accueil").status_code == 200


@pytest.mark.parametrize(
    "spoiled",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"events": {}},
        {"events": None},
        {"nonce": "x"},
        {"iat": int(time.time()) - 3600},
        {"iat": None},
        {"jti": None},
        {"exp": int(time.time()) - 3600},
        {"sub": None, "sid": None},
        {"sid": 7},
    ],
    ids=lambda spoiled: "-".join(map(str, spoiled)),
)
@pytest.mark.usefixtures("patient")
def test_what_is_no_logout_token_ends_nothing(base: str, real: TestProvider, spoiled: dict[str, object]) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        token = real.logout_token(**{"sub": real.claims["sub"]} | spoiled)
        assert httpx2.post(f"{base}/connexion/fin", data={"logout_token": token}).status_code == 400
        assert client.get("/accueil").status_code == 200


@pytest.mark.usefixtures("patient")
def test_nor_does_an_identity_token_or_one_without_a_signature(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        honest = real.logout_token(sub=real.claims["sub"])
        head, body, _ = honest.split(".")
        for token in (real.id_token(), f"eyJhbGciOiJub25lIn0.{body}.", f"{head}.{body}.AAAA", "", "a.b", "x" * 99_999):
            assert httpx2.post(f"{base}/connexion/fin", data={"logout_token": token}).status_code == 400
        assert httpx2.get(f"{base}/connexion/fin").status_code == 405
        assert client.get("/accueil").status_code == 200


@pytest.mark.usefixtures("patient")
def test_signing_out_tells_the_provider(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/accueil").text)
        assert token
        answer = client.post("/deconnexion", data={"csrfmiddlewaretoken": token[1]})
        assert "Vous êtes déconnecté de Carnet" in plain(answer.text)
        address = answer.headers["refresh"].partition("url=")[2]
        query = parse_qs(urlsplit(address).query)
        assert address.startswith(f"{real.issuer}/end?")
        assert query["post_logout_redirect_uri"] == [f"{base}/connexion/sortie"]
        assert query["id_token_hint"][0].count(".") == 2
        assert client.get("/connexion/sortie?state=x").headers["location"] == "/connexion?raison=deconnecte"
        assert client.get("/accueil").status_code == 302


def age(client: httpx2.Client, **seconds: int) -> None:
    """The session is older; the clock is not moved."""
    session = SessionStore(client.cookies[COOKIE])
    for name, by in seconds.items():
        session[name] -= by
    session.save()


@pytest.mark.usefixtures("patient")
def test_a_silent_session_ends_and_a_long_one(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        for seconds, answered in (({"seen": 3500}, 200), ({"seen": 3700}, 302)):
            signs_in(client, real)
            age(client, **seconds)
            assert client.get("/accueil").status_code == answered
        signs_in(client, real)
        age(client, since=12 * 3600)
        assert client.get("/accueil").status_code == 302


# A proof of now


def confirms(client: httpx2.Client, real: TestProvider, suite: str) -> tuple[dict[str, str], httpx2.Response]:
    """What the provider was asked, and where one comes back to."""
    query = asked(real, client.get("/connexion/confirmer", params={"suite": suite}))
    return query, comes_back(client, query["state"])


@pytest.mark.parametrize("address", ["/carnet/fermer", "/carnet/effacer", "/export", "/export/carnet.zip"])
@pytest.mark.usefixtures("patient")
def test_what_touches_the_whole_record_asks_for_a_proof_of_now(base: str, real: TestProvider, address: str) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        before = client.get(address)
        assert "Confirmez que c'est bien vous" not in plain(before.text)
        age(client, proven=700)
        page = client.get(address)
        assert "Confirmez que c'est bien vous" in plain(page.text)
        assert f'href="/connexion/confirmer?suite={address}"' in page.text
        query, answer = confirms(client, real, address)
        assert (query["prompt"], query["max_age"]) == ("login", "0")
        assert answer.headers["location"] == address
        assert client.get(address).status_code == before.status_code
        assert client.get("/carnet").status_code == 200


@pytest.mark.usefixtures("patient")
def test_after_a_proof_the_session_hangs_on_the_newer_one_there(base: str, real: TestProvider) -> None:
    sub = real.claims["sub"]
    with a_browser(base) as client:
        signs_in(client, real)
        real.claims |= {"sid": "newer"}
        confirms(client, real, "/export")
        httpx2.post(f"{base}/connexion/fin", data={"logout_token": real.logout_token(sub=sub, sid="here")})
        assert client.get("/accueil").status_code == 200
        httpx2.post(f"{base}/connexion/fin", data={"logout_token": real.logout_token(sub=sub, sid="newer")})
        assert client.get("/accueil").status_code == 302


@pytest.mark.usefixtures("patient")
def test_a_form_sent_too_late_does_nothing(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/carnet/fermer").text)
        assert token
        age(client, proven=700)
        answer = client.post("/carnet/fermer", data={"csrfmiddlewaretoken": token[1]})
        assert answer.status_code == 403
        assert "Rien n'est encore fait." in plain(answer.text)
        assert "Fermer mon carnet" in plain(client.get("/carnet").text)


@pytest.mark.usefixtures("patient")
def test_a_provider_that_did_not_ask_again_proves_nothing(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        age(client, proven=700)
        for old in (int(time.time()) - 700, None):
            real.claims |= {"auth_time": old}
            assert confirms(client, real, "/export")[1].status_code == 400
        assert "Confirmez" in client.get("/export").text


@pytest.mark.usefixtures("patient")
def test_somebody_else_does_not_confirm(base: str, real: TestProvider) -> None:
    other, sub = people.a_patient(), f"fc-{uuid4()}"
    actions.add_sign_in(issuer=real.issuer, subject=sub, actor_id=other.actor.id)
    with a_browser(base) as client:
        signs_in(client, real)
        real.claims |= {"sub": sub}
        assert confirms(client, real, "/export")[1].status_code == 400
        assert client.get("/accueil").status_code == 302


# Professionals


def a_practice() -> tuple[str, str]:
    """FINESS number and id of a new place."""
    number = f"{uuid4().int % 10**9:09d}"
    place = actions.add_organisation(organisation_id=uuid4(), identifier=f"1{number}", name=f"Cabinet {number}")
    return number, str(place)


def told(real: TestProvider, rpps: str, *finess: str, regulates: str = "FAUX") -> None:
    """As Pro Santé Connect tells it."""
    activities = [{"numeroFinessSite": each, "raisonSocialeSite": "x"} for each in finess]
    real.claims = {"acr": "eidas1"}
    real.userinfo = {
        "SubjectNameID": f"8{rpps}",
        "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
        "SubjectRefPro": {"exercices": [{"codeProfession": "10", "activities": activities}]},
        "Acces_Regulation_Medicale": regulates,
    }


def test_a_professional_of_the_directory_needs_nothing_else(base: str, real: TestProvider) -> None:
    doctor = people.a_doctor()
    told(real, people.rpps_of(doctor))
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/"
        assert doctor.name in plain(client.get("/pro/").text)


def test_a_professional_whom_the_directory_does_not_know(base: str, real: TestProvider) -> None:
    told(real, "99999999999")
    with a_browser(base) as client:
        answer = signs_in(client, real, "professionnel")
        assert answer.status_code == 403
        assert "votre identifiant national n'est pas connu ici" in plain(answer.text)
        assert client.get("/pro/").status_code == 302


def test_a_card_that_outlives_an_activity(base: str, real: TestProvider) -> None:
    finess, place = a_practice()
    doctor = people.a_doctor(organisation_id=people_queries.organisation_of(f"1{finess}"))
    told(real, people.rpps_of(doctor), a_practice()[0])
    with a_browser(base) as client:
        answer = signs_in(client, real, "professionnel")
        assert answer.status_code == 403
        assert "Votre carte nomme d'autres lieux" in plain(answer.text)
        told(real, people.rpps_of(doctor), finess)
        assert signs_in(client, real, "professionnel").status_code == 302
    assert place


def test_places_are_those_of_the_directory_that_the_card_names_too(base: str, real: TestProvider) -> None:
    (one, main), (two, _), (three, _), (elsewhere, _) = (a_practice() for _ in range(4))
    doctor = people.a_doctor(organisation_id=people_queries.organisation_of(f"1{one}"))
    for each in (two, three):
        found = people_queries.organisation_of(f"1{each}")
        assert found
        actions.add_situation(professional_id=doctor.id, organisation_id=found, since=people.long_ago())
    told(real, people.rpps_of(doctor), one, two, elsewhere)
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/situation"
        page = client.get("/pro/situation").text
        assert [f"Cabinet {each}" in page for each in (one, two, three, elsewhere)] == [True, True, False, False]
        assert len(re.findall(r'name="lieu"', page)) == 2
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        forged = {"csrfmiddlewaretoken": token[1], "lieu": str(people_queries.organisation_of(f"1{three}"))}
        assert client.post("/pro/situation", data=forged).status_code == 422
        told(real, people.rpps_of(doctor), two)
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/"
        assert f"Cabinet {two}" in client.get("/pro/").text
    assert main


@pytest.mark.parametrize(("claim", "opens"), [("VRAI", True), ("FAUX", False), ("", False)])
def test_the_centre_15_is_who_the_card_says_so_of(base: str, real: TestProvider, claim: str, opens: bool) -> None:
    patient, doctor = people.a_patient(), people.a_doctor(capacity=Capacity.REGULATION)
    told(real, people.rpps_of(doctor), regulates=claim)
    with a_browser(base) as client:
        signs_in(client, real, "professionnel")
        page = client.get("/pro/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        found = client.post(
            "/pro/", data={"csrfmiddlewaretoken": token[1], "par": "ins", "ins": patient.ins}, follow_redirects=True
        )
        assert found.url.path == f"/pro/carnets/{patient.record_id}"
        assert ("/urgence" in found.text) is opens
        assert client.get(f"/pro/carnets/{patient.record_id}/urgence").status_code == (200 if opens else 303)


def test_the_level_that_the_request_asks_for(base: str, real: TestProvider) -> None:
    with a_browser(base) as client:
        query = asked(real, client.get("/connexion/professionnel"))
    assert (query["acr_values"], query["scope"], query["code_challenge_method"]) == (
        "eidas1",
        "openid scope_all",
        "S256",
    )
