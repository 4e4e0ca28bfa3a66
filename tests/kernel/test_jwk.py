"""Which public keys software may sign with."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk

from carnet.kernel.jwk import JwkError, read
from tests.cases import cases

RSA = jwk.RSAKey.generate_key(2048)
EC = jwk.ECKey.generate_key("P-384")
ED = jwk.OKPKey.generate_key("Ed25519")


def public(key: Any, **members: Any) -> str:
    return json.dumps({**key.as_dict(private=False), **members})


@pytest.mark.parametrize(
    "key", [RSA, EC, jwk.ECKey.generate_key("P-256"), ED], ids=["RSA", "P-384", "P-256", "Ed25519"]
)
def test_a_good_key_is_named_by_itself_or_by_its_thumbprint(key: Any) -> None:
    assert read(public(key)).kid == key.thumbprint()
    named = read(public(key, kid="2026-11", use="sig", x5c=["AAAA"], note="of our own"))
    assert named.kid == named.members["kid"] == "2026-11"
    assert set(named.members) <= {"kty", "n", "e", "crv", "x", "y", "kid"}


def _short() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return public(jwk.RSAKey.generate_key(1024))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("secrète", json.dumps(RSA.as_dict(private=True))),
        ("secrète", json.dumps(EC.as_dict(private=True))),
        ("secrète", json.dumps({"kty": "oct", "k": "c2VjcmV0"})),
        ("2048 bits", _short()),
        ("pas acceptée", public(jwk.ECKey.generate_key("P-521"))),
        ("pas acceptée", public(jwk.ECKey.generate_key("secp256k1"))),
        ("pas acceptée", public(jwk.OKPKey.generate_key("X25519"))),
        ("pas acceptée", json.dumps({"keys": [EC.as_dict(private=False)]})),
        ("abîmée", public(EC, x="AAAA")),
        ("abîmée", public(EC, x=EC.as_dict(private=False)["y"])),
        ("abîmée", public(RSA, e="")),
        ("pas acceptée", public(RSA, n=5)),
        ("abîmée", public(ED, x="")),
        ("abîmée", public(EC, crv="P-256")),
        ("(alg)", public(RSA, alg="HS256")),
        ("(alg)", public(RSA, alg="none")),
        ("(alg)", public(RSA, alg=["RS384"])),
        ("(use)", public(RSA, use="enc")),
        ("(kid)", public(RSA, kid="a" * 101)),
        ("(kid)", public(RSA, kid="a\n")),
        ("objet JSON", "[]"),
        ("objet JSON", "-----BEGIN PUBLIC KEY-----"),
        ("objet JSON", "[" * 100_000),
    ],
    # Keys are made anew in each process: they name no case.
    ids=[f"case {number}" for number in range(23)],
)
def test_a_key_that_is_refused(said: str, text: str) -> None:
    with pytest.raises(JwkError, match=said.replace("(", r"\(").replace(")", r"\)")):
        read(text)


@settings(max_examples=cases(200))
@given(
    st.dictionaries(
        st.sampled_from(["kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", "key_ops"]),
        st.sampled_from(["RSA", "EC", "OKP", "P-256", "Ed25519", "AQAB", "sig", ""]) | st.integers() | st.none(),
    )
)
def test_whatever_stands_in_the_file(members: dict[str, Any]) -> None:
    try:
        key = read(json.dumps(members))
    except JwkError:
        return
    assert key.members["kty"] == members["kty"]
