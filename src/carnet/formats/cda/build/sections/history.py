"""Problems, acts, allergies and measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from carnet.formats.cda.build.clinical import Act, Allergy, Measure, Problem
from carnet.formats.cda.build.codes import loinc
from carnet.formats.cda.build.entries.history import allergy, problem, procedure
from carnet.formats.cda.build.entries.measures import vital_signs
from carnet.formats.cda.build.text import Mark, Section, Table, tabled, with_marks
from carnet.formats.cda.build.words import number, printed


def measures(at: date, taken_then: Sequence[Measure]) -> Section:
    marked = with_marks(taken_then, "mesure")
    rows = tuple((measure.name, Mark(mark, f"{number(measure.value)} {measure.unit}")) for measure, mark in marked)
    return Section(
        loinc("8716-3", "Signes vitaux"),
        "Mesures",
        templates=("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.2", "1.2.250.1.213.1.1.2.158"),
        blocks=(Table(("Mesure", "Valeur"), rows),),
        entries=(partial(vital_signs, at=at, measures=marked),),
    )


def problems(facts: Sequence[Problem], title: str = "Maladies et problèmes de santé") -> Section:
    marked = with_marks(facts, "probleme")
    rows = tuple((printed(fact.since), Mark(mark, fact.code.display)) for fact, mark in marked)
    return Section(
        loinc("11450-4", "Liste des problèmes actifs"),
        title,
        templates=(
            "2.16.840.1.113883.10.20.1.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.6",
            "1.2.250.1.213.1.1.2.132",
        ),
        blocks=tabled(("Depuis", "Problème"), rows, "Aucun problème de santé connu."),
        entries=tuple(partial(problem, fact=fact, mark=mark) for fact, mark in marked),
    )


def past_history(facts: Sequence[Problem]) -> Section:
    marked = with_marks(facts, "antecedent")
    rows = tuple((printed(fact.since), Mark(mark, fact.code.display)) for fact, mark in marked)
    return Section(
        loinc("11348-0", "Antécédents médicaux"),
        "Antécédents médicaux",
        templates=("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134"),
        blocks=tabled(("Date", "Antécédent"), rows, "Aucun antécédent connu."),
        entries=tuple(partial(problem, fact=fact, mark=mark) for fact, mark in marked),
    )


def procedures(acts: Sequence[Act]) -> Section:
    marked = with_marks(acts, "acte")
    rows = tuple((printed(act.at), Mark(mark, act.code.display)) for act, mark in marked)
    return Section(
        loinc("47519-4", "Historique des actes"),
        "Opérations et actes",
        templates=(
            "2.16.840.1.113883.10.20.1.12",
            "1.3.6.1.4.1.19376.1.5.3.1.3.11",
            "1.3.6.1.4.1.19376.1.5.3.1.3.12",
            "1.2.250.1.213.1.1.2.136",
        ),
        blocks=tabled(("Date", "Acte"), rows, "Aucun acte connu."),
        entries=tuple(partial(procedure, act=act, mark=mark) for act, mark in marked),
    )


def allergies(facts: Sequence[Allergy]) -> Section:
    marked = with_marks(facts, "allergie")
    rows = tuple((Mark(mark, fact.agent.display), fact.reaction, printed(fact.since)) for fact, mark in marked)
    return Section(
        loinc("48765-2", "Allergies et hypersensibilités"),
        "Allergies",
        templates=(
            "2.16.840.1.113883.10.20.1.2",
            "1.3.6.1.4.1.19376.1.5.3.1.3.13",
            "1.2.250.1.213.1.1.2.137",
        ),
        blocks=tabled(("Allergie à", "Réaction", "Depuis"), rows, "Aucune allergie connue."),
        entries=tuple(partial(allergy, fact=fact, mark=mark) for fact, mark in marked),
    )
