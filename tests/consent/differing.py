"""What a failure of a situation says: as much as it takes to understand it, by places instead of identifiers."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from carnet.consent import access
from carnet.consent.facts import Facts, Span, Wish
from carnet.consent.rules import decide
from carnet.kernel.actor import Actor, Purpose
from carnet.kernel.db import READER, query, statements
from tests.consent import oracle
from tests.consent.readers import DAY
from tests.consent.situations import Situation

_SQL = statements("carnet.consent")


def differs(
    s: Situation,
    actor: Actor,
    purpose: Purpose,
    way: str,
    expected: frozenset[UUID] | None,
    got: frozenset[UUID] | None,
) -> str:
    row = query(READER, _SQL["access_facts"], (s.patient.record_id, actor.id, actor.organisation))[0]
    told, found = s.facts(actor, purpose), access.facts_of(row, actor, purpose, Wish.READ)
    known = access._remembered.get(
        (actor.id, actor.organisation, actor.app, actor.regulates, purpose, s.patient.record_id)
    )
    remembered = known and (known.capacity, known.types.count("1"), known.hidden, known.until, known.record_epoch)
    return "\n".join(
        (
            f"situation {s.name}: {_reader(s, actor)} by {way}, {purpose.value}",
            f"  expected {_papers(s, expected)}, got {_papers(s, got)}",
            f"  oracle   {_short(oracle.answer(told))}",
            f"  decision {_short(decide(found))}",
            f"  permit   {remembered}; epoch of the record {row['record_epoch']}, of the actor {row['actor_epoch']}",
            *(f"  {line}" for line in _apart(told, found)),
            in_short(s),
        )
    )


def in_short(s: Situation) -> str:
    """What was done, each by its place in the cast."""
    papers = [(p.ordinal, p.labels, _place(s, p.depositor), p.day.isoformat(), p.author) for p in s.papers]
    given = [(to.kind, _place(s, to.id), _span(s, span), *flags) for to, span, *flags in s.given]
    lines = {
        "holder": f"{s.birth} {s.state.value}, represented {_span(s, s.represents)}",
        "papers": papers,
        "given": given,
        "blocked": [(_place(s, who), [_span(s, each) for each in spans]) for who, spans in s.blocked.items()],
        "attending": [(_place(s, who), _span(s, span)) for who, span in s.attending],
        "choices": s.choices,
        "broken": [(_place(s, who), purpose.value) for who, purpose in s.broken],
        "masks": list(s.masks.values()),
    }
    return "\n".join(f"  {name}: {value}" for name, value in lines.items())


def _apart(told: Facts, found: Facts) -> list[str]:
    """Facts that the test holds otherwise than the database; what stands in another order is the same."""
    names = [each.name for each in fields(Facts) if each.name not in {"now", "rules_until", "discreet", "visits"}]
    pairs = [(name, getattr(told, name), getattr(found, name)) for name in names]
    return [f"{name}: told {_short(a)}, found {_short(b)}" for name, a, b in pairs if a != b]


def _short(value: object) -> str:
    """Without the long rows of types."""
    text = repr(value).replace("datetime.datetime", "").replace(", tzinfo=datetime.timezone.utc", "")
    for bit in "01":
        text = text.replace(bit * 256, f"{bit}×256")
    return text


def _reader(s: Situation, actor: Actor) -> str:
    pro = s.cast.pros.get(actor.id)
    return f"{actor.kind.value} {_place(s, actor.id)}" + (f" ({pro.capacity.value})" if pro else "")


def _place(s: Situation, who: UUID) -> str:
    named = {s.patient.actor.id: "holder", s.parent.id: "parent"}
    groups = {"pro": s.cast.pros, "organisation": s.cast.organisations, "team": s.cast.teams}
    groups |= {"software": [each.id for each in s.cast.software], "stranger": [each.id for each in s.cast.strangers]}
    for kind, ids in groups.items():
        named |= {each: f"{kind} {number}" for number, each in enumerate(ids)}
    return named.get(who, str(who))


def _span(s: Situation, span: Span) -> str:
    """In days from when the situation was made."""
    days = [round((each - s.made) / DAY, 2) if each else None for each in (span.since, span.until)]
    return f"{days[0]}…{'' if days[1] is None else days[1]}"


def _papers(s: Situation, ids: frozenset[UUID] | None) -> str:
    if ids is None:
        return "a refusal"
    places = {paper.id: number for number, paper in enumerate(s.papers)}
    return str(sorted(places.get(each, -1) for each in ids))
