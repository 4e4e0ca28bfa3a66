"""Scopes against a second statement of what they mean: every single permission, one by one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carnet.formats.smart import LONGEST, ScopeError, Scopes, parse
from tests.cases import cases

CONTEXTS = ("patient", "user", "system")
RESOURCES = ("Patient", "DocumentReference", "Binary", "List")
EVERY = tuple(itertools.product(CONTEXTS, RESOURCES, "cruds"))

letters = st.lists(st.booleans(), min_size=5, max_size=5).map(
    lambda kept: "".join(letter for letter, keep in zip("cruds", kept, strict=True) if keep)
)
rights = letters.filter(bool) | st.sampled_from(["read", "write", "*"])
parts = st.builds(
    lambda context, resource, right: f"{context}/{resource}.{right}",
    st.sampled_from(CONTEXTS),
    st.sampled_from(("*", *RESOURCES)),
    rights,
)
scopes = st.lists(parts, max_size=8).map(" ".join)


def by_hand(text: str, context: str, resource: str, letter: str) -> bool:
    """The specification read aloud: some part is of this context, of this resource or of all, and has the letter."""
    for part in text.split(" "):
        if part == "":
            continue
        before, after = part.split("/")
        what, right = after.rsplit(".", 1)
        held = {"read": "rs", "write": "cud", "*": "cruds"}.get(right, right)
        if before == context and what in {resource, "*"} and letter in held:
            return True
    return False


def allowed(scope: Scopes) -> set[tuple[str, str, str]]:
    return {each for each in EVERY if scope.allow(*each)}


@settings(max_examples=cases(200))
@given(scopes)
def test_what_is_allowed(text: str) -> None:
    assert allowed(parse(text)) == {each for each in EVERY if by_hand(text, *each)}


@settings(max_examples=cases(200))
@given(scopes, scopes)
def test_what_both_allow(left: str, right: str) -> None:
    common = parse(left) & parse(right)
    assert allowed(common) == {each for each in EVERY if by_hand(left, *each) and by_hand(right, *each)}
    # A resource that neither names is covered by `*` alone.
    unnamed = [(context, "Immunization", letter) for context in CONTEXTS for letter in "cruds"]
    for each in unnamed:
        assert common.allow(*each) == (by_hand(left, *each) and by_hand(right, *each))


@settings(max_examples=cases(200))
@given(scopes)
def test_what_is_written_says_the_same(text: str) -> None:
    scope = parse(text)
    written = str(scope)
    assert allowed(parse(written)) == allowed(scope)
    assert str(parse(written)) == written
    assert bool(scope) is bool(text)


@settings(max_examples=cases(100))
@given(scopes, st.sampled_from(CONTEXTS))
def test_one_context_alone(text: str, context: str) -> None:
    assert allowed(parse(text).within(context)) == {
        each for each in EVERY if each[0] == context and by_hand(text, *each)
    }


@settings(max_examples=cases(300))
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        scope, unread = parse(text), set[str]()
    except ScopeError as error:
        scope, unread = Scopes(), set(error.unread)
    assert unread <= set(text.split())
    assert bool(scope or unread) is bool(text.split())


@pytest.mark.parametrize(
    "part",
    [
        "system/DocumentReference",
        "system/DocumentReference.",
        "system/DocumentReference.sr",
        "system/DocumentReference.rr",
        "system/DocumentReference.reads",
        "system/documentReference.rs",
        "system/.rs",
        "System/Patient.rs",
        "admin/Patient.rs",
        "system/Patient.rs?_id=1",
        "system/Pàtient.rs",
        "system/Patient.rs,system/Binary.r",
        "profile",
    ],
)
def test_what_is_no_scope(part: str) -> None:
    with pytest.raises(ScopeError) as caught:
        parse(f"user/Patient.rs {part} system/*.r")
    assert caught.value.unread == (part,)


def test_every_unread_part_is_named_at_once() -> None:
    with pytest.raises(ScopeError) as caught:
        parse("a b user/*.rs c")
    assert caught.value.unread == ("a", "b", "c")


def test_a_scope_has_an_end() -> None:
    longest = "user/Patient.rs " * (LONGEST // 16)
    assert str(parse(longest)) == "user/Patient.rs"
    with pytest.raises(ScopeError) as caught:
        parse(longest + "user/Patient.rs " * 2)
    assert caught.value.unread == ()


def test_what_a_star_says_is_not_said_again() -> None:
    assert str(parse("user/Patient.cruds user/*.read introspection")) == "introspection user/*.rs user/Patient.cud"
