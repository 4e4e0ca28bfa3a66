"""Takes the parameters of a search one by one; gathers what they ask and all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.search.paging import Paging
from carnet.formats.fhir.search.parameters import Kind, Parameter
from carnet.formats.fhir.search.readers import READERS
from carnet.formats.fhir.search.text import MAX_ALTERNATIVES, MAX_TEXT, alternatives, readable
from carnet.formats.fhir.search.wanted import Wanted

__all__ = ["MAX_PARAMETERS", "MAX_SEARCH", "Asked"]

MAX_PARAMETERS: Final = 64
MAX_SEARCH: Final = 64 * 1024

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:\-]{0,99}")
_DATE: Final = "Une date FHIR est attendue, après un préfixe au besoin (eq, ne, gt, ge, lt, le, sa, eb, ap)."
_EXPECTED: Final = {
    Kind.PATIENT: "Un seul patient est attendu, comme Patient/ID ou Patient?identifier=SYSTÈME|VALEUR.",
    Kind.PATIENT_IDENTIFIER: "L’identifiant complet d’un seul patient est attendu, comme SYSTÈME|VALEUR.",
    Kind.STATUS: "Un statut de cette ressource est attendu, comme current.",
    Kind.STATE: "Un statut de cette ressource est attendu, comme final ou active.",
    Kind.TARGET: "Une référence est attendue, comme Observation/ID.",
    Kind.INCLUDE: "Seul Provenance:target est pris en charge.",
    Kind.CODE: "Un code est attendu, comme CODE ou SYSTÈME|CODE.",
    Kind.BOOLEAN: "true ou false est attendu.",
    Kind.REFERENCE: "Une référence est attendue, comme TYPE/ID, ou un identifiant, comme SYSTÈME|VALEUR.",
    Kind.INSTANT: _DATE,
    Kind.PERIOD: _DATE,
    Kind.WORDS: "Des mots sont attendus : 15 au plus par alternative, 50 en tout.",
    Kind.COUNT: "Un nombre est attendu, une seule fois.",
}


@dataclass(slots=True)
class Asked:
    """`table` holds the parameters that are understood; `given` the names of those that came without modifier."""

    table: Mapping[str, Parameter]
    wanted: Wanted
    paging: Paging
    given: set[str] = field(default_factory=set)
    understood: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)

    def take_all(self, params: Iterable[tuple[str, str]]) -> None:
        pairs = list(islice(params, MAX_PARAMETERS + 1))
        if len(pairs) > MAX_PARAMETERS or sum(len(name) + len(value) for name, value in pairs) > MAX_SEARCH:
            raise errors.failure("search-too-many", expression="http")
        for name, value in pairs:
            self._take(name, value)

    def _take(self, name: str, value: str) -> None:
        parameter, modifier = self.table.get(name), ""
        if parameter is None:
            parameter, modifier = self._modified(name)
        if parameter is None or parameter.kind is Kind.SILENT:
            return
        parts, reader = _parts(value), READERS.get(parameter.kind)
        if reader is None:
            self._page(name, parameter, parts)
        elif parts and reader(self.wanted, parameter, modifier, parts):
            self.understood.append((name, value))
        else:
            self.problem("search-value", name, _EXPECTED.get(parameter.kind, ""))
        if not modifier:
            self.given.add(parameter.name)

    def _modified(self, name: str) -> tuple[Parameter | None, str]:
        """Unknown parameters are put aside; a modifier that a known one does not have would change its meaning, so
        FHIR has it refused."""
        head, _, modifier = name.rpartition(":")
        parameter = self.table.get(head)
        if parameter is None:
            self._ignore(name)
        elif modifier in parameter.modifiers:
            return parameter, modifier
        else:
            self.problem("search-modifier", name)
        return None, ""

    def _page(self, name: str, parameter: Parameter, parts: tuple[str, ...]) -> None:
        read = self.paging.read(parameter.kind, parts) if parts and parameter.name not in self.given else None
        if read is None:
            self.problem("search-value", name, _EXPECTED.get(parameter.kind, ""))
            return
        if read.value:
            self.understood.append((name, read.value))
        if read.ignored:
            self._ignore(name)

    def _ignore(self, name: str) -> None:
        shown = name if _NAME.fullmatch(name) else "?"
        if shown not in self.ignored:
            self.ignored.append(shown)

    def problem(self, code: str, name: str, detail: str = "") -> None:
        # The place of a search parameter in an OperationOutcome, by FHIR's convention.
        place = f"http.{name}" if _NAME.fullmatch(name) else "http"
        self.problems.append(errors.issue(code, expression=place, detail=detail))

    def refuse_ignored(self) -> None:
        for name in self.ignored:
            self.problem("search-parameter", name)

    def fields(self) -> dict[str, Any]:
        """What a `results.Search` is made of; `FhirError` with every problem when there is one."""
        if self.problems:
            raise FhirError(self.problems)
        return {
            **self.wanted.fields(),
            **self.paging.fields(),
            "understood": tuple(self.understood),
            "ignored": tuple(self.ignored),
        }


def _parts(value: str) -> tuple[str, ...]:
    """The alternatives; none when the text breaks a limit or cannot be read."""
    parts = alternatives(value.strip())
    fits = len(parts) <= MAX_ALTERNATIVES and all(len(part) <= MAX_TEXT for part in parts)
    return parts if fits and readable(value) else ()
