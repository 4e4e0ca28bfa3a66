"""The problems that the FHIR door knows, grouped by what they are about; codes are never renamed: programs rely on
them. Rules come from PDSm, MHD and PDSm4DMP (interoperability reference, a.3, a.7 and g)."""

from __future__ import annotations

from typing import Final

from carnet.formats.fhir.problems import (
    appointment,
    body,
    consent,
    document,
    element,
    header,
    patch,
    personal,
    provide,
    record,
    request,
    scope,
    search,
    search_rules,
    sharing,
    structure,
    subscription,
    transport,
)
from carnet.formats.fhir.problems.problem import Problem

__all__ = ["ALL", "Problem"]

_GROUPS: Final = (
    body,
    element,
    structure,
    document,
    header,
    provide,
    patch,
    record,
    search,
    search_rules,
    request,
    personal,
    scope,
    sharing,
    consent,
    subscription,
    appointment,
    transport,
)
ALL: Final[tuple[Problem, ...]] = tuple(each for group in _GROUPS for each in group.PROBLEMS)
