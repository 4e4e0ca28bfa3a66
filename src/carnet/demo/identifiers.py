"""Identifiers of the demonstration: always the same for the same name, and registered nowhere."""

from __future__ import annotations

from uuid import UUID, uuid5

from carnet.formats.ins import key
from carnet.formats.rpps import luhn

_NAMESPACE = UUID("5d0c1f0e-7a0b-4c53-9c55-0d0e6a1b2026")

INS_TEST = "1.2.250.1.213.1.4.10"


def uuid_of(*names: str) -> UUID:
    return uuid5(_NAMESPACE, "/".join(names))


def oid_of(*names: str) -> str:
    """An OID under 2.25, the arc of UUIDs, which needs no registration."""
    return f"2.25.{uuid_of(*names).int}"


def unique_id(document_key: str) -> str:
    return oid_of("document", document_key)


def ins(matricule13: str) -> str:
    """The 15 characters: number and key."""
    return matricule13 + key(matricule13)


def numbered(digits: str) -> str:
    """`digits` with their check digit behind: RPPS and FINESS numbers end so."""
    return next(f"{digits}{last}" for last in range(10) if luhn(f"{digits}{last}"))
