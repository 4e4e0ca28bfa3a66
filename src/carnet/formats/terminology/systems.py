"""Code systems: the OID that CDA and XDS write, the URI that FHIR writes, the short French name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from carnet.formats.terminology.table import Table, read

__all__ = [
    "A00",
    "A02_AUTHOR",
    "A03",
    "A05",
    "A07",
    "CONFIDENTIALITY",
    "FACILITY",
    "FORMAT",
    "G15",
    "LOINC",
    "NULL_FLAVOR",
    "R38",
    "SETTING",
    "canonical",
    "to_oid",
    "to_uri",
]

LOINC: Final = "2.16.840.1.113883.6.1"
A03: Final = "1.2.250.1.213.1.1.4.1"
A05: Final = "1.2.250.1.213.1.1.4.12"
A07: Final = "1.2.250.1.213.1.1.4.13"
CONFIDENTIALITY: Final = "2.16.840.1.113883.5.25"
FORMAT: Final = "1.3.6.1.4.1.19376.1.2.3"
FACILITY: Final = "1.2.250.1.71.4.2.4"
SETTING: Final = "1.2.250.1.213.1.1.4.9"
G15: Final = "1.2.250.1.71.1.2.7"
R38: Final = "1.2.250.1.213.2.28"
A00: Final = "1.2.250.1.213.1.1.4.6"
NULL_FLAVOR: Final = "2.16.840.1.113883.5.1008"
A02_AUTHOR: Final = "1.2.250.1.213.1.1.4.5"

_URN = "urn:oid:"
_FILE = "code_systems.json"
_OID = re.compile(r"[0-2](?:\.[0-9]+)+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class _Names:
    uri_of: Mapping[str, str]
    oid_of: Mapping[str, str]
    canonical: Mapping[str, str]


def parse(table: Table) -> _Names:
    uri_of: dict[str, str] = {}
    oid_of: dict[str, str] = {}
    canonical: dict[str, str] = {}
    for row in table.rows("systems"):
        oid, short, uris = row.text("oid"), row.text("short"), row.texts("uris")
        # A system without an OID is known by its first URI.
        name = oid or (uris[0] if uris else "")
        if not name:
            raise row.error("has neither OID nor URI")
        for alias in filter(None, (oid, short, *uris)):
            if alias in canonical:
                raise row.error(f"{alias!r} already names another system")
            canonical[alias] = name
        if oid and uris:
            uri_of[oid] = uris[0]
            oid_of.update(dict.fromkeys(uris, oid))
    return _Names(uri_of, oid_of, canonical)


@cache
def _names() -> _Names:
    return parse(read(_FILE))


def to_uri(oid: str) -> str:
    """The FHIR URI of an OID; `urn:oid:` and the OID when no other is known; anything else stays as it is.

    A UUID, which CDA may have in the place of an OID, becomes `urn:uuid:`.
    """
    if _UUID.fullmatch(oid):
        return f"urn:uuid:{oid.lower()}"
    if not _OID.fullmatch(oid):
        return oid
    return _names().uri_of.get(oid) or _URN + oid


def to_oid(uri: str) -> str:
    """The bare OID of a known URI, the bare OID or UUID of a `urn:`; anything else stays as it is."""
    for urn in (_URN, "urn:uuid:"):
        if uri.startswith(urn):
            return uri[len(urn) :]
    return _names().oid_of.get(uri, uri)


def canonical(system: str) -> str:
    """One name per system, from its OID, any of its URIs or its short name ("G15")."""
    bare = system.removeprefix(_URN)
    return _names().canonical.get(bare, bare)
