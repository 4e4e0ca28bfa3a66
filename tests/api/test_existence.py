"""Hidden and unknown are the same to who may not see: in words, in headers, and in the time that the answer takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final
from uuid import uuid4

import httpx2
import pytest

from carnet.kernel.ids import fhir_id, uuid7
from tests import people
from tests.api.caller import Caller, refused, token
from tests.cases import cases
from tests.people import Resident

PAIRS: Final = cases(334)
"""For each of three ways to ask: two thousand requests in all."""
CRITICAL: Final = 2.576
"""Of the normal distribution, for a two-sided test at 1 %."""
TRIES: Final = 3
"""Of which most must see no difference, or not the same one: noise at 1 % is in two of three, and the same way, once in
seven thousand runs; a difference that is seen half of the time is told in every other run."""
_OF_THE_REQUEST = {"x-request-id", "date"}


@dataclass(frozen=True)
class Case:
    """Documents that the caller may not see, and the same number that nobody has."""

    caller: Caller
    patient: Resident
    hidden: list[tuple[str, str]]  # FHIR id and uniqueId

    def unknown(self) -> tuple[str, str]:
        return fhir_id(self.patient.record_id, uuid7()), _unique_id()


@pytest.fixture(scope="module")
def case(server: str) -> Case:
    """A laboratory that has put something into a record of which all the rest is another's."""
    patient, labo, clinic = people.a_patient(), people.software(), people.software()
    people.deposited(labo, patient)
    hidden = []
    for _ in range(20):
        entry = people.entry(_unique_id())
        hidden.append((people.deposited(clinic, patient, uuid4().bytes, of=entry).fhir_id, entry.unique_id))
    return Case(Caller.of(server, labo), patient, hidden)


def _unique_id() -> str:
    """All of one length, since a searchset repeats what was asked."""
    return f"2.25.{10**38 + uuid4().int % 10**38}"


Ask = Callable[[Case, tuple[str, str]], httpx2.Response]


def _reference(case: Case, named: tuple[str, str]) -> httpx2.Response:
    return case.caller.get(f"DocumentReference/{named[0]}")


def _binary(case: Case, named: tuple[str, str]) -> httpx2.Response:
    return case.caller.get(f"Binary/{named[0]}")


def _search(case: Case, named: tuple[str, str]) -> httpx2.Response:
    query = {"patient.identifier": token(case.patient), "identifier": f"urn:ietf:rfc:3986|urn:oid:{named[1]}"}
    return case.caller.get("DocumentReference", query)


def _search_without_patient(case: Case, named: tuple[str, str]) -> httpx2.Response:
    return case.caller.get("DocumentReference", {"identifier": f"urn:ietf:rfc:3986|urn:oid:{named[1]}"})


def _history(case: Case, named: tuple[str, str]) -> httpx2.Response:
    return case.caller.get(f"DocumentReference/{named[0]}/_history")


def _patch(case: Case, named: tuple[str, str]) -> httpx2.Response:
    return case.caller.patch(f"DocumentReference/{named[0]}", [{"op": "remove", "path": "/securityLabel/0"}])


def _withdraw(case: Case, named: tuple[str, str]) -> httpx2.Response:
    reason = {"name": "reason", "valueCode": "error"}
    return case.caller.post(
        f"DocumentReference/{named[0]}/$withdraw", {"resourceType": "Parameters", "parameter": [reason]}
    )


def _told(answer: httpx2.Response, named: tuple[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """All that the caller gets, without what he said himself and what names his request."""
    body = answer.content
    for mine in named:
        body = body.replace(mine.encode(), b"*")
    headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_REQUEST}
    return answer.status_code, body, headers


@pytest.mark.parametrize("ask", [_reference, _binary, _search, _search_without_patient, _history, _patch, _withdraw])
def test_hidden_and_unknown_are_told_in_the_same_words(ask: Ask, case: Case) -> None:
    for known in case.hidden:
        unknown = case.unknown()
        answers = ask(case, known), ask(case, unknown)
        assert _told(answers[0], known) == _told(answers[1], unknown)
        if answers[0].status_code >= 400:
            refused(answers[0], 404, "not-found")
        else:
            assert answers[0].json()["total"] == 0


def test_without_a_right_on_the_record_both_are_forbidden(server: str, case: Case) -> None:
    stranger = Case(Caller.of(server, people.a_doctor()), case.patient, case.hidden)
    for ask in (_reference, _binary, _history, _patch, _withdraw):
        known, unknown = ask(stranger, case.hidden[0]), ask(stranger, case.unknown())
        refused(known, 403, "forbidden")
        assert known.content == unknown.content
        nowhere = ask(stranger, (fhir_id(uuid7(), uuid7()), ""))
        assert nowhere.content == known.content, "nor is a record told by its id"


@pytest.mark.parametrize("ask", [_reference, _binary, _search])
def test_hidden_and_unknown_take_the_same_time(ask: Ask, case: Case) -> None:
    scores = []
    for _ in range(2 * TRIES):
        known, unknown = _times(ask, case)
        # A try that does not see a quarter more, for others keep the machine busy, proves nothing.
        if _score([each + median(known) / 4 for each in known], unknown) <= CRITICAL:
            continue
        scores.append(_score(known, unknown))
        if len(scores) == TRIES or settled(scores):
            break
    assert scores, "nothing was seen"
    assert not told_apart(scores), scores


def told_apart(scores: Sequence[float]) -> bool:
    """Most tries tell a difference, and the same one."""
    longer, shorter = sum(each >= CRITICAL for each in scores), sum(each <= -CRITICAL for each in scores)
    return max(longer, shorter) > len(scores) / 2


def settled(scores: Sequence[float]) -> bool:
    """Most of all tries have seen nothing: the rest cannot change it."""
    return sum(abs(each) < CRITICAL for each in scores) > TRIES / 2


def test_one_lucky_try_of_three_hides_no_difference() -> None:
    for scores in ([9.0, 0.0, 9.0], [0.0, 9.0, 9.0], [-9.0, -9.0, 0.0], [9.0]):
        assert told_apart(scores), scores
    for scores in ([0.0, 9.0, 0.0], [0.0, 0.0], [9.0, 0.0, -9.0]):
        assert not told_apart(scores), scores
    assert [settled(each) for each in ([0.0], [0.0, 9.0], [0.0, 0.0])] == [False, False, True]


def _times(ask: Ask, case: Case) -> tuple[list[float], list[float]]:
    """Of pairs one after the other, each pair in the other order than the one before."""
    for number in range(50):
        ask(case, case.hidden[number % len(case.hidden)])
        ask(case, case.unknown())
    known: list[float] = []
    unknown: list[float] = []
    for number in range(PAIRS):
        pair = [(known, case.hidden[number % len(case.hidden)]), (unknown, case.unknown())]
        for times, named in pair if number % 2 else reversed(pair):
            began = time.perf_counter()
            ask(case, named)
            times.append(time.perf_counter() - began)
    return known, unknown


def _score(first: Sequence[float], second: Sequence[float]) -> float:
    """Mann and Whitney's U as a normal deviate; times of such a clock have no ties to speak of."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank_sum = sum(rank for rank, (_, group) in enumerate(ranked, 1) if group == 0)
    n, m = len(first), len(second)
    u = rank_sum - n * (n + 1) / 2
    return (u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
