"""Which type a professional's document may be: from its file's name, the first words of its text, what its author
deposits most, or their profession. A proposal that they see and change. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnet.formats.folding import fold

__all__ = ["TypeProposal", "Why", "propose_type"]


class Why(StrEnum):
    NAME = "name"
    WORDS = "words"
    HABIT = "habit"
    PROFESSION = "profession"


@dataclass(frozen=True, slots=True)
class TypeProposal:
    """`code` is "" where nothing suggests a type."""

    code: str = ""
    why: Why = Why.PROFESSION


# Words that tell a type, as `fold` writes them. Where several types are told, the one told most often; of equals the
# first of this table, which goes from the most telling to the least.
_WORDS: Final = (
    ("PRESC-AAT", "arret de travail, avis d'arret"),
    ("PRESC-KINE", "masso-kinesitherapie, seances de kinesitherapie, seances de reeducation, kinesitherapie"),
    ("PRESC-INF", "soins infirmiers, actes infirmiers, infirmiere a domicile, ide a domicile"),
    ("PRESC-BIO", "prescription de biologie, ordonnance de biologie, bilan a realiser"),
    ("55115-0", "demande d'imagerie, demande d'examen d'imagerie, prescription d'imagerie"),
    ("57833-6", "ordonnance, ordonnances, prescription, posologie, comprime, comprimes, qsp, renouvelable"),
    ("56445-0", "bilan medicamenteux, bilan partage de medication"),
    ("78601-2", "entretien pharmaceutique"),
    ("60593-1", "dispensation, delivrance"),
    ("87273-9", "vaccin, vaccination, vaccine, vaccinee, injection vaccinale"),
    ("34749-2", "consultation d'anesthesie, pre-anesthesique, preanesthesique"),
    ("77436-4", "anesthesie, feuille d'anesthesie"),
    ("34874-8", "operatoire, compte rendu operatoire, intervention chirurgicale"),
    ("34794-8", "concertation pluridisciplinaire, rcp"),
    ("60568-3", "anatomie pathologique, anatomopathologique, cytologie, biopsie, histologie"),
    ("11490-0", "lettre de liaison, lettre de sortie"),
    ("15507-7", "passage aux urgences, service des urgences"),
    ("34112-3", "compte rendu d'hospitalisation, hospitalisation, hospitalise, hospitalisee, cr hospitalisation"),
    ("15508-5", "accouchement"),
    ("89233-1", "grossesse, suivi de grossesse, amenorrhee"),
    ("28617-9", "bilan bucco-dentaire, bucco-dentaire, detartrage"),
    ("18748-4", "scanner, irm, radio, radiographie, echographie, tdm, doppler, imagerie, scintigraphie, mammographie"),
    (
        "11502-2",
        "biologie, laboratoire, hemogramme, nfs, glycemie, ionogramme, bilan sanguin, analyses, valeurs de reference",
    ),
    ("89601-9", "certificat, certifie, aptitude, soussigne"),
    ("PROT_ALD", "protocole de soins, ald"),
    ("60591-5", "synthese medicale, volet de synthese"),
    ("29274-8", "signes vitaux, constantes"),
    ("47420-5", "bilan fonctionnel, bilan diagnostic kinesitherapique"),
    ("11506-3", "suivi infirmier, pansement, transmissions"),
    ("96349-6", "cher confrere, chere consoeur, je vous adresse, adressage, courrier, merci de recevoir"),
    ("11488-4", "consultation, visite, motif, examen clinique, conduite a tenir"),
)
_PATTERNS: Final = tuple(
    (code, re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words.split(", "))) + r")(?!\w)"))
    for code, words in _WORDS
)
_START: Final = 4000
_TWICE: Final = 2


def propose_type(name: str, text: str, habits: Mapping[str, int], usual: str) -> TypeProposal:
    """`habits`: how often the author deposited each type; `usual`: what their profession writes most."""
    spoken = _told(re.sub(r"[_+.()-]+", " ", name))
    if spoken:
        return TypeProposal(_best(spoken, habits), Why.NAME)
    words = _told(text[:_START])
    if words:
        return TypeProposal(_best(words, habits), Why.WORDS)
    often = max(habits, key=lambda code: habits[code], default="")
    if often and habits[often] >= _TWICE:
        return TypeProposal(often, Why.HABIT)
    return TypeProposal(usual, Why.PROFESSION)


def _told(text: str) -> dict[str, int]:
    folded = fold(text)
    counted = {code: len(pattern.findall(folded)) for code, pattern in _PATTERNS}
    return {code: count for code, count in counted.items() if count}


def _best(told: Mapping[str, int], habits: Mapping[str, int]) -> str:
    """Of types told as often, the one that the author deposits more; then the more telling one."""
    return max(told, key=lambda code: (told[code], habits.get(code, 0)))
