"""The words of « Ma santé »: its sections, and what each asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carnet.formats.clinical.model import Kind
from carnet.formats.terminology.choices import Of
from carnet.health.sections import Section
from carnet.web.words import marked

__all__ = ["HABITS", "RELATIONS", "SECTIONS", "UNSURE", "WHOSE", "Asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """`none`: the answer « je n'en ai pas », as a sentence. `what` asks for the thing itself; `of`: the list that helps
    to name it, and `such` some of its words, always French; `absent`: what IPS calls it ("" where it has no name)."""

    title: str
    icon: str
    empty: str
    add: str = ""
    what: str = ""
    example: str = ""
    none: str = ""
    kind: Kind | None = None
    of: Of | None = None
    absent: tuple[str, str] = ("", "")
    such: str = ""


SECTIONS: Final[Mapping[Section, Asked]] = {
    Section.PROBLEMS: Asked(
        marked("Problèmes de santé"),
        "heart-rate-monitor",
        marked("Rien n'est noté. Une maladie, même ancienne, aide vos soignants à bien vous soigner."),
        marked("Ajouter un problème de santé"),
        marked("Quel problème de santé ?"),
        "",
        marked("Je n'ai pas de problème de santé"),
        Kind.PROBLEM,
        Of.PROBLEM,
        ("no-known-problems", "no-problem-info"),
        "asthme, diabète de type 2",
    ),
    Section.TREATMENTS: Asked(
        marked("Traitements"),
        "pill",
        marked("Aucun traitement en cours n'est connu. Notez aussi ce que vous prenez sans ordonnance."),
        marked("Ajouter un traitement"),
        marked("Quel médicament prenez-vous ?"),
        marked("Son nom sur la boîte, ou sa substance : metformine"),
        marked("Je ne prends pas de médicament"),
        Kind.TREATMENT,
        Of.SUBSTANCE,
        ("no-known-medications", "no-medication-info"),
    ),
    Section.ALLERGIES: Asked(
        marked("Allergies et intolérances"),
        "alert-triangle",
        marked("Rien n'est noté. Dire que vous n'avez pas d'allergie est aussi une réponse utile."),
        marked("Ajouter une allergie"),
        marked("À quoi êtes-vous allergique ou intolérant ?"),
        "",
        marked("Je n'ai pas d'allergie connue"),
        Kind.ALLERGY,
        Of.ALLERGEN,
        ("no-known-allergies", "no-allergy-info"),
        "pénicillines, arachide, latex",
    ),
    Section.STAYS: Asked(
        marked("Hospitalisations et opérations"),
        "building-hospital",
        marked("Rien n'est noté. Une opération, même ancienne, compte avant une anesthésie."),
        marked("Ajouter une opération ou un séjour"),
        marked("Quelle opération, ou quel séjour à l'hôpital ?"),
        marked("Par exemple : appendicite, prothèse de hanche"),
        marked("Je n'ai jamais été opéré ni hospitalisé"),
        Kind.PROCEDURE,
        None,
        ("no-known-procedures", "no-procedure-info"),
    ),
    Section.NEEDS: Asked(
        marked("Handicap et besoins"),
        "users",
        marked("Rien n'est noté. Dites ici ce qui vous aide : un fauteuil, du temps, un interprète."),
        marked("Ajouter un besoin"),
        marked("De quoi avez-vous besoin, ou qu'est-ce qui vous gêne ?"),
        marked("Par exemple : je me déplace en fauteuil roulant"),
        marked("Je n'ai pas de besoin particulier"),
        Kind.FUNCTION,
    ),
    Section.FAMILY: Asked(
        marked("Maladies dans la famille"),
        "user",
        marked("Rien n'est noté. Certaines maladies se surveillent plus tôt quand un parent les a eues."),
        marked("Ajouter une maladie dans la famille"),
        marked("Quelle maladie ?"),
        "",
        marked("Il n'y en a pas dans ma famille proche"),
        Kind.FAMILY,
        Of.PROBLEM,
        such="cancer du sein, infarctus du myocarde",
    ),
    Section.LIFE: Asked(
        marked("Habitudes de vie"),
        "home",
        marked("Rien n'est noté. Vous n'êtes pas obligé de répondre."),
        marked("Ajouter une habitude"),
        marked("Dites-le avec vos mots"),
        marked("Par exemple : j'ai arrêté de fumer en 2019"),
        kind=Kind.SOCIAL,
    ),
    Section.PROFESSIONALS: Asked(
        marked("Mes soignants"), "stethoscope", marked("Vous n'avez autorisé aucun soignant.")
    ),
    Section.ENTOURAGE: Asked(
        marked("Mon entourage"), "users", marked("Personne n'est noté. Qui prévenir s'il vous arrive quelque chose ?")
    ),
    Section.WISHES: Asked(marked("Mes volontés"), "mail", marked("Rien n'est noté.")),
}
UNSURE: Final = marked("Je ne sais pas")

# Of `health.situations`, whose answers stand among the habits.
SITUATION: Final = marked("Situation pour les vaccins")

# HL7's RoleCode, as people say it.
RELATIONS: Final[Mapping[str, str]] = {
    "MTH": marked("Ma mère"),
    "FTH": marked("Mon père"),
    "SIS": marked("Ma sœur"),
    "BRO": marked("Mon frère"),
    "CHILD": marked("Mon enfant"),
    "GRPRN": marked("Un grand-parent"),
    "UNCLE": marked("Mon oncle"),
    "AUNT": marked("Ma tante"),
}
WHOSE: Final[Mapping[str, str]] = {
    "MTH": marked("Mère"),
    "FTH": marked("Père"),
    "SIS": marked("Sœur"),
    "BRO": marked("Frère"),
    "CHILD": marked("Enfant"),
    "GRPRN": marked("Grand-parent"),
    "UNCLE": marked("Oncle"),
    "AUNT": marked("Tante"),
}
# LOINC where it has the question.
HABITS: Final[Mapping[str, tuple[str, str]]] = {
    "tabac": ("72166-2", marked("Tabac")),
    "alcool": ("11331-6", marked("Alcool")),
    "activite": ("", marked("Activité physique")),
    "alimentation": ("", marked("Alimentation")),
    "sommeil": ("", marked("Sommeil")),
    "travail": ("11341-5", marked("Métier")),
    "autre": ("", marked("Autre")),
}
