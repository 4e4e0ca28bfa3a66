"""Every small mistake that could be made in the rules is found out: each is made in turn, and the decision must then
differ from the oracle's in one of many situations. Those that change nothing are named here, each with its reason."""

from __future__ import annotations

import ast
import importlib.util
import inspect
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from carnet.consent import rules
from carnet.consent.caring import Right
from carnet.consent.facts import (
    As,
    Authorisation,
    Care,
    Choices,
    Clinician,
    Decision,
    Deputising,
    DeputyKind,
    Facts,
    Grant,
    Span,
    Switches,
    Wish,
)
from carnet.kernel.actor import ActorKind, Purpose
from carnet.people.rules import Capacity
from carnet.records.rules import RecordState
from tests.cases import cases
from tests.consent import oracle, silence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# In France: who was born on the 22nd comes of age with this instant.
MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)
Decide = Callable[[Facts], Decision]

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitOr: ast.BitAnd,
}

_WORDS = "which words a refusal has, not whether it is one: `test_rules` has each by its name"
_ANY = "of spans that hold, any would do: where it ends the grant is decided anew"
# Mistakes that give nobody more or less.
HARMLESS = {
    "_authorised: by_name is not None → Is": _WORDS,
    "_authorised: if by_name is not None → False": _WORDS,
    "_authorised: if by_name is not None → True": _WORDS,
    "_authorised: if express_needed → False": _WORDS,
    "_authorised: if express_needed → True": _WORDS,
    "_change: if who.capacity is Capacity.CHILD_PROTECTION → True": "a grant that ends early is decided anew",
    "_longest: if endless → False": _ANY,
    "_longest: span.until is None → IsNot": _ANY,
    "_longest: span.until or now → And": _ANY,
}


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Each with one thing changed: a comparison or a connective, a condition, a truth, what is given."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for number, function in enumerate(functions):
        annotations = {id(part) for part in _annotations(function)}
        for place, node in enumerate(ast.walk(function)):
            if id(node) in annotations:
                continue
            for what, change in _changes(node):
                other = deepcopy(tree)
                twin = [each for each in other.body if isinstance(each, ast.FunctionDef)][number]
                change(list(ast.walk(twin))[place])
                yield f"{function.name}: {what}", ast.fix_missing_locations(other)


def _annotations(function: ast.FunctionDef) -> Iterator[ast.AST]:
    given = function.args
    for top in (function.returns, *(each.annotation for each in (*given.args, given.vararg) if each)):
        yield from ast.walk(top) if top else ()


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        swap = _SWAPS[type(node.ops[0])]
        yield f"{ast.unparse(node)} → {swap.__name__}", _put("ops", [swap()])
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPS:
        other = _SWAPS[type(node.op)]
        yield f"{ast.unparse(node)} → {other.__name__}", _put("op", other())
    if isinstance(node, ast.If | ast.IfExp):
        for truth in (True, False):
            yield f"if {ast.unparse(node.test)} → {truth}", _put("test", ast.Constant(truth))
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", _put("value", not node.value)
    if isinstance(node, ast.Constant) and node.value == 0 and not isinstance(node.value, bool):
        yield "0 → 1", _put("value", 1)


def _put(name: str, value: object) -> Callable[[ast.AST], None]:
    return lambda twin: setattr(twin, name, value)


def loaded(tree: ast.Module) -> Decide:
    spec = importlib.util.spec_from_loader("carnet.consent.mutant", loader=None)
    assert spec
    module = importlib.util.module_from_spec(spec)
    exec(compile(tree, "mutant", "exec"), module.__dict__)  # noqa: S102  (our own rules, with one thing changed)
    found: Decide = module.decide
    return found


def told(decision: Decision) -> oracle.Answer:
    return (decision.capacity, decision.types, decision.hidden) if isinstance(decision, Grant) else None


def spans(chance: Random, most: int = 2) -> tuple[Span, ...]:
    starts = [NOW + timedelta(days=chance.randint(-3, 2)) for _ in range(chance.randint(0, most))]
    return tuple(
        Span(each, chance.choice((None, each + timedelta(days=chance.randint(0, 4)))), secret=chance.random() < 0.4)
        for each in starts
    )


def a_clinician(chance: Random) -> Clinician:
    return Clinician(
        chance.choice(
            [*Capacity, Capacity.CARE, Capacity.CARE, *[Capacity.CHILD_PROTECTION] * 2, Capacity.COORDINATING]
        ),
        chance.choice(("01" * 128, "10" * 128, "0" * 255 + "1")),
        chance.random() < 0.3,
        tuple(Authorisation(each, *(chance.random() < 0.5 for _ in range(3))) for each in spans(chance)),
        spans(chance, 1),
        spans(chance, 1),
        notes=frozenset({"vaccination"}) if chance.random() < 0.5 else frozenset(),
    )


_PURPOSES = {
    ActorKind.PERSON: [Purpose.SELF, Purpose.REPRESENTATIVE, Purpose.REPRESENTATIVE, Purpose.CARER, Purpose.CARER],
    ActorKind.PROFESSIONAL: [Purpose.CARE, Purpose.CARE, Purpose.EMERGENCY, Purpose.REGULATION, Purpose.DEPOSIT],
    ActorKind.CLIENT: [Purpose.DEPOSIT, Purpose.CARE],
    ActorKind.OPERATOR: [Purpose.SUPPORT, Purpose.SYSTEM],
    ActorKind.SYSTEM: list(Purpose),
}


_BIRTHS = ("2008-11-22", "2008-11-22", "2008-11-23", "2008-11-24", "2008", "1979-03-28", "2018-01-01")


def _rights(chance: Random) -> frozenset[str]:
    return frozenset(each.value for each in Right if chance.random() < 0.4)


def a_case(chance: Random) -> Facts:
    def toss() -> bool:
        return chance.random() < 0.5

    kind = chance.choice([*ActorKind, *[ActorKind.PROFESSIONAL] * 6, ActorKind.PERSON])
    deputy = toss()
    return Facts(
        wish=chance.choice([*Wish, Wish.READ, Wish.READ, Wish.READ]),
        purpose=chance.choice(_PURPOSES[kind] if chance.random() < 0.9 else list(Purpose)),
        actor=kind,
        now=chance.choice((NOW, MIDNIGHT)),
        state=chance.choice([None, *RecordState] if chance.random() < 0.2 else [RecordState.ACTIVE]),
        is_holder=toss(),
        holder_birth=chance.choice(_BIRTHS),
        own=Clinician(Capacity.CARE, "01" * 128) if deputy else a_clinician(chance),
        deputising=tuple(
            Deputising(chance.choice(list(DeputyKind)), each, a_clinician(chance)) for each in spans(chance)
        ),
        emergencies=spans(chance, 1),
        broken=spans(chance, 1) if toss() else (),
        choices=Choices(toss(), toss(), toss()),
        switches=Switches(toss(), toss(), toss(), carers=chance.random() < 0.8, administrator_sees_masked=toss()),
        represents=spans(chance, 1),
        guards=spans(chance, 1) if toss() else (),
        cares=tuple(Care(each, _rights(chance), toss()) for each in spans(chance)),
        invited=toss(),
        handed=spans(chance) if toss() else (),
        is_author=toss(),
        reads_own=toss(),
        operator=chance.choice(("", "support", "support", "steering")),
        note=chance.choice(("", "", "vaccination", "problem")),
        regulates=chance.random() < 0.8,
        discreet=((UUID(int=1), chance.choice((None, NOW))),) if toss() else (),
        visits=((f"{UUID(int=2)}/visits", "{}"),),
    )


def found_out(decide: Decide, facts: list[Facts], answers: list[oracle.Answer]) -> bool:
    for each, expected in zip(facts, answers, strict=True):
        try:
            decision = decide(each)
            right = told(decision) == expected and _silent(each, decision, expected)
            right = right and _lasts(each, decision, expected) and _discreet(decide, each)
        except Exception:  # noqa: BLE001  (whatever a mistake makes it raise finds it out)
            return True
        if not right:
            return True
    return False


def _silent(facts: Facts, decision: Decision, expected: oracle.Answer) -> bool:
    """Who is told of it, and whom a representative is not told of."""
    if isinstance(decision, Grant):
        of_whom = facts.discreet if decision.trail else ()
        visits = facts.visits if decision.trail else ()
        if (decision.discreet, decision.visits) != (of_whom, visits):
            return False
    return decision.quiet == (4 if silence.kept(facts, expected) else 0)


def _lasts(facts: Facts, decision: Decision, expected: oracle.Answer) -> bool:
    """A grant to read is remembered until its end, and right until then; the trail is its holder's to read."""
    if not isinstance(decision, Grant) or facts.wish is not Wish.READ:
        return True
    if decision.trail is not (decision.capacity in {As.HOLDER, As.REPRESENTATIVE}):
        return False
    if decision.until is not None and decision.until <= facts.now:
        return False
    later = [replace(facts, now=facts.now + timedelta(days=days)) for days in (1, 2, 4)]
    before = [each for each in later if decision.until is None or each.now < decision.until]
    same = all(oracle.answer(each) == expected for each in before)
    return same and all(silence.kept(each, expected) == bool(decision.quiet) for each in before)


def _discreet(decide: Decide, facts: Facts) -> bool:
    """Who has no link is told the same whether there is a record or not."""
    linked = facts.represents or facts.guards or facts.cares or facts.invited
    if facts.actor is not ActorKind.PERSON or facts.is_holder or linked:
        return True
    return decide(replace(facts, state=None)) == decide(replace(facts, state=RecordState.ACTIVE))


def _of_age_in_an_emergency(facts: Facts) -> Facts:
    """Too rare to be left to chance: a doctor of child protection in an emergency, as the child comes of age."""
    own = replace(facts.own, capacity=Capacity.CHILD_PROTECTION, blocked=())
    return replace(
        facts,
        actor=ActorKind.PROFESSIONAL,
        purpose=Purpose.EMERGENCY,
        wish=Wish.READ,
        now=MIDNIGHT,
        holder_birth=_BIRTHS[0],
        state=RecordState.ACTIVE,
        own=own,
        emergencies=(Span(MIDNIGHT - timedelta(days=1), None),),
        choices=replace(facts.choices, emergency=True),
    )


def _of_age_at_home(facts: Facts) -> Facts:
    """As rare: a parent closes the record, as the child comes of age."""
    return replace(
        facts,
        actor=ActorKind.PERSON,
        purpose=Purpose.REPRESENTATIVE,
        wish=Wish.LIFE,
        now=MIDNIGHT,
        holder_birth=_BIRTHS[0],
        state=RecordState.ACTIVE,
        is_holder=False,
        represents=(Span(MIDNIGHT - timedelta(days=1), None),),
    )


def _of_age_before_the_answer(facts: Facts) -> Facts:
    """And whoever was asked to be the other parent answers, as the child comes of age."""
    return replace(_of_age_at_home(facts), wish=Wish.JOIN, invited=True, represents=())


_UNLIKELY = (_of_age_in_an_emergency, _of_age_at_home, _of_age_before_the_answer)


@pytest.mark.long
def test_every_mistake_in_the_rules_is_found_out() -> None:
    chance = Random("mutants")
    facts = [a_case(chance) for _ in range(max(cases(15_000), 15_000))]
    facts += [unlikely(each) for unlikely in _UNLIKELY for each in facts[:100]]
    answers = [oracle.answer(each) for each in facts]
    assert not found_out(rules.decide, facts, answers), "as they are, the rules are right"
    tree = ast.parse(inspect.getsource(rules))
    made = list(mutants(tree))
    assert len(made) > 100
    alive = [what for what, mutant in made if not found_out(loaded(mutant), facts, answers)]
    assert sorted(set(alive)) == sorted(HARMLESS)
