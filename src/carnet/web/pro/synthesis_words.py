"""The words of a medical summary: its chapters as their author reads them, and what follows from an inclusion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnet.formats.cda.build.vsm import Part
from carnet.web.words import marked

__all__ = ["CONSEQUENCES", "EXAMPLES", "KEPT_FROM", "MORE", "OTHERWISE", "TITLES", "VOICES"]

TITLES: Final[Mapping[Part, str]] = {
    Part.ALLERGIES: marked("Allergies et hypersensibilités"),
    Part.PROBLEMS: marked("Pathologies en cours"),
    Part.HISTORY: marked("Antécédents médicaux"),
    Part.PROCEDURES: marked("Antécédents chirurgicaux et actes"),
    Part.FAMILY: marked("Antécédents familiaux"),
    Part.TREATMENTS: marked("Traitements au long cours"),
    Part.LIFE: marked("Mode de vie"),
    Part.RISKS: marked("Facteurs de risque professionnels"),
    Part.WATCH: marked("Points de vigilance"),
    Part.RESULTS: marked("Résultats à retenir"),
    Part.MEASURES: marked("Mesures"),
    Part.VACCINATIONS: marked("Vaccinations"),
    Part.PREGNANCIES: marked("Grossesses"),
    Part.FUNCTION: marked("Autonomie"),
    Part.DEVICES: marked("Dispositifs médicaux"),
    Part.PLAN: marked("Suivi et remarques"),
}
EXAMPLES: Final[Mapping[Part, str]] = {
    Part.ALLERGIES: marked("Par exemple : amoxicilline, arachide, latex"),
    Part.PROBLEMS: marked("Par exemple : hypertension artérielle"),
    Part.HISTORY: marked("Par exemple : pneumopathie"),
    Part.PROCEDURES: marked("Par exemple : appendicectomie"),
    Part.FAMILY: marked("Par exemple : cancer du sein"),
    Part.TREATMENTS: marked("Nom du médicament ou de la substance"),
    Part.LIFE: marked("Par exemple : tabac"),
    Part.RESULTS: marked("Par exemple : échographie cardiaque"),
    Part.VACCINATIONS: marked("Par exemple : DTP"),
    Part.PREGNANCIES: marked("Par exemple : grossesse"),
    Part.FUNCTION: marked("Par exemple : marche"),
    Part.DEVICES: marked("Par exemple : stimulateur cardiaque"),
}
# What is asked beside the name of a line that is added.
MORE: Final[Mapping[Part, str]] = {
    Part.ALLERGIES: marked("Réaction (facultatif)"),
    Part.TREATMENTS: marked("Posologie (facultatif)"),
    Part.LIFE: marked("Ce que vous avez noté"),
    Part.RESULTS: marked("Résultat"),
    Part.PREGNANCIES: marked("Ce que vous avez noté"),
    Part.FUNCTION: marked("Ce que vous avez noté"),
}
OTHERWISE: Final = marked("Une précision (facultatif)")
VOICES: Final[Mapping[str, str]] = {
    "person": marked("Dit par la personne"),
    "professional": marked("Noté par un professionnel"),
    "document": marked("Lu dans un document"),
}
# Why a line is not proposed to be told to others, by label.
KEPT_FROM: Final[Mapping[str, str]] = {
    "MASQUE_PS": marked("Masqué aux autres professionnels"),
    "INVISIBLE_PATIENT": marked("Pas encore annoncé au patient"),
    "INVISIBLE_REPRESENTANTS_LEGAUX": marked("Secret vis-à-vis des représentants légaux"),
}
# What follows for the whole document.
CONSEQUENCES: Final[Mapping[str, str]] = {
    "MASQUE_PS": marked(
        "La synthèse entière sera masquée aux autres professionnels : seuls la personne, son médecin traitant et vous"
        " la liront."
    ),
    "INVISIBLE_PATIENT": marked(
        "La synthèse entière sera cachée au patient jusqu'à ce que vous la lui rendiez visible, un mois au plus."
    ),
    "INVISIBLE_REPRESENTANTS_LEGAUX": marked(
        "La synthèse entière sera cachée aux représentants légaux : ils n'en verront aucune trace."
    ),
}
