"""Whether something may be kept from who represents the person, and the words in which a professional is asked: to an
adult's doctor nothing is said of « parents »."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnet.consent.represented import guarded
from carnet.web.pro.visit import Visit
from carnet.web.words import marked


@dataclass(frozen=True, slots=True)
class Secrecy:
    """`label` and `hint` of the box beside what is put in; `consent` of the one at a declared consent; `emergency` of
    the one where the glass is broken, and `told` what holds there without it; `visit` to whom reads already."""

    label: str
    hint: str
    consent: str
    emergency: str
    told: str
    visit: str


_OF_MINOR: Final = Secrecy(
    label=marked("Secret du mineur vis-à-vis des parents"),
    hint=marked("À la demande de la personne mineure. Ses représentants n'en verront aucune trace."),
    consent=marked(
        "La personne mineure demande que ses parents ne le sachent pas : ils ne verront ni cet accord, ni vos lectures."
    ),
    emergency=marked(
        "La personne mineure demande que ses parents ne le sachent pas : ils ne verront ni cet accès, ni son motif."
    ),
    told=marked(
        "Ses parents le lisent aussi, sauf si vous cochez la case ci-dessous à la demande de la personne mineure."
    ),
    visit=marked(
        "À la demande de la personne mineure : ses parents ne verront aucune de vos lectures jusqu'à ce soir, ni "
        "celles des deux dernières heures. Elle-même les verra."
    ),
)
OF_ADULT: Final = Secrecy(
    label=marked("Secret vis-à-vis des représentants"),
    hint=marked("À la demande de la personne. Ses représentants n'en verront aucune trace."),
    consent=marked(
        "La personne demande que ses représentants ne le sachent pas : ils ne verront ni cet accord, ni vos lectures."
    ),
    emergency=marked(
        "La personne demande que ses représentants ne le sachent pas : ils ne verront ni cet accès, ni son motif."
    ),
    told=marked(
        "Ses représentants le lisent aussi, sauf si vous cochez la case ci-dessous à la demande de la personne."
    ),
    visit=marked(
        "À la demande de la personne : ses représentants ne verront aucune de vos lectures jusqu'à ce soir, ni "
        "celles des deux dernières heures. Elle-même les verra."
    ),
)


def of(visit: Visit) -> Secrecy | None:
    """None where nobody represents the person. It asks the database, of adults alone."""
    if visit.band.minor:
        return _OF_MINOR
    return OF_ADULT if guarded(visit.actor, visit.record_id) else None
