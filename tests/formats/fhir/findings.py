"""What a reader finds wrong: the code of each finding, by the place that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from carnet.formats.fhir.outcome import FhirError, Issue


def by_place(issues: Iterable[Issue]) -> dict[str, str]:
    return {issue.expression: issue.details_code for issue in issues}


def errors_of(reading: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(FhirError) as caught:
        reading()
    assert all(issue.diagnostics for issue in caught.value.issues)
    return by_place(issue for issue in caught.value.issues if issue.is_error)
