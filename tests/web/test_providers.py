"""Signing in at another provider than our own, over real HTTP: whom it may be about, and what ends a session."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
import orjson
import pytest
from django.contrib.sessions.backends.db import SessionStore

from carnet.consent import actions as consent
from carnet.consent import inviting
from carnet.consent.actions import Grantee
from carnet.kernel import config, database
from carnet.kernel.actor import SYSTEM, Purpose
from carnet.people import actions
from carnet.people import queries as people_queries
from carnet.people.rules import Capacity
from carnet.web.auth import assurance
from carnet.web.auth.assurance import Deed
from carnet.web.auth.provider import Provider
from tests import people
from tests.conftest import House
from tests.web.browsing import plain
from tests.web.provider import TestProvider, running
from tests.web.relying import a_browser, asked, comes_back, goes, relying, signs_in

COOKIE = "carnet_session"


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        found.metadata = {"end_session_endpoint": f"{found.issuer}/end", "acr_values_supported": ["eidas1", "eidas2"]}
        yield found


@pytest.fixture(scope="module")
def base(house: House, provider: TestProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where to change an address asks for more than the provider says it can prove."""
    file = a_table(tmp_path_factory.mktemp("base"), Deed.CONTACT)
    with relying(house, provider.issuer, CARNET_ASSURANCE_FILE=str(file)) as found:
        yield found


def a_table(folder: Path, *high: Deed) -> Path:
    """The house's own, but for some acts, which ask for the highest level."""
    table = orjson.loads((files("carnet.web.auth") / "data/assurance.json").read_bytes())
    for deed in high:
        table["deeds"][deed]["level"] = "eidas3"
    path = folder / "assurance.json"
    path.write_bytes(orjson.dumps(table))
    return path


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


def test_nobody_is_offered_a_fictive_person_where_another_provider_lets_people_in(base: str) -> None:
    with a_browser(base) as client:
        for address in ("/", "/connexion"):
            shown = client.get(address).text
            assert "FranceConnect+" in shown
            assert "/demo/" not in shown, address
            assert "carnet de démonstration" not in shown
        assert client.get("/demo/connexion").status_code == 404
        assert client.post("/demo/connexion", data={"actor": "dominique"}).status_code == 404


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
        there = plain(one.get("/appareils").text)
        assert "Votre compte n'est ouvert nulle part ailleurs" in there, "what has ended stands open nowhere"
        assert other.get("/accueil").headers["location"].startswith("/connexion?raison=fermee")


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
        assert f'href="/connexion/confirmer?suite={address}&amp;acte=' in page.text
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


# Levels


def sent(client: httpx2.Client, address: str, **fields: str) -> httpx2.Response:
    form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(address).text)
    assert form
    return client.post(address, data={"csrfmiddlewaretoken": form[1], **fields})


def test_a_lower_level_on_return_proves_nothing_and_is_explained(
    base: str, real: TestProvider, patient: people.Resident
) -> None:
    with a_browser(base) as client:
        signs_in(client, real)
        age(client, proven=700)
        real.claims |= {"acr": "eidas1"}
        asked_for = asked(real, client.get("/connexion/confirmer", params={"suite": "/export", "acte": "export"}))
        answer = comes_back(client, asked_for["state"])
        assert answer.status_code == 403
        assert "Cette identité n'est pas assez vérifiée" in plain(answer.text)
        assert "Rien n'est fait, et vous restez connecté" in plain(answer.text)
        assert 'href="/export"' in answer.text
        assert "Confirmez" in client.get("/export").text
        unmet = asked(real, client.get("/connexion/confirmer", params={"suite": "/export", "acte": "export"}))
        answer = client.get("/connexion/retour", params={"state": unmet["state"], "error": UNMET})
        assert "Cette identité n'est pas assez vérifiée" in plain(answer.text)
        assert client.get("/accueil").status_code == 200
        assert actions_of(patient).count("sign-in-confirmed") == 0


UNMET = "unmet_authentication_requirements"


def actions_of(patient: people.Resident) -> list[str]:
    with database.connect(config.load(), "owner") as owner:
        rows = owner.execute("select action from trail.line where actor_id = %s", (patient.actor.id,)).fetchall()
    return [row[0] for row in rows]


@pytest.mark.usefixtures("patient")
def test_what_the_provider_cannot_prove_is_not_asked_of_it(base: str, real: TestProvider) -> None:
    address = "/confidentialite/avertissements"
    with a_browser(base) as client:
        signs_in(client, real)
        page = sent(client, address, courriel="moi@exemple.fr", quoi="rights")
        assert page.status_code == 403
        assert "veut une identité mieux vérifiée" in plain(page.text)
        way = re.search(r'href="(/connexion/confirmer[^"]+)"', page.text)
        assert way
        answer = client.get(unescape(way[1]))
        assert answer.status_code == 403
        assert "allez au guichet" in plain(answer.text)
        assert "moi@exemple.fr" in client.get(address).text, "what was written is kept"
        assert sent(client, address, courriel="", quoi="rights").status_code == 422, "nothing was changed"


@pytest.fixture(scope="module")
def high(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, TestProvider]]:
    """A provider that proves the highest level when it is asked to, by single claims too; the copy asks for it."""
    file = a_table(tmp_path_factory.mktemp("high"), Deed.COPY)
    with running() as provider:
        provider.metadata = {"acr_values_supported": ["eidas2", "eidas3"], "claims_parameter_supported": True}
        with relying(house, provider.issuer, CARNET_ASSURANCE_FILE=str(file)) as base:
            yield base, provider


def test_the_level_of_an_act_is_asked_for_and_holds_for_lesser_ones(high: tuple[str, TestProvider]) -> None:
    base, real = high
    sub = f"fc-{uuid4()}"
    actions.add_sign_in(issuer=real.issuer, subject=sub, actor_id=people.a_patient().actor.id)
    real.claims = {"sub": sub}
    with a_browser(base) as client:
        asks = goes(client, real)
        assert (asks["acr_values"], "claims" in asks) == ("eidas2", False)
        assert comes_back(client, asks["state"]).headers["location"] == "/accueil"
        assert "Confirmez" not in client.get("/carnet/fermer").text, "a moment ago, and sure enough"
        page = client.get("/export")
        assert "veut une identité mieux vérifiée" in plain(page.text)
        way = re.search(r'href="(/connexion/confirmer[^"]+)"', page.text)
        assert way
        asks = asked(real, client.get(unescape(way[1])))
        assert asks["acr_values"] == "eidas3"
        assert orjson.loads(asks["claims"]) == {"id_token": {"acr": {"essential": True, "values": ["eidas3"]}}}
        assert (asks["prompt"], asks["max_age"]) == ("login", "0")
        assert comes_back(client, asks["state"]).status_code == 403, "the same level as before"
        # who names another act gets no further: the page asks by what was proven
        lesser = asked(real, client.get("/connexion/confirmer", params={"suite": "/export", "acte": "fermer"}))
        assert comes_back(client, lesser["state"]).headers["location"] == "/export"
        assert "Confirmez" in client.get("/export").text
        real.claims |= {"acr": "eidas3"}
        asks = asked(real, client.get(unescape(way[1])))
        assert comes_back(client, asks["state"]).headers["location"] == "/export"
        for address in ("/export", "/carnet/fermer", "/aidants/inviter"):
            assert "Confirmez" not in client.get(address).text
        age(client, proven=700)
        assert "Vous vous êtes connecté il y a un moment" in plain(client.get("/export").text)


@pytest.mark.usefixtures("patient")
def test_what_lets_others_in_asks_for_a_proof_of_now_and_what_keeps_them_out_does_not(
    base: str, real: TestProvider, patient: people.Resident
) -> None:
    whole = patient.actor, Purpose.SELF
    blocked, doctor = people.a_doctor(), people.a_doctor()
    consent.block(*whole, record_id=patient.record_id, professional_id=blocked.id)
    carer = people.a_person()
    actions.care_for(
        SYSTEM, record_id=patient.record_id, carer_id=carer.id, rights=["documents"], since=people.long_ago()
    )
    (link,) = inviting.around(*whole, patient.record_id).carers
    theirs = f"/aidants/{link.id}"
    changed = {"acte": "changer", "quoi": "documents", "mode": "agir", "jour": ""}
    asks: dict[str, dict[str, str]] = {
        "/aidants/inviter": {},
        theirs: changed,
        f"/confidentialite/soignants/{blocked.id}": {"acte": "debloquer"},
        f"/confidentialite/autoriser/{doctor.id}": {"duree": "toujours", "masques": "1"},
    }
    with a_browser(base) as client:
        signs_in(client, real)
        form = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(theirs).text)
        assert form
        hidden = {"csrfmiddlewaretoken": form[1]}
        age(client, proven=700)
        for address, fields in asks.items():
            answer = client.post(address, data=hidden | fields)
            assert answer.status_code == 403, address
            assert "Confirmez que c'est bien vous" in plain(answer.text), address
        acts = actions_of(patient)
        assert not {"carer-changed", "unblock", "authorise"} & set(acts)
        assert client.post(theirs, data=hidden | {"acte": "finir"}).status_code == 303, "one may end at once"
        on = f"/confidentialite/soignants/{doctor.id}"
        assert client.post(on, data=hidden | {"acte": "bloquer"}).status_code == 303, "and block"
        confirms(client, real, "/confidentialite")
        unblocks = f"/confidentialite/soignants/{blocked.id}"
        assert client.post(unblocks, data=hidden | asks[unblocks]).status_code == 303
    assert {"carer-ended", "block", "unblock"} <= set(actions_of(patient))


def test_a_table_forgets_nothing_and_knows_what_it_says() -> None:
    honest = orjson.loads((files("carnet.web.auth") / "data/assurance.json").read_bytes())
    table = assurance.parsed(honest)
    assert set(table.rules) == set(Deed)
    assert table.rank("http://eidas.europa.eu/LoA/substantial") == table.rank("eidas2") == 1
    assert table.rank("gold") < table.rank("eidas1"), "what nobody knows is enough for nothing"
    provider = Provider("patient", "", "", None, "", ("eidas2", "eidas3"), "sub", "")
    for published, left in (
        ((), ("eidas3",)),
        (("0", "1"), ("eidas3",)),
        (("eidas2",), ()),
        (("eidas3",), ("eidas3",)),
    ):
        assert assurance.offered(provider, ("eidas3",), published) == left
    deeds = honest["deeds"]
    spoils: tuple[dict[str, object], ...] = (
        {"deeds": {name: told for name, told in deeds.items() if name != "effacer"}},
        {"deeds": deeds | {"autre": deeds["effacer"]}},
        {"deeds": deeds | {"effacer": {"level": "eidas4", "minutes": 10}}},
        {"deeds": deeds | {"effacer": {"level": "eidas2", "minutes": 0}}},
        {"deeds": deeds | {"effacer": {"level": "eidas2", "minutes": "10"}}},
        {"deeds": deeds | {"effacer": None}},
        {"levels": {"eidas9": ["x"]}},
        {"levels": []},
    )
    for spoiled in spoils:
        with pytest.raises(assurance.BadTable):
            assurance.parsed(honest | spoiled)
    with pytest.raises(assurance.BadTable):
        assurance.parsed([])


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
        desk = client.get("/pro/").text
        assert doctor.name in plain(desk)
        assert "/demo/" not in desk, "nor is anybody listed to a professional"


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


def a_hospital() -> tuple[str, UUID, UUID, UUID]:
    """Its FINESS number, its id and those of two services."""
    number, place = a_practice()
    heart, door = (
        actions.add_organisation(
            organisation_id=uuid4(), identifier=f"1{number}/{key}", name=name, part_of_id=UUID(place)
        )
        for key, name in (("coeur", "Cardiologie"), ("porte", "Urgences"))
    )
    return number, UUID(place), heart, door


def reads(client: httpx2.Client, patient: people.Resident) -> str:
    """What the desk shows to whoever looks for the person: their record, or that it is not open to them."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/pro/").text)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "par": "ins", "ins": patient.ins}
    return plain(client.post("/pro/", data=form, follow_redirects=True).text)


def last_house(patient: people.Resident) -> str:
    return next(line.organisation_name for line in people.trail(patient) if line.actor_kind == "professional")


def test_who_is_of_a_service_alone_comes_in_by_the_card_of_the_whole(base: str, real: TestProvider) -> None:
    finess, hospital, heart, door = a_hospital()
    doctor, patient, other = people.a_doctor(), people.a_patient(), people.a_patient()
    actions.add_situation(professional_id=doctor.id, organisation_id=heart, since=people.long_ago())
    for each, grantee in ((patient, hospital), (other, door)):
        people.deposited(people.software(), each)
        given = Grantee("organisation", grantee)
        consent.authorise(each.actor, Purpose.SELF, record_id=each.record_id, grantee=given)
    told(real, people.rpps_of(doctor), finess)
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/"
        desk = client.get("/pro/").text
        assert f"Cardiologie, Cabinet {finess}" in plain(desk)
        assert "/pro/situation" not in desk, "there is no other place to change to"
        assert "Analyses de sang" in reads(client, patient)
        assert last_house(patient) == f"Cardiologie, Cabinet {finess}"
        assert "Analyses de sang" not in reads(client, other), "what was given to another service is not theirs"
        actions.end_situation(professional_id=doctor.id, organisation_id=heart)
    told(real, people.rpps_of(doctor), a_practice()[0])
    actions.add_situation(professional_id=doctor.id, organisation_id=heart, since=people.long_ago())
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").status_code == 403, "nor by the card of another house"


def test_who_has_a_practice_and_a_service_chooses_between_them(base: str, real: TestProvider) -> None:
    (one, _), (finess, _, heart, door) = a_practice(), a_hospital()
    doctor = people.a_doctor(organisation_id=people_queries.organisation_of(f"1{one}"))
    for each in (heart, door):
        actions.add_situation(professional_id=doctor.id, organisation_id=each, since=people.long_ago())
    patient = people.a_patient()
    people.deposited(people.software(), patient)
    consent.authorise(patient.actor, Purpose.SELF, record_id=patient.record_id, grantee=Grantee("organisation", heart))
    told(real, people.rpps_of(doctor), one, finess)
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/situation"
        for place, name, opens in ((door, "Urgences", False), (heart, "Cardiologie", True)):
            page = client.get("/pro/situation").text
            assert f"{name}, Cabinet {finess}" in plain(page)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            assert token
            form = {"csrfmiddlewaretoken": token[1], "lieu": str(place)}
            assert client.post("/pro/situation", data=form).headers["location"] == "/pro/"
            assert f"{name}, Cabinet {finess}" in plain(client.get("/pro/").text)
            assert ("Analyses de sang" in reads(client, patient)) is opens
    told(real, people.rpps_of(doctor), one)
    with a_browser(base) as client:
        assert signs_in(client, real, "professionnel").headers["location"] == "/pro/"
        assert f"Cabinet {finess}" not in client.get("/pro/").text


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
