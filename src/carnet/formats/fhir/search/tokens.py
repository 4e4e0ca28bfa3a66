"""Tokens: `code`, `system|code`, `|code`, `system|`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from carnet.formats import ins
from carnet.formats.entry import Identifier
from carnet.formats.fhir import identifiers
from carnet.formats.fhir.search.text import split_bar
from carnet.formats.terminology import systems

__all__ = ["Token", "canonical_system", "ins_systems", "normal", "number", "token", "unique_id"]

_INS_SYSTEMS: Final = tuple(sorted(ins.OIDS))
# PDSm writes the code system of the lists once with http: where MHD has https:.
_IHE: Final = "http://profiles.ihe.net/"


class Token(NamedTuple):
    """`system` None: any system; "" : no system (`|code`); `code` None: any code of that system.

    The system is an OID where one is known.
    """

    system: str | None
    code: str | None


def token(text: str) -> Token:
    """Escapes resolved, the system in its canonical form."""
    system, code = split_bar(text)
    if system is None:
        return Token(None, code)
    return Token(canonical_system(system), code or None)


@lru_cache(maxsize=512)
def canonical_system(system: str) -> str:
    """One name for a system, whichever of its names is given: OID, `urn:oid:`, URI, short name."""
    found = systems.canonical(systems.to_oid(system))
    if found.startswith(_IHE):
        return found.replace("http:", "https:", 1)
    lowered = found.lower()
    return lowered if identifiers.is_uuid(lowered) else found


def normal(number: Identifier) -> Identifier:
    """One form for an identifier, however it is written: bare OID and lower-case UUID for their URNs, the national
    number with its prefix for the bare one of the directory (`https://rpps.esante.gouv.fr|…`)."""
    known = identifiers.from_fhir(number.system, number.value)
    return Identifier(canonical_system(known.system), identifiers.root(known.value) or known.value)


def number(text: str) -> Token:
    """A token that asks for an identifier, in the form of `normal`."""
    system, code = split_bar(text)
    found = normal(Identifier(system or "", code))
    return Token(None if system is None else found.system, found.value if code else None)


def ins_systems(wanted: Token) -> tuple[str, ...]:
    """The OIDs under which to look for the patient that a token names: without a system, those of every INS."""
    return _INS_SYSTEMS if wanted.system is None else (wanted.system,)


def unique_id(wanted: Token) -> str | None:
    """The uniqueId in XDS form that a token on `identifier` asks for, or None when it can name none.

    An entryUUID (`urn:uuid:…`) gives its lower-case UUID: the same parameter searches both.
    """
    if wanted.code is None:
        return None
    return identifiers.unique_id(wanted.system or identifiers.URI_SYSTEM, wanted.code)
