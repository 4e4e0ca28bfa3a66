"""What a doctor would gather from a person's documents: read from the bytes, not from the program that wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lxml import etree

from carnet.demo.cda import build
from carnet.demo.people import Inhabitant, inhabitants
from carnet.formats.cda import read

__all__ = ["Dose", "Drug", "File", "Value", "age", "dossier", "person_of"]

V3: Final = "{urn:hl7-org:v3}"
_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_ATC: Final = "2.16.840.1.113883.6.73"
_LABORATORY: Final = "1.3.6.1.4.1.19376.1.3.1.6"
_VITAL_SIGN: Final = "1.3.6.1.4.1.19376.1.5.3.1.4.13.2"
_VACCINATION: Final = "1.3.6.1.4.1.19376.1.5.3.1.4.12"


@dataclass(frozen=True, slots=True)
class Value:
    """`code` of LOINC; `at` the day of the sample or of the measure."""

    code: str
    number: float
    at: date


@dataclass(frozen=True, slots=True)
class Drug:
    """`how`: prescribed, taken or dispensed."""

    how: str
    atc: str
    name: str
    start: date


@dataclass(frozen=True, slots=True)
class Dose:
    atc: str
    rank: int
    at: date


@dataclass(frozen=True, slots=True)
class File:
    unique_id: str
    type: str
    title: str
    text: str
    created: datetime
    replaces: tuple[str, ...]
    version: int
    set_id: str
    author: str
    period: tuple[date | None, date | None]
    results: tuple[Value, ...]
    signs: tuple[Value, ...]
    drugs: tuple[Drug, ...]
    doses: tuple[Dose, ...]

    @property
    def day(self) -> date:
        return self.created.date()


def person_of(seed: int) -> Inhabitant:
    return next(inhabitants(1, seed))


def age(born: date, day: date) -> float:
    return (day - born).days / 365.25


def dossier(person: Inhabitant) -> list[File]:
    return [_file(build(document)) for document in person.documents]


def _file(data: bytes) -> File:
    entry, root = read(data), etree.fromstring(data)
    body = root.find(f"{V3}component/{V3}structuredBody")
    text = "" if body is None else " ".join(" ".join(map(str, each.itertext())) for each in body.iter(f"{V3}text"))
    who = entry.authors[0].identifier
    start, end = entry.period.start, entry.period.end
    return File(
        unique_id=entry.unique_id,
        type=entry.type.code,
        title=entry.title,
        text=text,
        created=entry.created,
        replaces=entry.replaces,
        version=int(entry.version),
        set_id=entry.set_id,
        author=who.value if who else "",
        period=(start.date() if start else None, end.date() if end else None),
        results=tuple(_values(root, _LABORATORY)),
        signs=tuple(_values(root, _VITAL_SIGN)),
        drugs=tuple(_drugs(root)),
        doses=tuple(_doses(root)),
    )


def _has(element: etree._Element, template: str) -> bool:
    return any(each.get("root") == template for each in element.findall(f"{V3}templateId"))


def _day(element: etree._Element | None) -> date:
    assert element is not None
    return datetime.strptime((element.get("value") or "")[:8], "%Y%m%d").date()  # noqa: DTZ007


def _values(root: etree._Element, template: str) -> list[Value]:
    found = []
    for observation in root.iter(f"{V3}observation"):
        value, code = observation.find(f"{V3}value"), observation.find(f"{V3}code")
        if _has(observation, template) and value is not None and value.get(_XSI_TYPE) == "PQ" and code is not None:
            at = _day(observation.find(f"{V3}effectiveTime"))
            found.append(Value(code.get("code") or "", float(value.get("value") or "nan"), at))
    return found


def _drugs(root: etree._Element) -> list[Drug]:
    found = []
    for administration in root.iter(f"{V3}substanceAdministration"):
        if not _has(administration, _VACCINATION):
            how = "prescribed" if administration.get("moodCode") == "INT" else "taken"
            found.append(_drug(administration, how, administration.find(f"{V3}effectiveTime/{V3}low")))
    supplies = (each for each in root.iter(f"{V3}supply") if each.find(f"{V3}product") is not None)
    return found + [_drug(each, "dispensed", each.find(f"{V3}effectiveTime")) for each in supplies]


def _drug(statement: etree._Element, how: str, start: etree._Element | None) -> Drug:
    code = statement.find(f".//{V3}manufacturedMaterial/{V3}code/{V3}translation")
    assert code is not None
    assert code.get("codeSystem") == _ATC
    name = statement.findtext(f".//{V3}manufacturedMaterial/{V3}name") or ""
    return Drug(how, code.get("code") or "", name, _day(start))


def _doses(root: etree._Element) -> list[Dose]:
    found = []
    for administration in root.iter(f"{V3}substanceAdministration"):
        if _has(administration, _VACCINATION):
            code = administration.find(f".//{V3}manufacturedMaterial/{V3}code/{V3}translation")
            rank = administration.find(f".//{V3}observation/{V3}value")
            assert code is not None
            assert rank is not None
            at = _day(administration.find(f"{V3}effectiveTime"))
            found.append(Dose(code.get("code") or "", int(rank.get("value") or 0), at))
    return found
