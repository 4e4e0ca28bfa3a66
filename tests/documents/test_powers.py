"""Who may do what to a stored document, told twice: by `may`, and by a list of who may not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.consent.rules import As
from carnet.documents.models import Secrecy
from carnet.documents.powers import Act, acts_of, may
from carnet.formats.fhir.patch import Change
from tests.cases import cases

TREATING = {As.ATTENDING, As.COORDINATING, As.ADMINISTRATOR, As.AUTHORISED, As.TEAM, As.DEPUTY}
LABELS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")


def forbidden(act: Act, standing: As, own: bool, secrecy: str) -> bool:
    """The law as prohibitions: everything else is allowed to somebody who sees the document."""
    if standing == As.CARER:
        # They take back what they added, and change nothing of anybody's (dmp_rules 8.6).
        return act is not Act.WITHDRAW or not own
    person = standing in {As.HOLDER, As.REPRESENTATIVE}
    stranger_to_it = not own
    if act is Act.WITHDRAW:
        # Logical deletion by its author alone; an operator takes out what is of somebody else (dmp_rules 2.5).
        return stranger_to_it and standing != As.STEWARD
    if act in {Act.HIDE_FROM_PATIENT, Act.SHOW_TO_PATIENT}:
        # To withhold and to announce is for professionals (R1111-53), whoever added the document.
        return stranger_to_it or person
    if act is Act.CLASSIFY:
        return stranger_to_it
    if act in {Act.HIDE_FROM_REPRESENTATIVES, Act.SHOW_TO_REPRESENTATIVES}:
        # The minor, or the professional who is the author; never a representative for himself (R1111-50).
        if standing == As.HOLDER:
            return False
        linked = act is Act.SHOW_TO_REPRESENTATIVES and secrecy == "linked"
        return stranger_to_it or linked or standing == As.REPRESENTATIVE
    if act in {Act.MASK, Act.UNMASK}:
        return stranger_to_it and not person and standing not in TREATING
    return stranger_to_it and not person and standing != As.ATTENDING


@settings(max_examples=cases(400))
@given(st.sampled_from(Act), st.sampled_from(As), st.booleans(), st.sampled_from(Secrecy.values))
def test_what_is_not_forbidden_is_allowed_and_nothing_else(act: Act, standing: As, own: bool, secrecy: str) -> None:
    assert may(act, standing, own=own, secrecy=secrecy) is not forbidden(act, standing, own, secrecy)


@given(
    st.sets(st.sampled_from(LABELS)),
    st.sets(st.sampled_from(LABELS)),
    st.none() | st.sampled_from("NRV"),
    st.none() | st.booleans(),
    st.booleans(),
)
def test_every_part_of_a_change_is_an_act_that_somebody_must_be_allowed(
    add: set[str], remove: set[str], base: str | None, archived: bool | None, withdraw: bool
) -> None:
    asked = Change(frozenset(add), frozenset(remove), base, archived, withdraw)
    acts = acts_of(asked)
    assert (
        len(acts) == len(set(acts)) == len(add) + len(remove) + (base is not None) + (archived is not None) + withdraw
    )


def test_confirming_a_suspected_secret_is_an_act_although_no_label_changes() -> None:
    assert acts_of(Change(), suspected=True) == (Act.HIDE_FROM_REPRESENTATIVES,)
    assert acts_of(Change()) == ()
