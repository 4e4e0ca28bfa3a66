"""What is new since the last visit: one list, by its weight for the profession. What one document brought is one line;
the same document twice, and papers of the administration, are folded under a count. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from carnet.formats.clinical.model import Kind
from carnet.formats.terminology import analytes
from carnet.health import flags, trends
from carnet.health.profile import SourceDocument
from carnet.health.screen import Changed, News, Paper
from carnet.web import words
from carnet.web.i18n import gettext, ngettext
from carnet.web.patient.fact_words import KINDS, standing
from carnet.web.pro.screen.items import address, numeric
from carnet.web.pro.screen.views import View
from carnet.web.reading import rendering

__all__ = ["New", "Told", "of"]

_FEW: Final = 8
_MOST_NAMED: Final = 3
_CORRECTED: Final = 25
_SAID: Final = 10


@dataclass(frozen=True, slots=True)
class New:
    """`times`: of how many alike it stands. `corrects`: it says something otherwise than before; `withdraws`: that it
    holds no longer."""

    title: str
    more: str
    day: str
    href: str
    source: str
    times: int = 1
    corrects: bool = False
    withdraws: bool = False
    outside: bool = False
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be one line, before its words: of hundreds, those that are shown alone are worded. `kind`: of a paper,
    its type where the title does not say it. `form`: what the same paper has alike besides; `ids`: of the facts that it
    brought."""

    title: str
    day: str
    href: str
    source: str
    at: datetime
    weight: int
    facts: Sequence[Changed]
    ids: frozenset[UUID]
    kind: str = ""
    of_people: bool = False
    form: tuple[object, ...] = ()
    times: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """`rest`: how many more there are than `rows`; `folded`: papers of the administration, by category.
    `cut`: older facts than those that were looked at may be new too."""

    since: datetime
    rows: tuple[New, ...]
    rest: int
    folded: tuple[str, ...]
    cut: bool = False


def of(
    news: News,
    documents: Mapping[UUID, SourceDocument],
    view: View,
    fold: frozenset[str],
    base: str,
    *,
    every: bool = False,
) -> Told | None:
    """None for who was never here: to them all is new."""
    if news.since is None:
        return None
    by_source: dict[UUID, list[Changed]] = {}
    for each in news.facts:
        by_source.setdefault(each.source_id, []).append(each)
    papers = [each for each in news.papers if not each.is_one_of(fold)]
    named = {each.line.id for each in news.papers}
    found = [
        *(_paper(each, by_source.get(each.line.id, ()), view, base) for each in papers),
        *_later(by_source, named, documents, view, base),
    ]
    ordered = sorted(_once(found), key=lambda each: (-each.weight, -each.at.timestamp(), each.title))
    shown = tuple(_worded(each, view) for each in (ordered if every else ordered[:_FEW]))
    return Told(news.since, shown, len(ordered) - len(shown), tuple(_folded(news.papers, fold)), news.cut)


def _paper(paper: Paper, facts: Sequence[Changed], view: View, base: str) -> _Found:
    line = paper.line
    return _Found(
        title=rendering.visible(line.title) or words.document_type(line.type_label),
        day=numeric(paper.at),
        href=address(base, line.id),
        source=words.author(line.author_label) or line.organisation_label,
        at=line.deposited_at,
        weight=_weight(facts, view) + _of_paper(paper, view),
        facts=facts,
        ids=frozenset(each.fact for each in facts),
        kind=line.type_label if line.title and line.title != line.type_label else "",
        form=(line.type_label, line.media_type, line.size),
    )


def _later(
    by_source: Mapping[UUID, Sequence[Changed]],
    named: set[UUID],
    documents: Mapping[UUID, SourceDocument],
    view: View,
    base: str,
) -> Iterator[_Found]:
    """What was read of documents that were there before, and what people said themselves."""
    for source, facts in by_source.items():
        if source in named:
            continue
        document = documents.get(source)
        first = facts[0]
        yield _Found(
            title=rendering.visible(document.title) if document and document.title else _name(first),
            day=numeric(document.at if document else first.since or first.known_at),
            href=address(base, source) if document else "",
            source=document.who if document else _who(first),
            at=first.known_at,
            weight=_weight(facts, view) + (0 if document else _SAID),
            facts=facts,
            ids=frozenset(),
            of_people=document is None,
            form=tuple(_of_people(facts, view) if document is None else _said(facts, view)),
        )


def _worded(found: _Found, view: View) -> New:
    facts = found.facts
    said = _of_people(facts, view) if found.of_people else _said(facts, view)
    return New(
        title=found.title,
        more=". ".join([*([words.document_type(found.kind)] if found.kind else []), *said]),
        day=found.day,
        href=found.href,
        source=found.source,
        times=found.times,
        corrects=any(each.corrected or each.amends for each in facts),
        withdraws=any(each.called_off for each in facts),
        outside=any(map(_outside, facts)),
        flagged=any(map(_flagged, facts)),
    )


def _who(fact: Changed) -> str:
    return gettext("Noté par un soignant") if fact.said_by == "professional" else gettext("Dit par la personne")


def _name(fact: Changed) -> str:
    name = _analyte(fact) or fact.label or gettext(KINDS[fact.kind][0])
    state = standing(fact.state)
    return f"{name} ({state})" if state else name


def _of_people(facts: Sequence[Changed], view: View) -> Iterator[str]:
    yield gettext(KINDS[facts[0].kind][0])
    if len(facts) > 1:
        yield from _said(facts[1:], view)


def _said(facts: Sequence[Changed], view: View) -> Iterator[str]:
    """What it states, in a few words: how many results, those outside by name; what else, the heaviest for the
    profession first; what was corrected, and what holds no longer."""
    holds = [each for each in facts if not each.corrected and not each.called_off]
    results = [each for each in holds if each.kind is Kind.RESULT]
    if results:
        count = ngettext("%(count)s résultat", "%(count)s résultats", len(results)) % {"count": len(results)}
        out, flagged = list(filter(_outside, results)), list(filter(_flagged, results))
        yield ", ".join([count, *([_out(out)] if out else []), *([_by_laboratory(flagged)] if flagged else [])])
    others = [each for each in holds if each.kind not in {Kind.RESULT, Kind.ENCOUNTER}]
    kinds = sorted(_by_kind(others).items(), key=lambda each: -view.weights.get(each[0], 0))
    for kind, alike in kinds:
        yield f"{gettext(KINDS[kind][0])} : {_names(alike)}"
    changed = [each for each in facts if each.corrected]
    if changed:
        yield gettext("Corrige : %(what)s") % {"what": _names(changed)}
    off = [each for each in facts if each.called_off]
    if off:
        yield gettext("N'est plus valable : %(what)s") % {"what": _names(off)}


def _out(out: Sequence[Changed]) -> str:
    words_ = ngettext(
        "%(count)s hors des valeurs du laboratoire", "%(count)s hors des valeurs du laboratoire", len(out)
    )
    return f"{words_ % {'count': len(out)}} ({_names(out)})"


def _by_laboratory(flagged: Sequence[Changed]) -> str:
    words_ = ngettext("%(count)s signalé par le laboratoire", "%(count)s signalés par le laboratoire", len(flagged))
    return f"{words_ % {'count': len(flagged)}} ({_names(flagged)})"


def _names(facts: Sequence[Changed]) -> str:
    names = list(dict.fromkeys(map(_name, facts)))
    rest = len(names) - _MOST_NAMED
    return ", ".join([*names[:_MOST_NAMED], *([f"+ {rest}"] if rest > 0 else [])])


def _by_kind(facts: Iterable[Changed]) -> dict[Kind, list[Changed]]:
    found: dict[Kind, list[Changed]] = {}
    for each in facts:
        found.setdefault(each.kind, []).append(each)
    return found


def _analyte(fact: Changed) -> str:
    if not fact.series.startswith("analyte:"):
        return ""
    known = analytes.by_key(fact.series.removeprefix("analyte:"))
    return known.short if known else ""


def _outside(fact: Changed) -> bool:
    """A value that holds; one that was called off lies nowhere."""
    holds = fact.kind is Kind.RESULT and not fact.called_off
    return holds and trends.outside(fact.value, fact.comparator, fact.low, fact.high)


def _flagged(fact: Changed) -> bool:
    """By the laboratory's own word, where its range does not say it."""
    return _is_flagged(fact) and not _outside(fact)


def _is_flagged(fact: Changed) -> bool:
    holds = fact.kind is Kind.RESULT and not fact.called_off
    return holds and flags.of_code(fact.interpretation) is not None


def _weight(facts: Sequence[Changed], view: View) -> int:
    """Its heaviest fact, with what each result outside, or flagged, adds."""
    heaviest = corrected = striking = 0
    for each in facts:
        heaviest = max(heaviest, view.weights.get(each.kind, 0))
        if each.corrected or each.called_off or each.amends:
            corrected = _CORRECTED
        striking += _is_flagged(each) or _outside(each)
    return heaviest + corrected + view.outside * striking


def _of_paper(paper: Paper, view: View) -> int:
    if paper.type is None:
        return 0
    weights = view.paper_weights
    return weights.get(paper.type.code, weights.get(paper.type.category, 0))


def _once(found: Iterable[_Found]) -> list[_Found]:
    """The same paper from the same house about the same day is one line, when the one brought nothing that the other
    did not: two results of one day are two."""
    kept: list[_Found] = []
    alike: dict[tuple[object, ...], list[int]] = {}
    for each in found:
        places = alike.setdefault((each.title.casefold(), each.day, each.source.casefold(), each.form), [])
        place = next((one for one in places if _one_holds_the_other(kept[one].ids, each.ids)), None)
        if place is None:
            places.append(len(kept))
            kept.append(each)
        else:
            known = kept[place]
            heavier = max(known, each, key=lambda one: (one.weight, one.at))
            kept[place] = replace(heavier, times=known.times + 1, ids=known.ids | each.ids)
    return kept


def _one_holds_the_other(one: frozenset[UUID], other: frozenset[UUID]) -> bool:
    return one <= other or other <= one


def _folded(papers: Iterable[Paper], fold: frozenset[str]) -> Iterator[str]:
    counts = Counter(each.line.category_label for each in papers if each.is_one_of(fold))
    for label, count in counts.items():
        yield gettext("%(name)s : %(count)s") % {"name": words.category(label), "count": count}
