"""The summary of a profile as it is printed: what is chosen, in the person's own order, whose words each line is; and
fewer lines a section where two pages do not hold all, never without saying so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from carnet.formats.clinical.model import Kind
from carnet.health import profile as health
from carnet.health import results, treatments
from carnet.health.profile import Own, Profile, Word
from carnet.health.queries import Line
from carnet.health.results import Series
from carnet.health.sections import ADDED_TO, KINDS, Section
from carnet.health.treatment_rules import Group, Intake
from carnet.health.vaccinations import Card, Given, card
from carnet.kernel import clock
from carnet.kernel.typeset import Pdf
from carnet.records.queries import existence
from carnet.records.rules import Identity
from carnet.web import i18n, printed
from carnet.web.about import about
from carnet.web.i18n import birth, day, filled, gettext, ngettext, short_day
from carnet.web.patient import result_words, vaccinations
from carnet.web.patient.health_rows import Shown, Subject, Voice, day_of, must_know, shown_section, voice_of, whose
from carnet.web.patient.health_words import SECTIONS
from carnet.web.patient.privacy_state import settings
from carnet.web.patient.visit import Visit
from carnet.web.words import marked, profession

__all__ = ["EXTRAS", "Choice", "Part", "Printed", "Wanted", "choices", "name_of", "printed_of", "traits"]

PAGES: Final = 2
_LINES: Final = 120
"""More of one section than two pages hold."""
VACCINES, RESULTS = "vaccins", "resultats"
EXTRAS: Final[Mapping[str, str]] = {
    VACCINES: marked("Vaccinations reçues"),
    RESULTS: marked("Derniers résultats d'analyses"),
}
_KINDS: Final = {
    "professional": marked("Soignant"),
    "document": marked("Document"),
    "person": marked("La personne"),
}
_LEGEND: Final = {
    "professional": marked("dit par un soignant dans Carnet"),
    "document": marked("lu dans un document de soins"),
    "person": marked("dit par la personne ou un proche"),
}
_SEXES: Final = {"F": marked("Féminin"), "M": marked("Masculin"), "U": marked("Inconnu"), "I": marked("Inconnu")}
# The page is read by others: « Mes soignants » is the person's own word.
_TITLES: Final = {
    Section.PROFESSIONALS: marked("Soignants"),
    Section.ENTOURAGE: marked("Entourage"),
    Section.WISHES: marked("Volontés"),
}
_TREATED: Final = KINDS[Section.TREATMENTS]
_LONGEST: Final = 220


@dataclass(frozen=True, slots=True)
class Wanted:
    """`parts`: names of sections, and of `EXTRAS`. `masked`: with what the person masks, for their own paper."""

    parts: frozenset[str]
    language: str = i18n.FRENCH
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """`kept` of `total` lines are printed."""

    title: str
    kept: int
    total: int


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int
    title: str
    parts: tuple[Part, ...]

    @property
    def cut(self) -> tuple[Part, ...]:
        return tuple(each for each in self.parts if each.kept < each.total)


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    french: bool
    more: tuple[str, ...]
    sources: tuple[tuple[str, str], ...] = ()
    masked: bool = False
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    """`answer`: « je n'en ai pas » or « je ne sais pas », as the person said it. `columns`: a word and a width for
    each before that of who says it, which is there if `sourced`."""

    title: str
    rows: tuple[_Row, ...] = ()
    answer: str = ""
    columns: tuple[tuple[str, int], ...] = ()
    sourced: bool = True


def choices(order: Sequence[Section]) -> list[Choice]:
    found = [Choice(each.value, about(SECTIONS[each].title)) for each in order if each is not Section.ALLERGIES]
    return [*found, *(Choice(name, gettext(title)) for name, title in EXTRAS.items())]


def printed_of(visit: Visit, wanted: Wanted) -> Printed:
    """In the language that is wanted. Allergies come first and are all there, chosen or not; so is whom to call."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, for_others=not wanted.masked)
    holder = existence(visit.actor, visit.record_id)
    assert holder is not None  # noqa: S101  (the profile was read)
    with i18n.use(wanted.language):
        sections = list(_sections(visit, told, wanted))
        told_of = [each for each in sections if each.rows or each.answer]
        unknown = [each.title for each in sections if each not in told_of]
        base = _base(holder.identity, wanted.language, told) | {"unknown": unknown}
        made, fold = _fitted(base, told_of, visit.record_id)
        parts = tuple(Part(each.title, min(fold, len(each.rows)), len(each.rows)) for each in sections)
        return Printed(made.content, made.pages, base["title"], parts)


def _fitted(base: dict[str, Any], sections: Sequence[_Section], whose: UUID) -> tuple[Pdf, int]:
    """With as many lines a section as two pages hold; and how many these are. One line of each stays in any case."""

    def made(fold: int) -> Pdf:
        data = base | {"sections": [_folded(each, fold) for each in sections]}
        return printed.made("summary", data, at=clock.now(), whose=whose)

    most = min(max((len(each.rows) for each in sections), default=1), _LINES)
    whole = made(most)
    if whole.pages <= PAGES or most <= 1:
        return whole, most
    fold = _fold_for(sections, _lines(sections, most) * PAGES // whole.pages)
    best = made(fold)
    while best.pages > PAGES and fold > 1:
        fold -= 1
        best = made(fold)
    while best.pages <= PAGES and fold + 1 < most and (more := made(fold + 1)).pages <= PAGES:
        best, fold = more, fold + 1
    return best, fold


def _lines(sections: Sequence[_Section], fold: int) -> int:
    return sum(min(fold, len(each.rows)) for each in sections)


def _fold_for(sections: Sequence[_Section], wanted: int) -> int:
    """A first guess, for each try sets two pages: the most by which there are no more lines than that."""
    return max((fold for fold in range(1, _LINES) if _lines(sections, fold) <= wanted), default=1)


def _folded(section: _Section, most: int) -> dict[str, Any]:
    left = len(section.rows) - most
    more = ngettext("et %(count)s autre, dans le carnet", "et %(count)s autres, dans le carnet", left)
    return {
        "title": section.title,
        "rows": [_row(each) for each in section.rows[:most]],
        "more": more % {"count": left} if left > 0 else "",
        "answer": section.answer,
        "columns": [words for words, _ in section.columns] or [gettext("Ce qui est dit")],
        "widths": [width for _, width in section.columns] or [1],
        "sourced": section.sourced,
    }


def _row(row: _Row) -> dict[str, Any]:
    return {
        "text": row.text,
        "french": row.french,
        "more": [_short(each) for each in row.more if each],
        "sources": [{"kind": kind, "what": gettext(_KINDS[kind]), "who": who} for kind, who in row.sources],
        "masked": row.masked,
        "cells": row.cells,
    }


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _base(who: Identity, language: str, told: Profile) -> dict[str, Any]:
    now = clock.now()
    title, name = gettext("Synthèse de santé"), name_of(who)
    born = birth(who.birth_date)
    return {
        "lang": language,
        "title": title,
        "publisher": "Carnet",
        "subject": filled(gettext("Synthèse de santé de %(name)s, du %(day)s"), {"name": name, "day": day(now)}),
        "keywords": [],
        "running": f"{title} · {name}",
        "identity": gettext("Naissance : %(day)s") % {"day": born},
        "footer": gettext("Carnet · imprimé le %(day)s à %(hour)s") % {"day": day(now), "hour": i18n.hour(now)},
        "lead": gettext("Ce que le carnet de cette personne disait le %(day)s. Chaque ligne dit de qui elle vient.")
        % {"day": day(now)},
        "name": name,
        "traits": traits(who),
        "must": _must(told),
        "legend": [[kind, gettext(words)] for kind, words in _LEGEND.items()],
        "notes": [
            gettext(
                "Cette page reprend une partie du carnet. Elle ne conclut rien : ni diagnostic, ni avis. "
                "Ce qui n'y est pas peut exister, dans le carnet ou ailleurs."
            ),
            gettext("« Rien dans ce qui est montré ici » et « Non renseigné » ne veulent pas dire qu'il n'y a rien."),
        ],
        "words": {
            "page": gettext("Page"),
            "source": gettext("Par qui"),
            "unknown": gettext("Rien dans ce qui est montré ici"),
            "masked": gettext("masqué aux soignants"),
            "call": gettext("À prévenir"),
            "colon": gettext(" : ") if language == i18n.FRENCH else ": ",
        },
    }


def name_of(who: Identity) -> str:
    given = (who.used_given or who.birth_given).title()
    return f"{given} {(who.used_family or who.birth_family).upper()}"


def traits(who: Identity) -> list[list[str]]:
    found = [
        (gettext("Nom de naissance"), who.birth_family),
        (gettext("Prénoms de naissance"), who.birth_givens or who.birth_given),
        (gettext("Date de naissance"), birth(who.birth_date)),
        (gettext("Sexe"), gettext(_SEXES.get(who.sex, "")) if who.sex in _SEXES else ""),
        (gettext("Lieu de naissance (code)"), who.birth_place),
        (gettext("Matricule INS"), _spaced(who.ins)),
    ]
    return [[label, value or gettext("Non renseigné")] for label, value in found]


def _spaced(number: str) -> str:
    """1 85 03 75 056 123 45, as the card of the insurance has it."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(filter(None, (number[a:b] for a, b in pairwise(cuts))))


def _must(told: Profile) -> dict[str, Any]:
    shown = shown_section(told, Section.ALLERGIES, owns=True)
    named, answer = must_know([shown])
    # What others deny, or say that they do not know, stands below: it takes nothing from what somebody names.
    rows = [*named, *(each for each in shown.subjects if each not in named)]
    said = "" if rows or answer else gettext("Rien dans ce qui est montré ici.")
    people: dict[tuple[str, str], list[Word]] = {}
    for each in (*told.of(Own.TRUSTED), *told.of(Own.CONTACT)):
        people.setdefault((each.name.casefold(), "".join(filter(str.isdigit, each.phone))), []).append(each)
    return {
        "title": gettext("À savoir d'abord : allergies et intolérances"),
        "danger": bool(named),
        "rows": [_row(_subject(each)) for each in rows],
        "said": said,
        "answer": _answer(shown),
        "contacts": [_contact(each) for each in people.values()],
    }


def _contact(words: Sequence[Word]) -> str:
    """Somebody to call, once, whatever they were named for."""
    trusted = [gettext("personne de confiance")] if any(each.kind is Own.TRUSTED for each in words) else []
    relations = [each.relation for each in words if each.relation and each.kind is not Own.TRUSTED]
    roles = ", ".join(dict.fromkeys([*trusted, *relations]))
    return " · ".join(filter(None, (words[0].name, roles, words[0].phone)))


def _answer(shown: Shown) -> str:
    if shown.answer is None:
        return ""
    who = gettext("La personne") if shown.answer.who == gettext("Vous") else shown.answer.who
    return gettext("%(who)s a répondu le %(day)s : « %(text)s ».") % {
        "who": who,
        "day": short_day(shown.answer.at),
        "text": shown.answer.text,
    }


def _sections(visit: Visit, told: Profile, wanted: Wanted) -> Iterator[_Section]:
    for each in told.arrangement.order:
        if each.value in wanted.parts and each is not Section.ALLERGIES:
            yield _section(visit, told, each)
    others = not wanted.masked
    if VACCINES in wanted.parts:
        yield _vaccines(told, card(visit.actor, visit.purpose, visit.record_id, i18n.today(), for_others=others))
    if RESULTS in wanted.parts:
        asked = (visit.actor, visit.purpose, visit.record_id, Kind.RESULT)
        yield _results(results.latest(*asked, each=1, for_others=others))


def _section(visit: Visit, told: Profile, section: Section) -> _Section:
    title = gettext(_TITLES.get(section, SECTIONS[section].title))
    if section is Section.TREATMENTS:
        return _treated(told, title)
    if section in ADDED_TO:
        shown = shown_section(told, section, owns=True)
        return _Section(title, tuple(map(_subject, shown.subjects)), _answer(shown))
    if section is Section.PROFESSIONALS:
        columns = ((gettext("Soignant"), 2), (gettext("Profession et lieu"), 3))
        return _Section(title, tuple(_professionals(visit)), columns=columns, sourced=False)
    if section is Section.ENTOURAGE:
        return _Section(title, tuple(_around(told)))
    return _Section(title, tuple(_wishes(told)))


def _subject(subject: Subject) -> _Row:
    more = dict.fromkeys(each.more for each in subject.voices if each.more)
    state = dict.fromkeys(_state(each) for each in subject.voices)
    return _Row(
        subject.title,
        subject.foreign,
        (*more, *filter(None, state)),
        tuple(dict.fromkeys(_source(each) for each in subject.voices)),
        any(each.masked for each in subject.voices),
    )


def _state(voice: Voice) -> str:
    if voice.struck:
        return gettext("Corrigé depuis par son auteur")
    return gettext("Erreur signalée par la personne") if voice.reported else ""


def _source(voice: Voice) -> tuple[str, str]:
    who = "" if voice.who == gettext("Vous") else voice.who
    return voice.kind, ", ".join(filter(None, (who, _fixed(short_day(voice.at)))))


def _treated(told: Profile, title: str) -> _Section:
    lines = [line for line in told.lines if line.kind in _TREATED]
    by_fact = {line.fact: line for line in lines}
    groups = treatments.groups(lines, clock.now(), partial(whose, told), all_of_them=False, dated=partial(day_of, told))
    denied = replace(told, lines=tuple(line for line in lines if line.absence))
    shown = shown_section(denied, Section.TREATMENTS, owns=True)
    rows = [_group(told, each, each.current, by_fact) for each in groups if each.current]
    rows += [_group(told, each, each.planned, by_fact) for each in groups if each.planned]
    rows += [_subject(each) for each in shown.subjects]
    return _Section(title, tuple(rows), _answer(shown))


def _group(told: Profile, group: Group, lines: Sequence[Intake], by_fact: Mapping[Any, Line]) -> _Row:
    """Each strength by its own name with its own dose; what is only planned is told as such."""
    planned = lines == group.planned
    doses = group.planned_doses if planned else group.doses
    alone = len(doses) == 1
    each = doses[0][1] if alone else tuple(" : ".join(filter(None, (label, "; ".join(said)))) for label, said in doses)
    why = gettext("Pour : %(why)s") % {"why": ", ".join(group.reasons)} if group.reasons else ""
    differ = gettext("Les sources ne disent pas la même chose.") if group.differences and not planned else ""
    foreseen = gettext("Prévu ou proposé, pas commencé") if planned else ""
    voices = [voice_of(told, by_fact[line.fact], None, owns=True) for line in lines]
    return _Row(
        doses[0][0] if alone else group.name,
        french=True,
        more=tuple(filter(None, (foreseen, *each, why, differ))),
        sources=tuple(dict.fromkeys(map(_source, voices))),
        masked=any(voice.masked for voice in voices),
    )


def _professionals(visit: Visit) -> Iterator[_Row]:
    found = settings(visit)
    seen = set()
    for each in found.attending:
        seen.add(each.professional.id)
        where = (gettext("Médecin traitant"), each.professional.organisation)
        yield _Row(each.professional.name, french=False, more=(), cells=(", ".join(filter(None, where)),))
    for given in found.given:
        if given.professional and given.to.id not in seen and not given.secret:
            seen.add(given.to.id)
            more = (profession(given.professional.profession), given.professional.organisation)
            yield _Row(given.name, french=False, more=(), cells=(", ".join(filter(None, more)),))


def _around(told: Profile) -> Iterator[_Row]:
    for each in (*told.of(Own.TRUSTED), *told.of(Own.CONTACT)):
        role = gettext("Personne de confiance") if each.kind is Own.TRUSTED else gettext("Personne à prévenir")
        more = ", ".join(filter(None, (role, each.relation, each.phone)))
        yield _Row(each.name, french=False, more=(more,), sources=(_said(each),), masked=each.masked)


def _wishes(told: Profile) -> Iterator[_Row]:
    for kind, title in ((Own.DIRECTIVES, gettext("Directives anticipées")), (Own.ORGANS, gettext("Don d'organes"))):
        words = told.of(kind)
        for each in words:
            more = (_wish(each), each.words)
            yield _Row(title, french=False, more=more, sources=(_said(each),), masked=each.masked)


def _wish(word: Word) -> str:
    known = {
        "ecrites": gettext("J'ai écrit des directives anticipées."),
        "accord": gettext("Je suis d'accord pour donner mes organes."),
        "refus": gettext(
            "Je ne veux pas donner mes organes. Seul le registre national des refus, ou un écrit ou une parole à mes "
            "proches, fait foi."
        ),
    }
    if word.answer in known:
        return known[word.answer]
    if word.kind is Own.DIRECTIVES:
        return gettext("Je n'ai pas écrit de directives anticipées.")
    return gettext("Je n'ai pas décidé.")


def _said(word: Word) -> tuple[str, str]:
    return "person", _fixed(short_day(word.at))


def _vaccines(told: Profile, found: Card) -> _Section:
    """The newest first; what the person said and masked is not told, as everywhere else here."""
    done = [each for each in found.given.values() if each.done]
    newest = sorted(done, key=lambda each: (each.last is not None, each.last or i18n.today()), reverse=True)
    columns = ((gettext("Vaccin"), 5), (gettext("Date et lot"), 3), (gettext("Protège contre"), 5))
    return _Section(gettext(EXTRAS[VACCINES]), tuple(map(_vaccine, newest)), columns=columns)


def _vaccine(given: Given) -> _Row:
    lot = _fixed(gettext("lot %(lot)s") % {"lot": given.lot}) if given.lot else ""
    cells = (", ".join(filter(None, (vaccinations.moment(given), lot))), vaccinations.names_of(given.diseases))
    kind = "person" if given.declared else "document" if given.sources else "professional"
    return _Row(given.name, french=True, more=(), sources=((kind, ""),), cells=cells)


def _results(found: Iterable[Series]) -> _Section:
    """Those that our table knows first; what a laboratory measures beside them is not left out."""
    columns = ((gettext("Analyse"), 4), (gettext("Valeur"), 2), (gettext("Valeurs du laboratoire"), 3))
    told = sorted((each for each in found if each.last), key=lambda each: each.analyte is None)
    rows = [_result(each) for each in told]
    return _Section(gettext(EXTRAS[RESULTS]), tuple(rows), columns=columns)


def _result(series: Series) -> _Row:
    last = series.last or series.found[0]
    when = ", ".join(filter(None, (result_words.laboratory(last.entry), _fixed(result_words.moment(last.line)))))
    return _Row(
        result_words.name(series) or gettext("Sans nom"),
        french=series.analyte is None,
        more=(),
        sources=((last.line.said_by, when),),
        cells=(result_words.value(last.entry), result_words.range_words(last.entry)),
    )


def _fixed(moment: str) -> str:
    """A date stays on one line."""
    return moment.replace(" ", "\u00a0")
