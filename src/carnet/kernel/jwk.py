"""Public keys with which software signs: read from a JWK, refused when weak or when it is not public alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

ALGORITHMS: Final = ("RS384", "ES384", "RS256", "PS256", "PS384", "ES256", "Ed25519")
"""SMART Backend Services asks for the first two. Asymmetric only; `EdDSA` is deprecated (RFC 9864)."""

_SMALLEST_RSA: Final = 2048
_CURVES: Final = frozenset({"P-256", "P-384", "Ed25519"})
_SECRET: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_LONGEST: Final = 100


class JwkError(ValueError):
    """Its text is French and holds nothing of the key."""


class SecretKey(JwkError):
    """What must stay with its software has left it."""


@dataclass(frozen=True, slots=True)
class PublicJwk:
    """`kid` is the key's own name for itself, or its thumbprint (RFC 7638)."""

    kid: str
    members: dict[str, Any]


def read(text: str) -> PublicJwk:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        raise JwkError("Ce fichier n'est pas un JWK : un objet JSON est attendu.") from None
    return of(members)


def of(members: object) -> PublicJwk:
    """The same, of a JWK that has been read."""
    if not isinstance(members, dict):
        raise JwkError("Ce fichier n'est pas un JWK : un objet JSON est attendu.")
    if _SECRET & members.keys():
        raise SecretKey(
            "Ce fichier contient une clé secrète, qui ne doit jamais quitter son logiciel : refaites-en une."
        )
    if members.get("use", "sig") != "sig":
        raise JwkError("Cette clé ne sert pas à signer (use).")
    if members.get("alg", "RS384") not in ALGORITHMS:
        raise JwkError(f"L'algorithme de cette clé (alg) n'est pas accepté : {', '.join(ALGORITHMS)}.")
    return _named(_strong(members))


def _strong(members: dict[str, Any]) -> jwk.RSAKey | jwk.ECKey | jwk.OKPKey:
    try:
        key = _imported(members)
    except (JoseError, ValueError, TypeError, KeyError):
        raise JwkError("Cette clé publique est abîmée : aucune clé n'a ces nombres.") from None
    if key is None:
        raise JwkError(f"Cette clé n'est pas acceptée : RSA (dès {_SMALLEST_RSA} bits), EC (P-256, P-384), Ed25519.")
    return key


def _imported(members: dict[str, Any]) -> jwk.RSAKey | jwk.ECKey | jwk.OKPKey | None:
    """None for a kind that is not accepted; an error of the library for numbers that make no key."""
    kind, curve = members.get("kty"), members.get("crv")
    if kind == "RSA" and _bits(members["n"]) >= _SMALLEST_RSA:
        return jwk.RSAKey.import_key(_plain(members, "n", "e"))
    if kind == "EC" and curve in _CURVES:
        return jwk.ECKey.import_key(_plain(members, "crv", "x", "y"))
    if kind == "OKP" and curve in _CURVES:
        return jwk.OKPKey.import_key(_plain(members, "crv", "x"))
    return None


def _bits(modulus: str) -> int:
    return int.from_bytes(urlsafe_b64decode(modulus.encode())).bit_length() if isinstance(modulus, str) else 0


def _plain(members: dict[str, Any], *needed: str) -> dict[str, Any]:
    """Only what makes the key, its name and its algorithm: nothing else is kept."""
    kept = {name: members[name] for name in ("kty", *needed)}
    return kept | {name: members[name] for name in ("kid", "alg") if name in members}


def _named(key: jwk.RSAKey | jwk.ECKey | jwk.OKPKey) -> PublicJwk:
    members = key.as_dict(private=False)
    kid = members.get("kid") or key.thumbprint()
    if not isinstance(kid, str) or len(kid) > _LONGEST or not kid.isprintable():
        raise JwkError(f"Le nom de la clé (kid) a au plus {_LONGEST} caractères lisibles.")
    return PublicJwk(kid, {**members, "kid": kid})
