"""Identifiers between FHIR (URIs) and the entry (OIDs, uniqueId in XDS form)."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from carnet.formats import ins, rpps
from carnet.formats.entry import Identifier
from carnet.formats.terminology import systems

__all__ = [
    "URI_SYSTEM",
    "from_fhir",
    "full_url",
    "is_uuid",
    "root",
    "to_fhir",
    "typed",
    "unique_id",
    "unique_id_to_fhir",
    "uuid_urn",
]

URI_SYSTEM: Final = "urn:ietf:rfc:3986"
MHD_TYPES: Final = "https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType"
_FR_CORE_TYPES: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_UNIQUE_ID_LIMIT: Final = 256

_OID = re.compile(r"[0-2](?:\.[0-9]+)+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,63}")
_EXTENSION = re.compile(r"[^\x00-\x1f\x7f^]+")

# Numbers that the directory writes bare, under a system of their own, and the national id elsewhere.
_BARE: Final = {
    "https://rpps.esante.gouv.fr": (rpps.PROFESSIONAL_OID, "8"),
    "https://finess.esante.gouv.fr": (rpps.STRUCTURE_OID, "1"),
}
_TYPE_OF_INS: Final = {
    ins.Kind.NIR: "INS-NIR",
    ins.Kind.NIA: "INS-NIA",
    ins.Kind.TEST: "INS-NIR-TEST",
    ins.Kind.DEMO: "INS-NIR-DEMO",
}
_TYPE_OF_OID: Final = {rpps.PROFESSIONAL_OID: "IDNPS", rpps.STRUCTURE_OID: "IDNST"}


def is_uuid(text: str) -> bool:
    return bool(_UUID.fullmatch(text))


def full_url(text: str) -> str:
    """One spelling per address in a bundle: the scheme and the UUID of `urn:uuid:` may come in capitals."""
    lowered = text.lower()
    return lowered if lowered.startswith("urn:uuid:") else text


def unique_id(system: str, value: str) -> str | None:
    """uniqueId in XDS form from a FHIR identifier: OID, lower-case UUID, or `root^extension`; else None."""
    if system in ("", URI_SYSTEM):
        return root(value)
    found = root(system)
    if found is None or not _EXTENSION.fullmatch(value) or len(found) + len(value) >= _UNIQUE_ID_LIMIT:
        return None
    return f"{found}^{value}"


def unique_id_to_fhir(text: str) -> dict[str, str]:
    first, mark, extension = text.partition("^")
    if mark and extension:
        return {"system": _urn(first), "value": extension}
    return {"system": URI_SYSTEM, "value": _urn(first)}


def from_fhir(system: str, value: str) -> Identifier:
    bare = _BARE.get(system)
    if bare:
        oid, prefix = bare
        return Identifier(oid, prefix + value)
    return Identifier(systems.to_oid(system), value)


def to_fhir(identifier: Identifier) -> dict[str, Any]:
    """With the French identifier type where one exists (INS, professional, structure)."""
    system = identifier.system
    kind = ins.kind_of(system)
    code = _TYPE_OF_INS[kind] if kind else _TYPE_OF_OID.get(system)
    written: dict[str, Any] = {}
    if code:
        written["use"] = "official"
        written["type"] = {"coding": [{"system": _FR_CORE_TYPES, "code": code}]}
    if system:
        written["system"] = systems.to_uri(system)
    return written | {"value": identifier.value}


def uuid_urn(uuid: UUID | str) -> str:
    return f"urn:uuid:{str(uuid).removeprefix('urn:uuid:').lower()}"


def typed(code: str, system: str, value: str) -> dict[str, Any]:
    """An identifier with one of MHD's types: uniqueId or entryUUID."""
    return {"type": {"coding": [{"system": MHD_TYPES, "code": code}]}, "system": system, "value": value}


def root(text: str) -> str | None:
    """The bare OID or the lower-case UUID in a URI or in its bare form; None when the text is neither."""
    bare = text.removeprefix("urn:oid:")
    if len(bare) <= _UNIQUE_ID_LIMIT and _OID.fullmatch(bare):
        return bare
    # The scheme and the UUID itself may come in capitals.
    lowered = text.lower()
    if lowered.startswith("urn:uuid:"):
        name = lowered.removeprefix("urn:uuid:")
        return name if _NAME.fullmatch(name) else None
    return lowered if _UUID.fullmatch(lowered) else None


def _urn(bare: str) -> str:
    if _OID.fullmatch(bare):
        return f"urn:oid:{bare}"
    return bare if ":" in bare else f"urn:uuid:{bare}"
