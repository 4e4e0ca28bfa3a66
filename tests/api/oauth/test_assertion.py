"""Whatever a client signs, the answer is a client or a refusal: never a fault."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import JoseError
from structlog.testing import capture_logs

from carnet.api.oauth import assertion, mandate
from carnet.api.oauth.problems import PROBLEMS, Refusal, ascii_of
from carnet.kernel import clock
from tests.api.oauth.software import Software
from tests.cases import cases
from tests.conftest import House

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["TREAT", "1", "810001005056", "\x00"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
members = ("version", "subject_id", "subject_name", "organization_id", "purpose_of_use", "national_provider_identifier")
extensions = st.dictionaries(
    st.sampled_from(["hl7-b2b", "ihe_iua", "other"]), st.dictionaries(st.sampled_from(members), values) | values
)
changes = st.dictionaries(st.sampled_from(["iss", "aud", "exp", "iat", "nbf", "jti"]), values, max_size=2)


@pytest.fixture(scope="module")
def software(house: House) -> Software:
    return Software(house.base, scope="system/*.cruds user/*.cruds", acts=True)


@settings(max_examples=cases(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes, extensions | values)
def test_any_claims(software: Software, changed: dict[str, Any], extended: Any) -> None:
    text = software.assertion(**{"extensions": extended, **changed})
    try:
        caller = assertion.verified(assertion.read(text))
        holder = mandate.holder(caller.client, mandate.read(caller.claims))
    except Refusal:
        return
    assert holder.id == software.id or holder.kind.value == "professional"
    # What passed was right: the changes left it a claim of this client, for us, of now.
    claims = caller.claims
    assert claims["iss"] == software.name
    assert claims["aud"] in (software.endpoint, software.base, [software.endpoint], [software.base])
    assert -60 < claims["exp"] - clock.now().timestamp() <= 360


@settings(max_examples=cases(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x5c", "cty"]), values, max_size=3))
def test_any_header(software: Software, header: dict[str, Any]) -> None:
    good = software.assertion(jti=uuid4().hex).split(".")
    try:
        head = jwt.encode({"alg": "ES384", **header}, {}, software.key, algorithms=["ES384"]).split(".")[0]
    except (JoseError, ValueError, TypeError, AttributeError, KeyError):
        return
    with pytest.raises(Refusal) as caught:
        assertion.verified(assertion.read(".".join([head, *good[1:]])))
    assert caught.value.code in PROBLEMS


@settings(max_examples=cases(60))
@given(st.text(st.characters(codec="utf-8")) | st.text("eyJ.0A{}", max_size=40))
def test_any_text(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        assertion.read(text)
    assert caught.value.code in {"assertion-form", "assertion-algorithm"}


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_description_is_what_the_standard_allows(code: str) -> None:
    """RFC 6749, section 5.2: %x20-21 / %x23-5B / %x5D-7E."""
    said = ascii_of(PROBLEMS[code].text_fr)
    assert all(" " <= letter <= "~" and letter not in '"\\' for letter in said)
    assert len(said) > len(PROBLEMS[code].text_fr) * 0.9, "nothing is lost but accents"


def test_the_log_names_a_client_that_exists_and_why_it_was_refused(software: Software) -> None:
    """What a stranger calls itself may be anything, also a person's number."""
    with capture_logs() as lines:
        for text in (
            software.assertion(sub="279035121518989", iss="279035121518989"),
            software.assertion(aud="elsewhere"),
            software.assertion(header={"kid": "other"}),
        ):
            with pytest.raises(Refusal):
                assertion.verified(assertion.read(text))
    told = [(line["event"], line["client"], line["reason"]) for line in lines]
    assert told == [
        ("client refused", software.name, "assertion-audience"),
        ("client refused", software.name, "key-unknown"),
    ]
