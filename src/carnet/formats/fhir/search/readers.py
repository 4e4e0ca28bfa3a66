"""How the value of each kind of parameter is read; a reader says whether it could."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from carnet.formats import folding
from carnet.formats.fhir.search import dates, keys, names, references
from carnet.formats.fhir.search.parameters import Kind, Parameter
from carnet.formats.fhir.search.results import Words
from carnet.formats.fhir.search.text import split_bar, unescape
from carnet.formats.fhir.search.tokens import Token, canonical_system, number, token
from carnet.formats.fhir.search.wanted import Wanted

__all__ = ["ERROR", "READERS"]

ERROR: Final = "entered-in-error"
_UNKNOWN: Final = "unknown"
_HEADING: Final = "_text"
_MOST_WORDS: Final = 50
_MOST_TERMS: Final = 16
_LONGEST: Final = 400
_INCLUDES: Final = frozenset({"Provenance:target"})
_SPECIAL_VALUES: Final = "http://terminology.hl7.org/CodeSystem/special-values"


def _patient(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [references.patient_reference(unescape(part)) for part in parts]
    wanted.patient_ids.update(each.id for each in found if each.id)
    named = (each.identifier for each in found if each.identifier)
    wanted.patient_identifiers.update(Token(each.system, each.value) for each in named)
    return all(each.id or each.identifier for each in found) and wanted.one_patient


def _patient_identifier(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [token(part) for part in parts]
    wanted.patient_identifiers.update(found)
    return all(each.code for each in found) and wanted.one_patient


def _id(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    wanted.narrow("_id", parts)
    return all(references.is_id(part) for part in parts)


def _status(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    # MHD sends the status without a system; some clients add one.
    codes = tuple(token(part).code or "" for part in parts)
    known = wanted.known_statuses
    wanted.narrow("status", tuple(each for each in known if each not in codes) if modifier else codes)
    return all(code in known for code in codes)


def _state(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    """What is in error is told to who asks for that by its name, not to who asks for anything else. An entry whose
    source says nothing of it ("") has no status: it is unknown, and it is not another one."""
    codes = tuple(token(part).code or "" for part in parts)
    known = wanted.known_statuses
    silent = ("",) if modifier or _UNKNOWN in codes else ()
    others = tuple(each for each in known if each not in (*codes, ERROR))
    wanted.narrow(parameter.name, (*(others if modifier else codes), *silent))
    return all(code in known for code in codes)


def _target(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [references.literal(unescape(part), "") for part in parts]
    wanted.narrow(parameter.name, tuple("/".join(each) for each in found if each))
    return all(each and all(each) for each in found)


def _include(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    wanted.provenance = True
    return set(parts) <= _INCLUDES


def _code(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    """Codes as they are; of a system that has none of them, a code that nothing has."""
    systems = {None, *map(canonical_system, parameter.fields[1:])}
    found = [token(part) for part in parts]
    wanted.narrow(parameter.name, tuple((each.code or "") if each.system in systems else "" for each in found))
    return all(each.code for each in found)


def _token(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    return _codes(wanted, parameter, modifier, [token(part) for part in parts])


def _identifier(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    if parameter.name == "identifier" and not (modifier or wanted.identifiers):
        wanted.identifiers = tuple(token(part) for part in parts)
    return _codes(wanted, parameter, modifier, [number(part) for part in parts])


def _codes(wanted: Wanted, parameter: Parameter, modifier: str, asked: list[Token]) -> bool:
    wanted.codes(tuple(keys.asked(each, one) for one in asked for each in parameter.fields), absent=bool(modifier))
    return all(each.system or each.code for each in asked)


def _boolean(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    asked = [token(part) for part in parts]
    wanted.codes(tuple(keys.key(parameter.name, "", each.code or "") for each in asked), absent=bool(modifier))
    return all(each.code in {"true", "false"} and each.system in {None, "", _SPECIAL_VALUES} for each in asked)


def _reference(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    """A literal reference, or, told by a bar, the identifier inside the reference."""
    group: list[int] = []
    for part in parts:
        if split_bar(part)[0] is not None:
            one = number(part)
            if not (one.system or one.code):
                return False
            group += (keys.asked(each, one) for each in parameter.fields[1:])
        elif found := references.literal(unescape(part), parameter.target):
            group.append(keys.key(parameter.name, *found))
        else:
            return False
    wanted.codes(tuple(group), absent=False)
    return True


def _string(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [names.patterns(parameter.fields, unescape(part), modifier) for part in parts]
    wanted.names.append(tuple(pattern for each in found for pattern in each))
    return all(found)


def _instant(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [dates.instants(part, wanted.now) for part in parts]
    group = tuple(interval for each in found if each for interval in each)
    wanted.instants[parameter.name] = (*wanted.instants.get(parameter.name, ()), group)
    return None not in found


def _period(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    found = [dates.periods(part, wanted.now) for part in parts]
    wanted.periods.append(tuple(each for each in found if each))
    return None not in found


def _words(wanted: Wanted, parameter: Parameter, modifier: str, parts: tuple[str, ...]) -> bool:
    """As people search: whole words, whatever case and accents, all of an alternative."""
    among = tuple(folding.query(unescape(part)) for part in parts)
    wanted.words.append(Words(parameter.name == _HEADING, among))
    asked = sum(len(term.parts) for words in wanted.words for terms in words.among for term in terms)
    # What is longer would be cut, and find more than was asked for.
    whole = all(terms and len(terms) < _MOST_TERMS for terms in among) and all(len(part) < _LONGEST for part in parts)
    return whole and asked <= _MOST_WORDS


READERS: Final[Mapping[Kind, Callable[[Wanted, Parameter, str, tuple[str, ...]], bool]]] = {
    Kind.PATIENT: _patient,
    Kind.PATIENT_IDENTIFIER: _patient_identifier,
    Kind.ID: _id,
    Kind.STATUS: _status,
    Kind.STATE: _state,
    Kind.TARGET: _target,
    Kind.INCLUDE: _include,
    Kind.CODE: _code,
    Kind.TOKEN: _token,
    Kind.IDENTIFIER: _identifier,
    Kind.BOOLEAN: _boolean,
    Kind.REFERENCE: _reference,
    Kind.STRING: _string,
    Kind.INSTANT: _instant,
    Kind.PERIOD: _period,
    Kind.WORDS: _words,
}
