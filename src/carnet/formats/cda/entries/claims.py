"""To which kind a coded observation belongs: by its template, else by its section, never by its code alone.

What no rule claims is left out: it means nothing without its document, or belongs to another statement."""

from __future__ import annotations

from typing import Final

from carnet.formats.cda.entries.places import Place
from carnet.formats.cda.nodes import attribute, child
from carnet.formats.clinical.model import Kind
from carnet.formats.terminology.systems import LOINC

__all__ = ["claim", "is_certificate", "is_remark"]

_PCC: Final = "1.3.6.1.4.1.19376.1.5.3.1"
_EYE: Final = "1.3.6.1.4.1.19376.1.12.1.3"
_CISIS: Final = "1.2.250.1.213.1.1"
_CCAM: Final = "1.2.250.1.215.300.1"

_LAB: Final = "1.3.6.1.4.1.19376.1.3.1.6"
_SIMPLE: Final = f"{_PCC}.4.13"
_SOCIAL: Final = f"{_PCC}.4.13.4"
_PREGNANCY: Final = f"{_PCC}.4.13.5"
_VITAL: Final = f"{_PCC}.4.13.2"
_GENETIC: Final = "1.3.6.1.4.1.19376.1.8.1.4.9"
_SUMMARISED: Final = f"{_CISIS}.3.209"
# Scores of pain, of bedsores, of depression in old age, of functions, and of the NIH after a stroke.
_FUNCTIONS: Final = frozenset({f"{_PCC}.1.12.3.{last}" for last in (1, 2, 4, 6)} | {f"{_CISIS}.3.6"})
_EYES: Final = frozenset(f"{_EYE}.{last}" for last in (6, 7, 8))

# Sections whose simple observations are of one kind: Rankin, Glasgow, the child's psychomotor development.
_FUNCTION_SECTIONS: Final = frozenset(f"{_CISIS}.2.{last}" for last in (39, 40, 161))
_CODED_RESULTS: Final = f"{_PCC}.3.28"
_RESULTS_OF_GENES: Final = "83321-0"
_REFRACTION: Final = "70938-6"
_BORN: Final = "57075-4"
_PREGNANT: Final = ("57078-8", "57074-7")

_CHILDS_CERTIFICATE: Final = f"{_CISIS}.1.5"
_MOTHER: Final = frozenset({"MTH", "NMTH", "GESTM"})
_CHILD: Final = frozenset({"CHILD", "NCHILD", "SON", "NSON", "SONC", "DAU", "NDAU", "DAUC"})
_ONESELF: Final = "ONESELF"
# What is told of a parent too, and says so; a pregnancy is told of mother and child.
_OF_OTHERS: Final = frozenset({Kind.SOCIAL, Kind.PREGNANCY})
_COMMENT: Final = "48767-8"


def claim(place: Place, *, certificate: bool) -> Kind | None:
    """`certificate`: the document is a child's health certificate, whose pregnancy is the mother's."""
    if place.name != "observation" or place.earlier or not place.happened:
        return None
    return _of_whom(_kind(place, certificate=certificate), place, certificate=certificate)


def _of_whom(kind: Kind | None, place: Place, *, certificate: bool) -> Kind | None:
    """A weight or a result of another person is none of the patient's; that of a child told in its mother's document
    belongs to her pregnancy. Of whom nobody knows, nothing is taken."""
    who = _relation(place)
    if place.subject is None or who == _ONESELF or (certificate and who in _CHILD):
        return kind
    if kind is None or not who:
        return None
    if who in _CHILD:
        return kind if kind in _OF_OTHERS else Kind.PREGNANCY
    return kind if kind in _OF_OTHERS or (kind is Kind.BIRTH and who in _MOTHER) else None


def _relation(place: Place) -> str:
    return attribute(child(place.subject, "code"), "code")


def _kind(place: Place, *, certificate: bool) -> Kind | None:
    own = place.templates
    if _LAB in own or _SUMMARISED in own or _is_coded_result(place):
        return Kind.RESULT
    if _VITAL in own:
        return Kind.BIRTH if place.area.inside(_BORN) else Kind.MEASURE
    if _SOCIAL in own:
        return Kind.SOCIAL
    if not own.isdisjoint(_FUNCTIONS) or (_stands_alone(place) and _is_function(place)):
        return Kind.FUNCTION
    if not own.isdisjoint(_EYES) and place.area.inside(_REFRACTION):
        return Kind.MEASURE
    return _of_birth(place, certificate=certificate)


def _is_coded_result(place: Place) -> bool:
    """In the section of results, the answer to an examination that is named in LOINC or CCAM: what it holds in
    national codes (consents, indications, parts of a description) is no result by itself."""
    if place.area.codes == {_RESULTS_OF_GENES}:
        return _GENETIC in place.templates
    if _CODED_RESULTS not in place.area.templates or not _stands_alone(place):
        return False
    return attribute(child(place.element, "code"), "codeSystem") in {LOINC, _CCAM}


def _is_function(place: Place) -> bool:
    return not place.area.templates.isdisjoint(_FUNCTION_SECTIONS)


def _of_birth(place: Place, *, certificate: bool) -> Kind | None:
    """Pregnancy for the woman, conditions of birth for the child."""
    if place.area.inside(_BORN) and (_PREGNANCY in place.templates or _stands_alone(place)):
        return Kind.BIRTH
    if _PREGNANCY in place.templates or (place.area.inside(*_PREGNANT) and _stands_alone(place)):
        mothers = _relation(place) in _MOTHER
        return Kind.BIRTH if certificate or mothers else Kind.PREGNANCY
    return None


def _stands_alone(place: Place) -> bool:
    """A simple observation of its section, or of a battery: not a part or a reason of another statement."""
    organised = place.above is None or place.above.name == "organizer"
    return organised and _SIMPLE in place.templates


def is_remark(place: Place) -> bool:
    """A comment on a whole battery or chapter, which no single result bears: "bisalbuminaemia"."""
    above = place.above
    on_whole = above is not None and above.name in {"act", "organizer"}
    return place.name == "act" and on_whole and attribute(child(place.element, "code"), "code") == _COMMENT


def is_certificate(roots: frozenset[str]) -> bool:
    return _CHILDS_CERTIFICATE in roots
