"""For whom software asks: the professional that its assertion names (UDAP `hl7-b2b`, IHE IUA `ihe_iua`), checked
against the directory. The names and roles that it states are not believed: the directory has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from carnet.api.oauth.problems import Refusal
from carnet.formats.rpps import PROFESSIONAL_OID, STRUCTURE_OID
from carnet.kernel.actor import Actor, Purpose
from carnet.people import client_queries
from carnet.people.client_queries import RegisteredClient

_B2B: Final = "hl7-b2b"
_IUA: Final = "ihe_iua"
_RPPS = re.compile(r"8(\d{11})", re.ASCII)
# HL7 PurposeOfUse, and the word of the national VIHF.
_PURPOSES: Final = {
    "TREAT": Purpose.CARE,
    "normal": Purpose.CARE,
    "ETREAT": Purpose.EMERGENCY,
    "BTG": Purpose.EMERGENCY,
}
_CODED: Final = re.compile(r"urn:oid:[\d.]+[#|:](\w+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mandate:
    """`rpps` is "" when a system asks for itself, `organisation` the structure identifier stated, "" for none.
    `proven`: the professional's provider says that they are there; otherwise the software alone says so. `regulates`
    is the provider's word alone: no software says it; `proof` is what else it said (`exchange.Named`)."""

    rpps: str
    organisation: str
    purpose: Purpose
    proven: bool = False
    regulates: bool = False
    proof: Mapping[str, Any] | None = None


def read(claims: Mapping[str, Any]) -> Mandate:
    """Raises `Refusal`."""
    extensions = claims.get("extensions")
    if extensions is None:
        return Mandate("", "", Purpose.DEPOSIT)
    if not isinstance(extensions, dict) or len(extensions.keys() & {_B2B, _IUA}) != 1:
        raise Refusal("extension-form")
    stated = extensions.get(_B2B, extensions.get(_IUA))
    if not isinstance(stated, dict) or (_B2B in extensions and stated.get("version") != "1"):
        raise Refusal("extension-form")
    if _B2B in extensions:
        subject, organisation = stated.get("subject_id"), stated.get("organization_id")
    else:
        subject, organisation = stated.get("national_provider_identifier"), stated.get("subject_organization_id")
    if subject is None and "subject_name" not in stated:
        return Mandate("", _structure(organisation), Purpose.DEPOSIT)
    return Mandate(_rpps(subject), _structure(organisation), purpose(stated.get("purpose_of_use")))


def _rpps(stated: object) -> str:
    found = _RPPS.fullmatch(_bare(stated, PROFESSIONAL_OID)) if isinstance(stated, str) else None
    if found is None:
        raise Refusal("professional-form")
    return found[1]


def _structure(stated: object) -> str:
    if stated is None:
        return ""
    if not isinstance(stated, str) or not (bare := _bare(stated, STRUCTURE_OID)):
        raise Refusal("organisation-other")
    return bare


def _bare(stated: str, oid: str) -> str:
    """The number without the URN of its register: `urn:oid:OID#number`, also with `|` or `:`."""
    prefix = f"urn:oid:{oid}"
    return stated[len(prefix) + 1 :] if stated.startswith(tuple(prefix + mark for mark in "#|:")) else stated


def purpose(stated: object) -> Purpose:
    """Care unless one purpose is stated, as a code, a coding, or a list of either."""
    if stated is None:
        return Purpose.CARE
    known = {_PURPOSES.get(_code(each)) for each in (stated if isinstance(stated, list) else [stated])}
    found = known.pop() if len(known) == 1 else None
    if found is None:
        raise Refusal("purpose-unknown")
    return found


def _code(stated: object) -> str:
    code = stated.get("code") if isinstance(stated, dict) else stated
    if not isinstance(code, str):
        return ""
    coded = _CODED.fullmatch(code)
    return coded[1] if coded else code


def holder(client: RegisteredClient, mandate: Mandate) -> Actor:
    """Whose the token will be: the client itself, or the professional as of now. Raises `Refusal`."""
    if mandate.organisation not in ("", client.organisation):
        raise Refusal("organisation-other")
    if not mandate.rpps:
        return client.actor
    if not (client.acts_for_professionals or mandate.proven):
        raise Refusal("acting-not-allowed")
    found = client_queries.professional_in(mandate.rpps, client.organisation_id)
    if found is None:
        raise Refusal("professional-unknown")
    actor, works_there = found
    if not works_there:
        raise Refusal("professional-elsewhere")
    return actor
