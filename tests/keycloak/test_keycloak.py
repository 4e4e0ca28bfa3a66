"""Carnet against a real Keycloak, by its settings alone: the realm of docs/operate/providers.md, its forms, its tokens,
its keys."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from carnet.kernel.actor import SYSTEM
from carnet.people import actions
from carnet.people import queries as people_queries
from carnet.records import actions as records
from carnet.records.rules import Identity
from carnet.web.auth import metadata, oidc
from carnet.web.auth.assurance import Deed
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.oidc import Pending, Proven
from carnet.web.auth.provider import Provider
from tests import people
from tests.cast import TEST_OID
from tests.conftest import ROOT, House, free_port
from tests.keycloak.running import SECRET, Keycloak, answer_of, keycloak, logs_in, missing, realm
from tests.web.browsing import plain
from tests.web.relying import a_browser, relying
from tests.web.test_oidc import altered, unsigned
from tests.web.test_providers import a_table

pytestmark = [pytest.mark.long, pytest.mark.skipif(bool(missing()), reason=f"Keycloak needs {missing()}")]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def real(port: int) -> Iterator[Keycloak]:
    with keycloak(f"http://localhost:{port}") as found:
        yield found


@pytest.fixture(scope="module")
def base(house: House, real: Keycloak, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = as_documented(real.issuer, tmp_path_factory.mktemp("secrets"))
    dominique = people_queries.actor_by_key("dominique")
    assert dominique
    actions.add_sign_in(issuer=real.issuer, subject=user("dominique")["id"], actor_id=dominique.id)
    table = a_table(tmp_path_factory.mktemp("levels"), Deed.ERASE)
    with relying(house, real.issuer, port=port, **settings, CARNET_ASSURANCE_FILE=str(table)) as found:
        yield found


def as_documented(issuer: str, folder: Path) -> dict[str, str]:
    """The settings of docs/operate/providers.md, with this issuer in place of the example's."""
    page = (ROOT / "docs/operate/providers.md").read_text()
    block = page.split("```sh\n")[1].split("```")[0]
    settings = dict(line.split("=", 1) for line in block.splitlines())
    for who in ("PATIENT", "PROFESSIONAL"):
        secret = folder / who
        secret.write_text(SECRET + settings[f"CARNET_{who}_OIDC_CLIENT_ID"])
        settings |= {f"CARNET_{who}_OIDC_ISSUER": issuer, f"CARNET_{who}_OIDC_CLIENT_SECRET_FILE": str(secret)}
    return settings


def user(name: str) -> dict[str, str]:
    found: dict[str, str] = next(each for each in realm()["users"] if each["username"] == name)
    return found


def signs_in(client: httpx2.Client, username: str, door: str = "patient") -> httpx2.Response:
    """Where Carnet leads from its callback."""
    start = client.get(f"/connexion/{door}").headers["location"]
    return client.get(logs_in(client, start, username).headers["location"])


def test_a_patient_signs_in(base: str) -> None:
    with a_browser(base) as client:
        assert signs_in(client, "dominique").headers["location"] == "/accueil"
        assert "Bonjour Dominique" in plain(client.get("/accueil").text)


def test_somebody_new_is_told_by_signed_traits(base: str, real: Keycloak) -> None:
    """Their account there is no key to any record: the traits are, and exactly one bears them."""
    number = people.fresh_ins()
    who = Identity(TEST_OID, number, "EXEMPLE-LEGARE", "AMELIE", "AMELIE ROSE", "", "", "F", "1991-04", "49007")
    record_id = records.open_record_for(SYSTEM, identity=who)
    with a_browser(base) as client:
        assert signs_in(client, "nouvelle").headers["location"] == "/accueil"
    account = people_queries.actor_for_identity(real.issuer, user("nouvelle")["id"])
    assert account
    assert people_queries.record_of(account) == record_id


def test_a_level_that_is_too_low(base: str) -> None:
    with a_browser(base) as client:
        answer = signs_in(client, "faible")
        assert answer.status_code == 400
        assert "Cette connexion n'est pas assez protégée" in plain(answer.text)
        assert client.get("/accueil").status_code == 302


def test_a_professional_signs_in_by_the_directory_alone(base: str) -> None:
    with a_browser(base) as client:
        assert signs_in(client, "dr-martin", "professionnel").headers["location"] == "/pro/"
        assert "Martin" in plain(client.get("/pro/").text)


def test_one_whom_the_directory_does_not_know(base: str) -> None:
    with a_browser(base) as client:
        answer = signs_in(client, "dr-personne", "professionnel")
        assert answer.status_code == 403
        assert "votre identifiant national n'est pas connu ici" in plain(answer.text)


def test_an_answer_serves_once(base: str) -> None:
    with a_browser(base) as client:
        back = logs_in(client, client.get("/connexion/patient").headers["location"], "dominique").headers["location"]
        assert client.get(back).status_code == 302
        assert client.get(back).status_code == 400


def test_a_proof_of_now_is_asked_for_and_given(base: str) -> None:
    from tests.web.test_providers import age

    with a_browser(base) as client:
        signs_in(client, "dominique")
        age(client, proven=700)
        assert "Confirmez que c'est bien vous" in plain(client.get("/export").text)
        start = client.get("/connexion/confirmer?suite=/export&acte=export").headers["location"]
        back = logs_in(client, start, "dominique").headers["location"]
        assert client.get(back).headers["location"] == "/export"
        assert "Confirmez" not in client.get("/export").text


def test_an_act_asks_for_its_level_and_takes_no_lower_one(base: str, real: Keycloak) -> None:
    """« Effacer » asks for the highest one here."""
    erase = "/connexion/confirmer?suite=/carnet/effacer&acte=effacer"
    with a_browser(base) as client:
        signs_in(client, "dominique")
        assert "veut une identité mieux vérifiée" in plain(client.get("/carnet/effacer").text)
        start = client.get(erase).headers["location"]
        assert parse_qs(urlsplit(start).query)["acr_values"] == ["eidas3"]
        back = client.get(logs_in(client, start, "dominique").headers["location"])
        assert back.status_code == 403
        assert "Cette identité n'est pas assez vérifiée" in plain(back.text)
        assert client.get("/accueil").status_code == 200
        real.proves("dominique", "eidas3")
        try:
            start = client.get(erase).headers["location"]
            back = client.get(logs_in(client, start, "dominique").headers["location"])
            assert back.headers["location"] == "/carnet/effacer"
            assert "Confirmez" not in client.get("/carnet/effacer").text
            assert "Confirmez" not in client.get("/export").text, "what asks for less is content too"
        finally:
            real.proves("dominique", "eidas2")


def test_it_ends_our_sessions_with_its_own(base: str, real: Keycloak) -> None:
    with a_browser(base) as hers, a_browser(base) as theirs:
        signs_in(hers, "dominique")
        signs_in(theirs, "dr-martin", "professionnel")
        real.ends_sessions_of("dominique")
        assert hers.get("/accueil").headers["location"].startswith("/connexion?raison=fermee")
        assert theirs.get("/pro/").status_code == 200


def test_signing_out_ends_its_session_too(base: str) -> None:
    with a_browser(base) as client:
        signs_in(client, "dominique")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/accueil").text)
        assert token
        answer = client.post("/deconnexion", data={"csrfmiddlewaretoken": token[1]})
        left = client.get(answer.headers["refresh"].partition("url=")[2])
        assert left.headers["location"].startswith(f"{base}/connexion/sortie")
        # Its own session is over: it asks who comes.
        page = client.get(client.get("/connexion/patient").headers["location"])
        assert "kc-form-login" in page.text


# Its tokens, spoiled on the way


def party(real: Keycloak, client: str = "carnet-patient") -> Provider:
    return Provider("patient", real.issuer, client, SECRET + client, "openid", ("eidas2",), "sub", real.issuer)


def a_token(real: Keycloak, base: str, client: str = "carnet-patient") -> tuple[Provider, Pending, Proven, str]:
    """As the server itself gets it."""
    who, back = party(real, client), f"{base}/connexion/retour"
    url, pending = oidc.begin(who, back)
    with httpx2.Client(timeout=60) as browser:
        answer = answer_of(logs_in(browser, url, "dominique"))
    assert answer["state"] == pending.state
    return who, pending, oidc.finish(who, back, pending, answer["code"], answer.get("iss")), answer["code"]


def test_a_code_serves_once(base: str, real: Keycloak) -> None:
    who, pending, _, code = a_token(real, base)
    with pytest.raises(SignInError):
        oidc.finish(who, f"{base}/connexion/retour", pending, code, real.issuer)


def test_a_code_needs_the_proof_of_its_browser(base: str, real: Keycloak) -> None:
    who, back = party(real), f"{base}/connexion/retour"
    url, pending = oidc.begin(who, back)
    with httpx2.Client(timeout=60) as browser:
        answer = answer_of(logs_in(browser, url, "dominique"))
    guessed = Pending(pending.state, pending.nonce, "x" * 64)
    with pytest.raises(SignInError):
        oidc.finish(who, back, guessed, answer["code"], answer.get("iss"))


def test_every_answer_names_its_issuer(base: str, real: Keycloak) -> None:
    assert metadata.of(real.issuer).names_issuer
    who, pending, _, code = a_token(real, base)
    for issuer in (None, "https://other.example"):
        with pytest.raises(SignInError) as failure:
            oidc.finish(who, f"{base}/connexion/retour", pending, code, issuer)
        assert failure.value.reason == "answer-of-another-issuer"


def test_a_token_of_another_audience_or_another_moment(base: str, real: Keycloak) -> None:
    who, pending, proven, _ = a_token(real, base)
    assert oidc.verified(who, proven.id_token, pending.nonce)["sub"] == user("dominique")["id"]
    for other, nonce in ((party(real, "carnet-professional"), pending.nonce), (who, "another")):
        with pytest.raises(SignInError):
            oidc.verified(other, proven.id_token, nonce)


def test_a_tampered_token(base: str, real: Keycloak) -> None:
    who, pending, proven, _ = a_token(real, base)
    for spoil in (altered, unsigned):
        with pytest.raises(SignInError):
            oidc.verified(who, spoil(proven.id_token), pending.nonce)


def test_an_expired_token(base: str, real: Keycloak) -> None:
    """It lives one second; clocks may differ by thirty."""
    who, pending, proven, _ = a_token(real, base, "carnet-brief")
    time.sleep(oidc.LEEWAY + 2)
    with pytest.raises(SignInError) as failure:
        oidc.verified(who, proven.id_token, pending.nonce)
    assert failure.value.trouble is Trouble.ATTEMPT


def test_it_changes_its_keys(base: str, real: Keycloak, monkeypatch: pytest.MonkeyPatch) -> None:
    who, pending, before, _ = a_token(real, base)
    with a_browser(base) as client:
        assert signs_in(client, "dominique").status_code == 302
    real.rotate()
    monkeypatch.setattr(metadata, "_KEYS_AT_LEAST", 0.0)
    assert a_token(real, base)[2].sub == before.sub
    with pytest.raises(SignInError):
        oidc.verified(who, before.id_token, pending.nonce)
    time.sleep(31)  # the server asks for keys again twice a minute at most
    with a_browser(base) as client:
        assert signs_in(client, "dominique").headers["location"] == "/accueil"


def test_what_it_is_asked(base: str) -> None:
    with a_browser(base) as client:
        query = parse_qs(urlsplit(client.get("/connexion/patient").headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["acr_values"] == ["eidas2"]
