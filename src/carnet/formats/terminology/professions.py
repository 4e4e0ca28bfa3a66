"""Professions, titles and roles; a code means nothing without its system (10 is two professions)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from carnet.formats.entry import Coded
from carnet.formats.terminology import systems
from carnet.formats.terminology.table import Table, read

__all__ = ["display", "known", "split"]

_FILE = "professions.json"
# Professional sign-in writes codes under the value set J65, which gathers these systems; they do not overlap.
_SUBJECT_ROLE = "1.2.250.1.213.1.1.5.5"
_GATHERED = ("G15", "R95", "R94")
# "G15_10/SM54": system, profession and speciality in one code, as XDS and CDA write them.
_COMBINED = re.compile(r"(?P<system>[A-Z]\d{2,3})_(?P<code>\w+)(?:/(?P<speciality>\w+))?")


@dataclass(frozen=True, slots=True)
class _Register:
    displays: Mapping[tuple[str, str], str]
    active: frozenset[tuple[str, str]]


def parse(table: Table) -> _Register:
    displays: dict[tuple[str, str], str] = {}
    active: set[tuple[str, str]] = set()
    for row in (*table.rows("professions"), *table.rows("functional_roles")):
        system = systems.canonical(row.required("system"))
        if system == row.text("system") and "." not in system:
            raise row.error(f"the system {system!r} is unknown")
        if (system, row.required("code")) in displays:
            raise row.error(f"the code {row.text('code')!r} appears twice in its system")
        displays[system, row.required("code")] = row.required("display")
        if row.fields.get("active", True):
            active.add((system, row.required("code")))
    for row in table.rows("specialities"):
        if (systems.R38, row.required("code")) in displays:
            raise row.error(f"the speciality {row.text('code')!r} appears twice")
        if (systems.G15, row.required("profession")) not in displays:
            raise row.error(f"the profession {row.text('profession')!r} is unknown")
        displays[systems.R38, row.required("code")] = row.required("display")
    return _Register(displays, frozenset(active))


@cache
def _register() -> _Register:
    return parse(read(_FILE))


def known(system: str, code: str) -> bool:
    return bool(display(system, code))


def display(system: str, code: str) -> str:
    """French label; "" when unknown. `system`: OID, URI or short name. Combined codes give both labels."""
    displays = _register().displays
    found = displays.get((systems.canonical(system), code))
    if found is not None:
        return found
    profession, speciality = split(code, system)
    parts = [displays.get((systems.canonical(part.system), part.code), "") for part in (profession, speciality) if part]
    return " - ".join(filter(None, parts))


def split(code: str, system: str) -> tuple[Coded, Coded | None]:
    """Profession and speciality of a code: "G15_10/SM26" is doctor in G15 and SM26 in R38.

    Also "10/SM26" and "10" of G15 itself, as the professional sign-in writes them. Other codes come back as
    they are, without a speciality.
    """
    combined = _COMBINED.fullmatch(code)
    if combined:
        profession = _labelled(combined["code"], systems.canonical(combined["system"]))
        return profession, _speciality(combined["speciality"])
    head, slash, tail = code.partition("/")
    name = _system_of(head, systems.canonical(system))
    if slash and (name, head) in _register().displays:
        return _labelled(head, name), _speciality(tail)
    return _labelled(code, name), None


def _system_of(code: str, system: str) -> str:
    if system != _SUBJECT_ROLE:
        return system
    gathered = map(systems.canonical, _GATHERED)
    return next((name for name in gathered if (name, code) in _register().active), system)


def _speciality(code: str | None) -> Coded | None:
    return _labelled(code, systems.R38) if code else None


def _labelled(code: str, system: str) -> Coded:
    return Coded(code, system, _register().displays.get((system, code), ""))
