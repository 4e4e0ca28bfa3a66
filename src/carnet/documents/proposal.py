"""What a document that a person adds may be, from its file's name and the first words of its text: a proposal, which
the person changes. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from carnet.formats.folding import fold

_OTHERWISE: Final = "EXPPAT_2"
# Words that tell a type, as `fold` writes them. Where several types are told, the one told most often; of equals the
# first of this table, which goes from the most telling to the least.
_WORDS: Final = (
    ("EXPPAT_3", "directives anticipees, fin de vie"),
    ("EXPPAT_1", "personne de confiance, don d'organes, volontes"),
    ("DOCPAT06", "vaccin, vaccins, vaccination, vaccinations, depistage, mammographie"),
    ("DOCPAT04", "scanner, irm, radio, radiographie, echographie, tdm, doppler, imagerie, scintigraphie"),
    ("DOCPAT05", "analyse, analyses, biologie, laboratoire, prise de sang, bilan sanguin, hemogramme, glycemie, nfs"),
    (
        "DOCPAT02",
        "ordonnance, ordonnances, prescription, posologie, traitement, comprime, comprimes, protocole de soins",
    ),
    ("DOCPAT07", "certificat, aptitude, certifie, arret de travail, licence sportive"),
    (
        "DOCPAT03",
        "compte rendu, compte-rendu, consultation, hospitalisation, lettre de liaison, courrier, cher confrere",
    ),
    ("DOCPAT01", "synthese, antecedents, resume medical"),
    ("DOCPAT09", "attestation, mutuelle, carte vitale, facture, devis, remboursement, livret de famille"),
)
_PATTERNS: Final = tuple(
    (code, re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words.split(", "))) + r")(?!\w)"))
    for code, words in _WORDS
)
_NAME_COUNTS: Final = 5
"""A name was given by somebody: a word of it weighs as much as so many of the text."""

_START: Final = 4000
# What cameras, scanners and applications call every file.
_EMPTY_NAMES: Final = re.compile(
    r"(?:(?:img|image|photo|pic|dsc[nf]?|pxl|scan|scanned|numerisation|document|doc|fichier|file|screenshot|wa|mp|p|v"
    r"|whatsapp|signal|sans|titre|untitled|temp|tmp|pdf|jpe?g|png|tiff?|copie|copy)?\d*|[a-f0-9]{8,}|du|de|le|at|a)"
)
_DATES: Final = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_. ]?(?P<month>\d\d)[-_. ]?(?P<day>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d\d?)[-_. ](?P<month>\d\d?)[-_. ](?P<year>(?:19|20)\d\d)(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`title` is "" when the name tells nothing, `day` None when it holds no date."""

    type_code: str
    title: str
    day: date | None


def propose(name: str, text: str, today: date) -> Proposal:
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", name)
    return Proposal(_type(_spoken(stem), text), _title(stem), _day(stem, today))


def _type(name: str, text: str) -> str:
    folded, spoken = fold(text[:_START]), fold(name)
    told = {
        code: len(pattern.findall(folded)) + _NAME_COUNTS * len(pattern.findall(spoken)) for code, pattern in _PATTERNS
    }
    best = max(told, key=lambda code: told[code])
    return best if told[best] else _OTHERWISE


def _title(stem: str) -> str:
    """The name as a title, without its date and the device's numbers; "" when nothing is left that says something."""
    for pattern in _DATES:
        stem = pattern.sub(" ", stem)
    spoken = _spoken(stem)
    told = [word for word in re.split(r"[^\w']+", fold(spoken)) if word and not _EMPTY_NAMES.fullmatch(word)]
    return spoken[:1].upper() + spoken[1:] if told else ""


def _spoken(stem: str) -> str:
    return " ".join(re.sub(r"[_+]|-(?!\d)|(?<=\w)\.(?=\w)|\(\d+\)", " ", stem).split()).strip(" -.")


def _day(stem: str, today: date) -> date | None:
    for pattern in _DATES:
        for found in pattern.finditer(stem):
            with suppress(ValueError):
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
                if day <= today:
                    return day
    return None
