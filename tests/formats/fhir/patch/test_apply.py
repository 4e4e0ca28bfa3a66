"""What no PATCH can do, whatever it asks for."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from carnet.formats.fhir.outcome import FhirError
from carnet.formats.fhir.patch import Change, Current
from tests.cases import cases
from tests.formats.fhir.patch.bodies import (
    ARCHIVED,
    BOTH,
    JSON,
    VISIBILITY,
    after,
    concept,
    currents,
    extension,
    json_changes,
    operation,
    told,
)

_LABELS = st.sampled_from(["N", "R", "V", *VISIBILITY, "NOPAT", "INVISIBLE_REP_LEGAUX"])
_INDICES = st.integers(0, 4).map("/securityLabel/{}".format)
legal = st.one_of(
    st.builds(operation, st.sampled_from(["add", "replace"]), _INDICES, _LABELS.map(concept)),
    st.builds(operation, st.just("add"), st.just("/securityLabel/-"), _LABELS.map(concept)),
    st.builds(operation, st.just("replace"), _INDICES.map("{}/coding/0/code".format), _LABELS),
    st.builds(operation, st.just("remove"), _INDICES),
    st.builds(
        operation,
        st.sampled_from(["add", "replace"]),
        st.just("/securityLabel"),
        st.lists(_LABELS.map(concept), min_size=1, max_size=4),
    ),
    st.builds(operation, st.just("replace"), st.just(f"/extension[url:'{ARCHIVED}']"), st.booleans().map(extension)),
)
SHOW = operation("replace", "/securityLabel/0", concept("N"))


@settings(max_examples=cases(300))
@given(currents, st.lists(legal, min_size=1, max_size=8))
def test_there_is_always_one_base_code_and_somebody_who_sees(current: Current, operations: list[JSON]) -> None:
    try:
        change = json_changes(current, *operations)
    except FhirError as error:
        event("refused")
        found = {code for code, _ in told(error)}
        assert found <= {"patch-target", "patch-base-label", "labels-exclusive"}
        return
    event("done")
    ends = after(current, change)
    assert ends.base in {"N", "R", "V"}
    assert ends.labels <= set(VISIBILITY)
    assert not ends.labels >= BOTH
    assert change.nothing == (ends == current)


@settings(max_examples=cases(100))
@given(currents.filter(lambda current: not current.labels & BOTH), st.sampled_from(sorted(BOTH)))
def test_to_hide_and_show_again_changes_nothing(current: Current, code: str) -> None:
    hidden = after(current, json_changes(current, operation("replace", "/securityLabel/0", concept(code))))
    assert hidden.labels == current.labels | {code}
    assert after(hidden, json_changes(hidden, SHOW)) == current


@settings(max_examples=cases(100))
@given(currents, st.integers(1, 5))
def test_to_show_again_never_shows_to_the_representatives(current: Current, times: int) -> None:
    shown = after(current, json_changes(current, *[SHOW] * times))
    assert shown.labels & {"INVISIBLE_REPRESENTANTS_LEGAUX"} == current.labels & {"INVISIBLE_REPRESENTANTS_LEGAUX"}
    assert (shown.base, shown.archived) == (current.base, current.archived)


def test_of_both_it_is_to_be_said_which_one_goes() -> None:
    current = Current("N", frozenset(BOTH))
    with pytest.raises(FhirError) as caught:
        json_changes(current, SHOW)
    assert [code for code, _ in told(caught.value)] == ["patch-target"]
    for code in BOTH:
        named = operation("replace", "/securityLabel", [concept("N"), concept(code)])
        assert json_changes(current, named) == Change(remove=frozenset(BOTH) - {code})


@pytest.mark.parametrize(("there", "asked"), [("MASQUE_PS", "INVISIBLE_PATIENT"), ("INVISIBLE_PATIENT", "MASQUE_PS")])
def test_nobody_left_to_see(there: str, asked: str) -> None:
    current = Current("N", frozenset({there}))
    hide = operation("replace", "/securityLabel/0", concept(asked))
    with pytest.raises(FhirError) as caught:
        json_changes(current, hide)
    assert told(caught.value) == [("labels-exclusive", "DocumentReference.securityLabel")]
    # Only the end counts: the other label may go in the same patch.
    change = json_changes(current, hide, operation("remove", "/securityLabel/1"))
    assert change == Change(add=frozenset({asked}), remove=frozenset({there}))


def test_an_entry_that_nobody_sees_may_still_be_archived() -> None:
    current = Current("N", frozenset(BOTH))
    archive = operation("replace", f"/extension[url:'{ARCHIVED}']/valueBoolean", value=True)
    assert json_changes(current, archive) == Change(archived=True)


def test_the_operations_go_in_their_order() -> None:
    current = Current("N", frozenset({"MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"}))
    twice = operation("remove", "/securityLabel/1")
    assert json_changes(current, twice, twice) == Change(remove=current.labels)
    other = operation("replace", "/securityLabel/1", concept("INVISIBLE_PATIENT"))
    last = operation("remove", "/securityLabel/2")
    assert json_changes(current, other, last) == Change(add=frozenset({"INVISIBLE_PATIENT"}), remove=current.labels)
    with pytest.raises(FhirError) as caught:
        json_changes(current, twice, twice, twice, operation("replace", "/securityLabel/4", concept("N")))
    assert told(caught.value) == [("patch-target", "operation[2].path"), ("patch-target", "operation[3].path")]


def test_what_is_withdrawn_does_not_come_back() -> None:
    with pytest.raises(FhirError) as caught:
        json_changes(
            Current("N"),
            operation("replace", "/status", "entered-in-error"),
            operation("replace", "/status", "current"),
        )
    assert told(caught.value) == [("patch-status", "operation[1].path")]
