"""The relying party believes nothing that is not verified: each spoiled answer of a provider is refused."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from carnet.web.auth import metadata, oidc, professional
from carnet.web.auth.errors import SignInError, Trouble
from carnet.web.auth.provider import Provider
from tests.web.provider import TestProvider, new_key, running

BACK = "http://localhost/connexion/retour"


@pytest.fixture
def real() -> Iterator[TestProvider]:
    with running() as provider:
        yield provider


def party(real: TestProvider, subject: str = "sub", secret: str | None = None) -> Provider:
    return Provider("patient", real.issuer, "carnet", secret, "openid", ("eidas2", "eidas3"), subject, real.issuer)


def sign_in(real: TestProvider, who: Provider | None = None, issuer: str | None = None) -> str:
    who = who or party(real)
    _, pending = oidc.begin(who, BACK)
    real.nonce = real.nonce or pending.nonce
    proven = oidc.finish(who, BACK, pending, "code", issuer)
    return proven.sub if who.subject == "sub" else professional.read(oidc.told(who, proven), who.subject).national


def test_the_request_carries_pkce_state_and_nonce(real: TestProvider) -> None:
    url, pending = oidc.begin(party(real), BACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] != pending.verifier
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (pending.state, pending.nonce, BACK)
    assert asked["acr_values"] == "eidas2"


def test_two_sign_ins_share_nothing(real: TestProvider) -> None:
    one, two = oidc.begin(party(real), BACK)[1], oidc.begin(party(real), BACK)[1]
    assert not {one.state, one.nonce, one.verifier} & {two.state, two.nonce, two.verifier}


def test_an_honest_answer_names_the_subject(real: TestProvider) -> None:
    assert sign_in(real) == "somebody"
    assert real.received["code_verifier"]


def test_the_answer_may_name_its_issuer(real: TestProvider) -> None:
    assert sign_in(real, issuer=real.issuer) == "somebody"
    with pytest.raises(SignInError):
        sign_in(real, issuer="https://other.example")


def test_a_professional_is_the_national_identifier(real: TestProvider) -> None:
    assert sign_in(real, party(real, "SubjectNameID")) == "810001001014"


@pytest.mark.parametrize("spoiled", [{"sub": "other"}, {"SubjectNameID": ""}, {"SubjectNameID": 7}])
def test_userinfo_of_somebody_else_or_of_nobody(real: TestProvider, spoiled: dict[str, object]) -> None:
    real.userinfo = spoiled
    with pytest.raises(SignInError):
        sign_in(real, party(real, "SubjectNameID"))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": ["carnet", "other"]},
        {"aud": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nonce": "other"},
        {"nonce": None},
    ],
    ids=lambda spoiled: "-".join(map(str, spoiled)),
)
def test_a_spoiled_claim(real: TestProvider, spoiled: dict[str, object]) -> None:
    real.claims = spoiled
    with pytest.raises(SignInError) as failure:
        sign_in(real)
    assert failure.value.trouble is Trouble.ATTEMPT


@pytest.mark.parametrize("level", ["eidas1", None])
def test_a_level_too_low(real: TestProvider, level: str | None) -> None:
    real.claims = {"acr": level}
    with pytest.raises(SignInError) as failure:
        sign_in(real)
    assert failure.value.trouble is Trouble.LEVEL


def test_several_audiences_with_us_as_the_authorised_party(real: TestProvider) -> None:
    real.claims = {"aud": ["carnet", "other"], "azp": "carnet"}
    assert sign_in(real) == "somebody"


def unsigned(token: str) -> str:
    head = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def altered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-2]}{'AA' if body[-2:] != 'AA' else 'BB'}.{signature}"


@pytest.mark.parametrize("spoil", [unsigned, altered, lambda _: "", lambda _: "not.a.token"])
def test_a_spoiled_signature(real: TestProvider, spoil: Callable[[str], str]) -> None:
    _, pending = oidc.begin(party(real), BACK)
    real.nonce = pending.nonce
    real.token = spoil(real.id_token())
    with pytest.raises(SignInError):
        oidc.finish(party(real), BACK, pending, "code", None)


def test_the_public_key_is_no_secret(real: TestProvider) -> None:
    _, pending = oidc.begin(party(real), BACK)
    real.nonce = pending.nonce
    real.token = real.with_secret()
    with pytest.raises(SignInError):
        oidc.finish(party(real), BACK, pending, "code", None)


def test_a_key_that_is_not_published(real: TestProvider) -> None:
    real.published = [new_key("one")]
    with pytest.raises(SignInError):
        sign_in(real)


def test_a_changed_key_is_fetched_anew(real: TestProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in(real) == "somebody"
    real.key, real.nonce = new_key("two"), ""
    monkeypatch.setattr(metadata, "_KEYS_AT_LEAST", 0.0)
    assert sign_in(real) == "somebody"


def test_a_code_that_the_provider_refuses(real: TestProvider) -> None:
    real.token_status = 400
    with pytest.raises(SignInError):
        sign_in(real)


@pytest.mark.parametrize(
    "spoiled", [{"issuer": "https://other.example"}, {"token_endpoint": "http://other.example/token"}, {"jwks_uri": 7}]
)
def test_spoiled_metadata(real: TestProvider, spoiled: dict[str, object]) -> None:
    real.metadata = spoiled
    with pytest.raises(SignInError) as failure:
        oidc.begin(party(real), BACK)
    assert failure.value.trouble is Trouble.PROVIDER


def test_a_provider_that_is_away() -> None:
    with running() as provider:
        gone = party(provider)
    with pytest.raises(SignInError) as failure:
        oidc.begin(gone, BACK)
    assert failure.value.trouble is Trouble.PROVIDER


def test_a_reason_never_holds_what_came_from_outside(real: TestProvider) -> None:
    real.claims = {"iss": "https://secret-value.example"}
    with pytest.raises(SignInError) as failure:
        sign_in(real)
    assert "secret-value" not in failure.value.reason


def test_an_answer_without_its_issuer_where_every_answer_has_one(real: TestProvider) -> None:
    real.metadata = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(SignInError):
        sign_in(real)
    real.nonce = ""
    assert sign_in(real, issuer=real.issuer) == "somebody"


def test_a_provider_that_knows_only_weak_proofs_of_the_browser(real: TestProvider) -> None:
    real.metadata = {"code_challenge_methods_supported": ["plain"]}
    with pytest.raises(SignInError):
        oidc.begin(party(real), BACK)


def test_the_proof_of_the_browser_is_that_of_the_request(real: TestProvider) -> None:
    url, pending = oidc.begin(party(real), BACK)
    real.nonce = pending.nonce
    oidc.finish(party(real), BACK, pending, "code", None)
    digest = urlsafe_b64encode(sha256(real.received["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert parse_qs(urlsplit(url).query)["code_challenge"] == [digest]


def test_an_only_audience_but_another_party(real: TestProvider) -> None:
    real.claims = {"azp": "other"}
    with pytest.raises(SignInError):
        sign_in(real)


def signed(real: TestProvider, **changes: object) -> Callable[[dict[str, Any]], str]:
    return lambda told: real.sign({"iss": real.issuer, "aud": "carnet"} | told | changes)


def test_userinfo_may_be_signed(real: TestProvider) -> None:
    real.signed = signed(real)
    assert sign_in(real, party(real, "SubjectNameID")) == "810001001014"


@pytest.mark.parametrize(
    "changes", [{"aud": "other"}, {"iss": "https://other.example"}, {"sub": "other"}, {"exp": 1}, {"aud": None}]
)
def test_signed_userinfo_is_for_us_and_of_now(real: TestProvider, changes: dict[str, object]) -> None:
    real.signed = signed(real, **changes)
    with pytest.raises(SignInError):
        sign_in(real, party(real, "SubjectNameID"))


@pytest.mark.parametrize("spoil", [unsigned, altered])
def test_signed_userinfo_that_was_spoiled(real: TestProvider, spoil: Callable[[str], str]) -> None:
    honest = signed(real)
    real.signed = lambda told: spoil(honest(told))
    with pytest.raises(SignInError):
        sign_in(real, party(real, "SubjectNameID"))
