"""Whose record it is, as the band on every page of it says: the name in use and the strict traits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.ins import Kind, kind_of
from carnet.records import numbers
from carnet.records.queries import Holder
from carnet.records.rules import earliest_birth, is_minor
from carnet.web import ages
from carnet.web.i18n import gettext
from carnet.web.words import marked

_STATUS: Final = {
    "QUAL": marked("Qualifiée"),
    "VALI": marked("Validée"),
    "RECUP": marked("Récupérée"),
    "PROV": marked("Provisoire"),
}
_NATURE: Final = {Kind.NIR: "NIR", Kind.NIA: "NIA", Kind.TEST: marked("test"), Kind.DEMO: marked("démonstration")}
_WHOLE: Final = 3


@dataclass(frozen=True, slots=True)
class Band:
    """`age` is "" where the birth date is partial; `qualified`: the identity is that of the national service."""

    name: str
    family: str
    givens: str
    birth: str
    age: str
    sex: str
    place: str
    ins: str
    nature: str
    status: str
    qualified: bool
    minor: bool


def of(holder: Holder, today: date) -> Band:
    who = holder.identity
    whole = len(who.birth_date.split("-")) == _WHOLE
    return Band(
        name=f"{who.used_family or who.birth_family} {(who.used_given or who.birth_given).title()}",
        family=who.birth_family,
        givens=who.birth_givens or who.birth_given,
        birth=who.birth_date,
        age=ages.told(earliest_birth(who.birth_date), today) if whole else "",
        sex={"F": "F", "M": "M"}.get(who.sex, gettext("inconnu")),
        place=who.birth_place,
        ins=numbers.grouped(who.ins),
        nature=gettext(_NATURE[kind]) if (kind := kind_of(who.ins_oid)) else "",
        status=gettext(_STATUS.get(who.identity_status, _STATUS["PROV"])),
        qualified=who.identity_status == "QUAL",
        minor=is_minor(who.birth_date, today),
    )
