"""What the schedule says, in words for the person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from carnet.health.schedule import Answer, Edition, Line, State, Why, Withheld, diseases
from carnet.health.schedule.edition import Words, edition_on
from carnet.health.vaccinations import Card, Given, Holder
from carnet.web.i18n import birth, day, gettext, language, today
from carnet.web.words import marked

STATES: Final = {
    State.COMPLETE: (marked("Complet"), "success", "circle-check"),
    State.UP_TO_DATE: (marked("À jour"), "success", "circle-check"),
    State.UPCOMING: (marked("À venir"), "", ""),
    State.DUE: (marked("À faire"), "warning", "vaccine"),
    State.LATE: (marked("En retard"), "warning", "alert-triangle"),
    State.OFFERED: (marked("Possible"), "", ""),
    State.ASK: (marked("Selon la situation"), "", ""),
    State.CONTRAINDICATED: (marked("Contre-indiqué"), "info", "info-circle"),
    State.REFUSED: (marked("Refusé"), "", ""),
    State.NOT_CONCERNED: (marked("Non concerné"), "", ""),
    State.UNKNOWN: (marked("À voir avec un soignant"), "info", "info-circle"),
}
"""Each state in a word, with the kind of its tag and its icon."""

_PREGNANT: Final = "pregnant"
_CHILDBEARING: Final = (10, 60)
_FAR: Final = timedelta(days=25 * 366)
_WHY: Final = {
    Why.BEFORE_BIRTH: marked("Ne compte pas : avant la naissance"),
    Why.FUTURE: marked("Ne compte pas : date à venir"),
    Why.TOO_YOUNG: marked("Ne compte pas : faite trop jeune"),
    Why.TOO_SOON: marked("Ne compte pas : trop près de la précédente"),
    Why.SAME_DAY: marked("Même jour que la précédente : comptée une fois"),
}


def told(words: Words) -> str:
    return words.fr if language() == "fr" else words.en


def of_line(line: Line | None) -> str:
    return told(line.words) if line else ""


def of_disease(key: str) -> str:
    found = diseases()[key]
    return found.fr if language() == "fr" else found.en


def listed(names: list[str]) -> str:
    """What several names begin with is said once; only the first keeps its capital, but for names and abbreviations."""
    shortened: list[str] = []
    for name in names:
        head, _, last = name.rpartition(" ")
        before = shortened[-1] if shortened else ""
        if head and len(last) == 1 and before.startswith(head):
            shortened[-1] = f"{before}, {last}"
        else:
            shortened.append(name)
    return ", ".join([*shortened[:1], *map(small, shortened[1:])])


def in_a_row(titles: list[str]) -> str:
    """« Rappel de 11 à 13 ans ; vaccin papillomavirus »."""
    return gettext(" ; ").join([*titles[:1], *map(small, titles[1:])])


def small(name: str) -> str:
    proper = name.startswith(("Haemophilus", "Covid")) or name[1:2].isupper()
    return name if proper else name[:1].lower() + name[1:]


def why(reason: Why | None) -> str:
    return gettext(_WHY[reason]) if reason else ""


def dose(number: int, of: int) -> str:
    return gettext("Dose %(number)s sur %(of)s.") % {"number": number, "of": of} if of > 1 and number else ""


def since(said: Answer) -> str:
    if said.since is None:
        return gettext("Recommandé dans cette situation.")
    if said.state is State.LATE and said.soonest:
        days = {"first": day(said.soonest), "day": day(said.since)}
        return gettext("Prévu dès le %(first)s, en retard depuis le %(day)s.") % days
    if said.line and said.line.campaign and said.until:
        last = said.until - timedelta(days=1)
        return gettext("Depuis le %(day)s, jusqu'au %(last)s environ.") % {"day": day(said.since), "last": day(last)}
    if said.until:
        last = said.until - timedelta(days=1)
        return gettext("À faire entre le %(day)s et le %(last)s.") % {"day": day(said.since), "last": day(last)}
    return gettext("À faire depuis le %(day)s.") % {"day": day(said.since)}


def nothing_known(said: Answer) -> list[str]:
    return [] if said.doses else [gettext("Aucune dose n'est connue ici.")]


def said(found: Card) -> str:
    """What somebody said of their situation, in the order of the schedule."""
    return _declared(found, found.situation)


def because(said: Answer, found: Card) -> str:
    """What somebody said of their situation, which this line is about."""
    groups = [each.facts for each in said.line.condition] if said.line else []
    facts = {fact for group in groups if found.situation.keys() >= set(group) for fact in group}
    return _declared(found, facts)


def _declared(found: Card, facts: Collection[str]) -> str:
    named = [small(told(words)) for fact, words in found.edition.sayable.items() if fact in facts]
    return gettext("Situation déclarée : %(what)s.") % {"what": gettext(" ; ").join(named)} if named else ""


def under(said: Answer) -> str:
    """Under the name of the disease: the rule that speaks."""
    if said.state is State.COMPLETE and said.asks:
        return gettext("Rien d'autre n'est prévu, sauf dans une situation dite plus bas")
    if said.state is State.COMPLETE:
        return gettext("Rien d'autre n'est prévu")
    if said.state in {State.UP_TO_DATE, State.UPCOMING} and said.soonest:
        if said.soonest > today() + _FAR:
            return gettext("Rien d'autre n'est prévu avant %(year)s") % {"year": said.soonest.year}
        return gettext("Prochain : %(line)s, %(when)s") % {"line": small(of_line(said.line)), "when": _when(said)}
    if said.line and said.line.booster:
        return of_line(said.line)
    return dose(said.number, said.of)


def next_dose(said: Answer) -> str:
    """On the stamp of what is not done yet."""
    if said.state in {State.DUE, State.LATE}:
        return gettext("Dès %(when)s") % {"when": _month(said.soonest)} if said.soonest else gettext("Maintenant")
    return ""


def _when(said: Answer) -> str:
    if said.soonest is None:
        return ""
    if said.soonest > today() + timedelta(days=2 * 366):
        return gettext("en %(year)s") % {"year": said.soonest.year}
    return gettext("dès le %(day)s") % {"day": day(said.soonest)}


def _month(at: date) -> str:
    return birth(f"{at:%Y-%m}")


def doubts(said: Answer) -> list[str]:
    known = edition_on(today()).doubts
    found = [told(known[each]) for each in known if each in said.doubts]
    if said.compulsory is None:
        found.append(told(known["cohort"]))
    return found


def withheld(said: Answer, given: Mapping[str, Given]) -> Iterator[str]:
    if said.withheld and (stated := given.get(said.withheld.key)):
        reason = f" : {stated.reason}" if stated.reason else ""
        when = day(said.withheld.day) if said.withheld.day else ""
        yield gettext("Noté par un soignant le %(day)s%(reason)s.") % {"day": when, "reason": reason}


def not_done(given: Given) -> str:
    """Why, as far as its code tells: to choose not to is nobody's fault."""
    match given.withheld:
        case Withheld.REFUSED:
            return gettext("Non faite, par choix")
        case Withheld.CONTRAINDICATED:
            return gettext("Non faite, car contre-indiquée")
    return gettext("Non faite")


def not_if(said: Answer, edition: Edition, holder: Holder) -> list[str]:
    """In what situations it must not be given. Nobody told whether they hold: they are said to all whom they may
    concern."""
    if not said.line:
        return []
    named = [fact for fact in edition.facts if fact in said.line.contraindicated]
    shown = [told(edition.facts[fact]) for fact in named if fact != _PREGNANT or may_be_pregnant(holder)]
    return [gettext("Contre-indiqué %(when)s.") % {"when": gettext(" ou ").join(shown)}] if shown else []


def may_be_pregnant(holder: Holder) -> bool:
    year = holder.birth_date[:4]
    age = today().year - int(year) if year.isdecimal() else _CHILDBEARING[0]
    return holder.sex != "M" and _CHILDBEARING[0] <= age <= _CHILDBEARING[1]


def asked(said: Answer, edition: Edition) -> str:
    """Of whom it is asked: the person knows whether they are."""
    start = gettext("peut être proposé à cet âge") if said.state is State.OFFERED else ""
    later = said.state is State.ASK and said.soonest
    when = gettext("à tous à partir du %(day)s") % {"day": day(said.soonest)} if later and said.soonest else ""
    return gettext(" ; ").join(filter(None, (start, *_situations(said, edition), when)))


def _situations(said: Answer, edition: Edition) -> Iterator[str]:
    """One for each group of people, of whom all that is asked holds, in the order of the schedule."""
    order = list(edition.facts)
    for facts in sorted(said.asks, key=lambda each: [order.index(fact) for fact in each]):
        yield gettext(" et ").join(told(edition.facts[each]) for each in facts)
