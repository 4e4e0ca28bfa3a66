"""Treatments that hold today as one list by substance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from carnet.formats.clinical import keys
from carnet.formats.clinical.model import Kind
from carnet.health import treatment_rules, treatments
from carnet.health.screen import Screen
from carnet.health.treatment_rules import Group
from carnet.web.i18n import gettext
from carnet.web.patient.health_rows import day_of, whose
from carnet.web.pro.screen.items import Item, numeric, source_of

__all__ = ["current"]

_KINDS: Final = (Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION)


def current(screen: Screen, base: str, now: datetime) -> list[Item]:
    profile = screen.profile(*_KINDS)
    groups = treatments.groups(
        profile.lines, now, partial(whose, profile), all_of_them=False, dated=partial(day_of, profile)
    )
    by_fact = {line.fact: line for line in profile.lines}
    found = []
    for group in groups:
        if group.current:
            lead = group.current[0]
            href, source = source_of(profile, by_fact[lead.fact], base)
            tag = _difference(group)
            found.append(Item(*_words(group), _end(group), href, source, tag, "warning" if tag else "", french=True))
    return [*found, *(each for group in groups for each in _planned(screen, group, base))]


def _planned(screen: Screen, group: Group, base: str) -> Iterator[Item]:
    """What is only proposed or foreseen, after what is taken."""
    profile = screen.profile(*_KINDS)
    by_fact = {line.fact: line for line in profile.lines}
    for each in group.planned:
        href, source = source_of(profile, by_fact[each.fact], base)
        tag = gettext("Prévu ou proposé, pas commencé")
        yield Item(each.label or each.name, each.dose, "", href, source, tag, "info", french=True)


def _words(group: Group) -> tuple[str, str]:
    """The medicine with every dose that holds; where several strengths of one substance hold, each with its own."""
    reason = gettext("pour : %(reason)s") % {"reason": ", ".join(group.reasons)} if group.reasons else ""
    doses = _doses(group)
    if len(doses) <= 1:
        label, dose = next(iter(doses.items()), (group.name, []))
        return label, ", ".join(filter(None, (" ; ".join(dose), reason)))
    each = [f"{label} : {' ; '.join(dose)}" if dose else label for label, dose in doses.items()]
    return group.name, " ; ".join(filter(None, (*each, reason)))


def _doses(group: Group) -> dict[str, list[str]]:
    """Of each label what is said of it, each once, in the order of the lines."""
    found: dict[str, list[str]] = {}
    for line in group.current:
        known = found.setdefault(line.label or group.name, [])
        if line.dose and keys.words(line.dose) not in map(keys.words, known):
            known.append(line.dose)
    return found


def _end(group: Group) -> str:
    """The last day, which `until` comes after."""
    ends = [each.until for each in group.current]
    known = [each for each in ends if each]
    if not known or len(known) < len(ends):
        return ""
    return gettext("fin %(day)s") % {"day": numeric(max(known) - timedelta(microseconds=1))}


def _difference(group: Group) -> str:
    kinds = {each.kind for each in group.differences}
    if treatment_rules.Kind.STOPPED in kinds:
        return gettext("Arrêté selon la personne")
    several = any(len(doses) > 1 for doses in _doses(group).values())
    return gettext("Doses différentes") if several or treatment_rules.Kind.DOSE in kinds else ""
