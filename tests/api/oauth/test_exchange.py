"""A token of the provider of professionals becomes one of ours: the demonstration's provider, over HTTP, and what
somebody could try with a token that is not theirs."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import httpx2
import pytest
from joserfc import jwk, jwt

from carnet.api.oauth.exchange import ACCESS, GRANT, IDENTITY
from carnet.api.oauth.problems import PROBLEMS
from carnet.kernel import config
from carnet.kernel.actor import Actor, Purpose
from carnet.people import actions, clients, queries
from carnet.web.demo_provider import tickets
from carnet.web.demo_provider.keys import signing_key
from tests import people
from tests.api.oauth.software import Software, a_doctor_of
from tests.cast import identifier

CLIENT = "carnet-professional"


def signed_in(server: str, actor: str = "dr-urgence") -> dict[str, Any]:
    """As the software does it: the browser goes to the provider, the code comes back, and is changed for tokens."""
    verifier, callback = "v" * 50, f"{server}/connexion/retour"
    asked = {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": callback, "scope": "openid scope_all",
        "state": "s", "nonce": "n", "code_challenge": tickets.challenge(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    answer = httpx2.post(f"{server}/demo/connexion?{urlencode(asked)}", data={"actor": actor})
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "client_id": CLIENT}
    given: dict[str, Any] = httpx2.post(f"{server}/demo/token", data=form | {"code_verifier": verifier}).json()
    return given


@pytest.fixture(scope="module")
def software(server: str) -> Software:
    """Of the hospital's emergency department, registered at the provider under that name."""
    made = Software(server, scope="user/Patient.rs user/DocumentReference.rs system/DocumentReference.c")
    clients.change(client_id=made.id, provider_client_id=CLIENT)
    actions.add_situation(professional_id=doctor("dr-urgence"), organisation_id=made.house, since=people.long_ago())
    return made


def doctor(key: str) -> Any:
    found = queries.actor_by_key(key)
    assert found is not None
    return found.id


def exchange(software: Software, token: str, kind: str = ACCESS, **form: str) -> httpx2.Response:
    asked = {"grant_type": GRANT, "subject_token": token, "subject_token_type": kind, **software.proof(), **form}
    return httpx2.post(software.endpoint, data=asked)


def refused(answer: httpx2.Response, code: str) -> bool:
    problem = PROBLEMS[code]
    return (answer.status_code, answer.json()["error"]) == (problem.status, problem.error)


@pytest.mark.parametrize(("kind", "member"), [(ACCESS, "access_token"), (IDENTITY, "id_token")])
def test_it_becomes_ours_for_the_professional_whom_it_names(
    kind: str, member: str, software: Software, server: str
) -> None:
    answer = exchange(software, signed_in(server)[member], kind)
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert given["issued_token_type"] == ACCESS
    assert given["scope"] == "user/DocumentReference.rs user/Patient.rs", "within what the software is registered for"
    known = queries.actor_for_token(given["access_token"])
    assert known is not None
    assert (known.actor.id, known.purpose, known.client_id) == (doctor("dr-urgence"), Purpose.CARE, software.id)
    address = f"{server}/fhir/Patient?identifier={identifier('dominique')}"
    assert httpx2.get(address, headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 200


@pytest.mark.parametrize("kind", [ACCESS, IDENTITY])
def test_only_who_answers_the_centre_15_by_the_provider_does_so_by_our_token(
    kind: str, software: Software, server: str
) -> None:
    """As its userinfo says at this moment; an ID token, which does not say it, gives nothing of it."""
    actions.add_situation(professional_id=doctor("samu"), organisation_id=software.house, since=people.long_ago())
    member = "access_token" if kind == ACCESS else "id_token"
    says = {}
    for who in ("samu", "dr-urgence"):
        known = queries.actor_for_token(exchange(software, signed_in(server, who)[member], kind).json()["access_token"])
        assert known is not None
        says[who] = known.actor.regulates
    assert says == {"samu": kind == ACCESS, "dr-urgence": False}


def test_a_narrower_scope_is_granted_and_a_wider_one_is_not(software: Software, server: str) -> None:
    token = signed_in(server)["access_token"]
    assert exchange(software, token, scope="user/Patient.s user/Consent.cruds").json()["scope"] == "user/Patient.s"
    assert refused(exchange(software, token, scope="system/DocumentReference.c"), "scope-none")


def forged(server: str, *, key: Any = None, typ: str = "at+jwt", alg: str = "ES256", **changes: Any) -> str:
    """Signed by the demonstration's provider itself, but for what is said."""
    now = int(time.time())
    claims = {
        "iss": f"{server}/demo", "sub": "psc:dr-urgence", "aud": "x", "azp": CLIENT, "iat": now, "exp": now + 60,
        "acr": "eidas1", "actor": "dr-urgence", **changes,
    }  # fmt: skip
    mine = signing_key(config.load().data_dir / "keys")
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": mine.kid, "typ": typ}, kept, key or mine, algorithms=[alg])


def test_who_does_not_say_when_they_proved_it_has_not_just_proved_it(software: Software, server: str) -> None:
    told = signed_in(server)["id_token"].split(".")[1]
    claims = json.loads(urlsafe_b64decode(told + "=="))
    for stated, at in ((None, 0), (1_700_000_000, 1_700_000_000)):
        token = forged(server, typ="JWT", **claims | {"auth_time": stated})
        known = queries.actor_for_token(exchange(software, token, IDENTITY).json()["access_token"])
        assert known
        assert known.proof
        assert known.proof["at"] == at


HOSTILE: dict[str, tuple[Callable[[str], str], str]] = {
    "given to another software": (lambda s: forged(s, azp="another"), "exchange-audience"),
    "given to nobody": (lambda s: forged(s, azp=None), "exchange-audience"),
    "ended": (lambda s: forged(s, exp=int(time.time()) - 100), "exchange-token"),
    "without an end": (lambda s: forged(s, exp=None), "exchange-token"),
    "of another issuer": (lambda s: forged(s, iss="https://psc.invalid"), "exchange-token"),
    "of a low level": (lambda s: forged(s, acr="eidas0"), "exchange-token"),
    "without a level": (lambda s: forged(s, acr=None), "exchange-token"),
    "signed by another": (lambda s: forged(s, key=jwk.ECKey.generate_key("P-256")), "exchange-token"),
    "signed with a shared secret": (
        lambda s: forged(s, key=jwk.OctKey.generate_key(256), alg="HS256"),
        "exchange-token",
    ),
    "of somebody else's session": (lambda s: forged(s, sub="psc:dr-martin"), "exchange-token"),
    "that the provider does not know": (lambda s: forged(s, typ="JWT"), "exchange-token"),
    "no token": (lambda s: "carnet_x", "exchange-token"),
    "an empty one": (lambda s: "", "exchange-form"),
    "one without end": (lambda s: "x" * 20_000, "exchange-form"),
}


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_theirs_opens_nothing(
    make: Callable[[str], str], code: str, software: Software, server: str
) -> None:
    assert exchange(software, forged(server)).status_code == 200
    assert refused(exchange(software, make(server)), code)


def test_an_identity_token_is_no_access_token_nor_the_reverse(software: Software, server: str) -> None:
    given = signed_in(server)
    assert refused(exchange(software, given["id_token"], ACCESS), "exchange-audience")
    assert refused(exchange(software, given["access_token"], IDENTITY), "exchange-audience")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}, "exchange-form"),
        ({"requested_token_type": IDENTITY}, "exchange-form"),
        ({"actor_token": "x"}, "exchange-form"),
        ({"audience": "https://elsewhere.example"}, "exchange-target"),
    ],
    ids=str,
)
def test_what_this_exchange_does_not_do(form: dict[str, str], code: str, software: Software, server: str) -> None:
    token = signed_in(server)["access_token"]
    asked = {"grant_type": GRANT, "subject_token": token, "subject_token_type": ACCESS, **software.proof(), **form}
    assert refused(httpx2.post(software.endpoint, data=asked), code)


def test_software_that_is_not_registered_there_exchanges_nothing(server: str) -> None:
    assert refused(exchange(Software(server), signed_in(server)["access_token"]), "exchange-not-allowed")


def test_a_professional_who_works_elsewhere_is_not_of_this_house(software: Software, server: str) -> None:
    token = signed_in(server, "dr-martin")["access_token"]
    assert refused(exchange(software, token), "professional-elsewhere")


def test_who_has_left_the_directory_gets_nothing_whatever_their_card_says(server: str) -> None:
    house = Software(server, scope="user/Patient.rs")
    clients.change(client_id=house.id, provider_client_id=CLIENT)
    who, rpps = a_doctor_of(house)
    token = forged(server, aud=CLIENT, azp=None, nonce="n", SubjectNameID=f"8{rpps}")
    given = exchange(house, token, IDENTITY)
    assert given.status_code == 200, given.text
    actions.deactivate(actor_id=who.id)
    assert refused(exchange(house, token, IDENTITY), "professional-unknown")
    assert queries.actor_for_token(given.json()["access_token"]) is None


def test_an_operator_is_no_professional(software: Software, server: str) -> None:
    assert refused(exchange(software, signed_in(server, "support")["access_token"]), "exchange-token")


def test_without_the_softwares_own_proof_nothing_is_exchanged(software: Software, server: str) -> None:
    form = {"grant_type": GRANT, "subject_token": signed_in(server)["access_token"], "subject_token_type": ACCESS}
    assert httpx2.post(software.endpoint, data=form).status_code == 401


def test_it_is_announced(server: str) -> None:
    told = httpx2.get(f"{server}/.well-known/smart-configuration").json()
    assert GRANT in told["grant_types_supported"]


def test_who_is_of_a_service_of_the_house_is_of_the_house(server: str) -> None:
    """And who stands in for them; their token is for the house, whose software does not say in which service."""
    house = Software(server, scope="user/Patient.rs")
    clients.change(client_id=house.id, provider_client_id=CLIENT)
    heart = actions.add_organisation(
        organisation_id=uuid4(), identifier=f"{house.organisation}/coeur", name="Cardiologie", part_of_id=house.house
    )
    doctor, deputy = people.a_doctor(), people.a_doctor()
    actions.add_deputy(deputy_id=deputy.id, principal_id=doctor.id, kind="locum", since=people.long_ago())

    def comes_in_at(who: Actor) -> UUID | None:
        said = {"SubjectNameID": f"8{people.rpps_of(who)}"}
        answer = exchange(house, forged(server, aud=CLIENT, azp=None, nonce="n", **said), IDENTITY)
        if not answer.is_success:
            assert refused(answer, "professional-elsewhere")
            return None
        known = queries.actor_for_token(answer.json()["access_token"])
        return known.actor.organisation if known else None

    assert [comes_in_at(who) for who in (doctor, deputy)] == [None, None]
    actions.add_situation(professional_id=doctor.id, organisation_id=heart, since=people.long_ago())
    assert [comes_in_at(who) for who in (doctor, deputy)] == [house.house, house.house]
    actions.end_situation(professional_id=doctor.id, organisation_id=heart)
    assert [comes_in_at(who) for who in (doctor, deputy)] == [None, None]
