"""HL7 data types from plain values: codes, identifiers, instants, days."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.build.codes import SYSTEM_NAMES
from carnet.formats.cda.build.elements import Child, el, null
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.nodes import document_id
from carnet.formats.entry import Coded, Identifier, Period
from carnet.formats.terminology import systems

__all__ = ["coded", "day", "document_identifier", "identified", "interval", "stamp"]

_UID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_ABSOLUTE: Final = "urn:ietf:rfc:3986"
_MINUTE = timedelta(minutes=1)


def coded(name: str, code: Coded | None, *children: Child, xsi_type: str | None = None) -> _Element:
    """A CE or CD element; null when there is no code."""
    if code is None:
        return el(name, *children, xsi_type=xsi_type, nullFlavor="UNK")
    system = _uid(code.system, f"{name}/@codeSystem") if code.system else None
    return el(
        name,
        *children,
        xsi_type=xsi_type,
        code=code.code,
        displayName=code.display or None,
        codeSystem=system,
        codeSystemName=SYSTEM_NAMES.get(system or ""),
    )


def identified(name: str, identifier: Identifier | None, *, flavor: str = "UNK") -> _Element:
    """An II element; an absolute URI (`urn:oid:`, `urn:uuid:`) is a root alone."""
    if identifier is None:
        return null(name, flavor)
    if identifier.system == _ABSOLUTE:
        return el(name, root=_uid(identifier.value, f"{name}/@root"))
    return el(name, root=_uid(identifier.system, f"{name}/@root"), extension=identifier.value)


def document_identifier(name: str, value: str) -> _Element:
    """From the XDS form: `root`, `root^extension` or a UUID. Raises `CdaError` `bad-document-id`."""
    root, _, extension = value.partition("^")
    element = el(name, root=root, extension=extension or None)
    if document_id(element) is None:
        raise CdaError(
            "bad-document-id",
            "Un identifiant de document n’est ni un OID, suivi ou non d’une extension, ni un UUID : corrigez-le.",
            f"/ClinicalDocument/{name}",
        )
    return element


def _uid(system: str, where: str) -> str:
    found = systems.to_oid(system)
    if not _UID.fullmatch(found):
        raise CdaError(
            "system-without-oid",
            "Ce système n’a pas d’OID, et un document CDA ne désigne un système que par un OID ou un UUID : donnez-le.",
            f"/ClinicalDocument//{where}",
        )
    return found


def stamp(at: datetime) -> str:
    """To the second, with the fraction when there is one; offsets of HL7 are of whole minutes."""
    offset = at.utcoffset()
    if offset is not None and offset % _MINUTE:
        at = at.astimezone(timezone(offset // _MINUTE * _MINUTE))
    fraction = f".{at:%f}" if at.microsecond else ""
    return f"{at.year:04d}{at:%m%d%H%M%S}{fraction}{at:%z}"


def day(at: date) -> str:
    return f"{at.year:04d}{at:%m%d}"


def interval(period: Period) -> _Element:
    """An IVL_TS: the low bound always stands, null when it is not known."""
    low = el("low", value=stamp(period.start)) if period.start else null("low")
    return el("effectiveTime", low, el("high", value=stamp(period.end)) if period.end else None)
