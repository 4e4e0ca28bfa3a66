"""Search parameters of FHIR: tokens, references, alternatives, and the searches that Carnet serves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from carnet.formats.entry import Identifier
from carnet.formats.fhir import errors, identifiers
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.terminology import systems

__all__ = [
    "DEFAULT_COUNT",
    "MAX_COUNT",
    "STATUSES",
    "DocumentSearch",
    "PatientRef",
    "Token",
    "alternatives",
    "documents",
    "patient_reference",
    "patients",
    "resource_id",
    "token",
    "unique_id",
]

DEFAULT_COUNT: Final = 20
MAX_COUNT: Final = 200
STATUSES: Final = ("current", "superseded", "entered-in-error")

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_LITERAL = re.compile(r"(?:https?://\S+/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/\S+)?")
_ESCAPED = re.compile(r"\\([,|$\\])")
_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TEXT_LIMIT: Final = 512
_LIST_LIMIT: Final = 200
_NUMBER = re.compile(r"[0-9]{1,9}")
_ALIASES: Final = {
    "subject": "patient",
    "patient:Patient": "patient",
    "subject:Patient": "patient",
    "subject.identifier": "patient.identifier",
    "patient:Patient.identifier": "patient.identifier",
    "subject:Patient.identifier": "patient.identifier",
}
_READ: Final = frozenset({"patient", "patient.identifier", "identifier", "status", "_id", "_count", "_cursor"})
# Of no effect on what is found.
_SILENT: Final = frozenset({"_format", "_pretty"})


class Token(NamedTuple):
    """`system` None: any system; "" : no system (`|code`); `code` None: any code of that system.

    The system is an OID where one is known.
    """

    system: str | None
    code: str | None


class PatientRef(NamedTuple):
    """A literal id, an identifier, or neither when the text is no reference to a patient."""

    id: str | None
    identifier: Identifier | None


@dataclass(frozen=True, slots=True)
class DocumentSearch:
    """Each tuple is a list of alternatives; an empty one asks nothing. All that is asked must hold together.

    `ids` are logical ids (`_id`), `cursor` the opaque page mark of our own next links, `ignored` the names of
    parameters that were not understood.
    """

    patient_ids: tuple[str, ...] = ()
    patient_identifiers: tuple[Token, ...] = ()
    statuses: tuple[str, ...] = ()
    identifiers: tuple[Token, ...] = ()
    ids: tuple[str, ...] = ()
    count: int = DEFAULT_COUNT
    cursor: str = ""
    ignored: tuple[str, ...] = ()


def alternatives(text: str) -> tuple[str, ...]:
    r"""Split at the commas that are not escaped; the parts keep their escapes. Empty parts are dropped."""
    marked = _COMMA.sub("\\1\x00", text)
    return tuple(part for part in marked.split("\x00") if part)


def token(text: str) -> Token:
    """`code`, `system|code`, `|code` or `system|`, escapes resolved."""
    marked = _BAR.sub("\\1\x00", text, count=1)
    system, bar, code = marked.partition("\x00")
    if not bar:
        return Token(None, _unescape(text))
    return Token(systems.to_oid(_unescape(system)), _unescape(code) or None)


def patient_reference(text: str) -> PatientRef:
    """`ID`, `Patient/ID`, an absolute address of a Patient, or `Patient?identifier=SYSTEM|VALUE`."""
    address, mark, query = text.partition("?")
    if mark:
        return PatientRef(None, _conditional(address, query))
    if _ID.fullmatch(text):
        return PatientRef(text, None)
    return PatientRef(resource_id(text, "Patient"), None)


def resource_id(reference: str, resource_type: str) -> str | None:
    """The id in a literal reference to that type, relative or absolute, versioned or not."""
    found = _LITERAL.fullmatch(reference)
    return found["id"] if found and found["type"] == resource_type else None


def _conditional(address: str, query: str) -> Identifier | None:
    if address.rpartition("/")[2] != "Patient":
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    if [name for name, _ in pairs] != ["identifier"]:
        return None
    # parse_qsl reads "+" as a blank; no identifier of a person has either.
    found = token(unquote(pairs[0][1]))
    return Identifier(found.system, found.code) if found.system and found.code else None


def unique_id(wanted: Token) -> str | None:
    """The uniqueId in XDS form that a token on `identifier` asks for, or None when it can name none.

    An entryUUID (`urn:uuid:…`) gives its lower-case UUID: the same parameter searches both.
    """
    if wanted.code is None:
        return None
    return identifiers.unique_id(wanted.system or identifiers.URI_SYSTEM, wanted.code)


def patients(params: Iterable[tuple[str, str]]) -> tuple[Token, ...]:
    """TD0.2: the identifiers of `Patient?identifier=…`, each with system and value; else `FhirError`."""
    asked = _Asked()
    for name, value in params:
        if name == "identifier":
            asked.take(name, value)
    found = asked.tokens.get("identifier", ())
    if not asked.problems and not (found and all(each.system and each.code for each in found)):
        asked.problem("search-identifier-required", "identifier")
    asked.check()
    return found


def documents(params: Iterable[tuple[str, str]], *, strict: bool = False) -> DocumentSearch:
    """ITI-67, from a query or a form; `strict` refuses unknown parameters (`Prefer: handling=strict`).

    A search names a patient, or the identifier or id of a document. A parameter given twice is refused.
    """
    asked = _Asked()
    for name, value in params:
        asked.take(name, value)
    if strict:
        for name in asked.ignored:
            asked.problem("search-parameter", name)
    if not (asked.patient_ids or asked.tokens or asked.ids or asked.problems):
        asked.problem("search-patient-required", "patient")
    asked.check()
    return DocumentSearch(
        patient_ids=asked.patient_ids,
        patient_identifiers=asked.tokens.get("patient.identifier", ()),
        statuses=asked.statuses,
        identifiers=asked.tokens.get("identifier", ()),
        ids=asked.ids,
        count=asked.count,
        cursor=asked.cursor,
        ignored=tuple(asked.ignored),
    )


@dataclass(slots=True)
class _Asked:
    """What the parameters ask for, gathered one by one."""

    problems: list[Issue] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    tokens: dict[str, tuple[Token, ...]] = field(default_factory=dict)
    patient_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    count: int = DEFAULT_COUNT
    cursor: str = ""
    ignored: list[str] = field(default_factory=list)

    def take(self, name: str, value: str) -> None:
        known = _ALIASES.get(name, name)
        if known not in _READ:
            if known not in _SILENT and name[:_TEXT_LIMIT] not in self.ignored:
                self.ignored.append(name[:_TEXT_LIMIT])
            return
        if known in self.seen:
            self.problem("search-value", known, "Ce paramètre est donné deux fois.")
            return
        self.seen.add(known)
        parts = self._parts(known, value)
        if parts:
            self._keep(known, parts)

    def _keep(self, name: str, parts: tuple[str, ...]) -> None:
        match name:
            case "patient":
                self._patients(parts)
            case "status":
                # MHD sends the status without a system; some clients add one.
                self.statuses = tuple(token(part).code or "" for part in parts)
                self._expect(name, all(code in STATUSES for code in self.statuses))
            case "_id":
                self.ids = parts
                self._expect(name, all(_ID.fullmatch(part) for part in parts))
            case "_count":
                valid = len(parts) == 1 and bool(_NUMBER.fullmatch(parts[0]))
                self._expect(name, valid)
                self.count = min(int(parts[0]), MAX_COUNT) if valid else DEFAULT_COUNT
            case "_cursor":
                self.cursor = parts[0]
            case _:
                self._tokens(name, tuple(token(part) for part in parts))

    def _patients(self, parts: tuple[str, ...]) -> None:
        references = [patient_reference(_unescape(part)) for part in parts]
        self._expect("patient", all(each.id or each.identifier for each in references))
        self.patient_ids = tuple(each.id for each in references if each.id)
        named = tuple(Token(each.identifier.system, each.identifier.value) for each in references if each.identifier)
        if named:
            self._tokens("patient.identifier", named)

    def _tokens(self, name: str, found: tuple[Token, ...]) -> None:
        if name in self.tokens:
            self.problem("search-value", name, "Le patient est désigné deux fois.")
            return
        self._expect(name, all(each.system or each.code for each in found))
        self.tokens[name] = found

    def _parts(self, name: str, value: str) -> tuple[str, ...]:
        parts = alternatives(value.strip())
        fits = 0 < len(parts) <= _LIST_LIMIT and all(len(part) <= _TEXT_LIMIT for part in parts)
        self._expect(name, fits and not _CONTROL.search(value))
        return parts if fits and not _CONTROL.search(value) else ()

    def _expect(self, name: str, valid: bool) -> None:  # noqa: FBT001
        if not valid:
            self.problem("search-value", name)

    def problem(self, code: str, name: str, detail: str = "") -> None:
        # The place of a search parameter in an OperationOutcome, by FHIR's convention.
        self.problems.append(errors.issue(code, expression=f"http.{name}", detail=detail))

    def check(self) -> None:
        if self.problems:
            raise FhirError(self.problems)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
