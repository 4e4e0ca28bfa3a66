"""The acts of a record's life in words that fit whoever reads them."""

from __future__ import annotations

from typing import Final

from carnet.records.rules import Act, RecordState
from carnet.web.i18n import gettext
from carnet.web.words import marked

_DONE: Final = {
    Act.OPEN: marked("Carnet créé, six semaines après l'information"),
    Act.OPPOSE: marked("Refus du carnet enregistré"),
    Act.CREATE: marked("Carnet créé à la demande de la personne"),
    Act.ACTIVATE: marked("Carnet activé"),
    Act.CLOSE: marked("Carnet fermé"),
    Act.REOPEN: marked("Carnet rouvert"),
    Act.ASK_ERASING: marked("Effacement demandé, carnet fermé"),
    Act.WITHDRAW_ERASING: marked("Demande d'effacement annulée, carnet fermé"),
    Act.SUSPEND: marked("Carnet suspendu"),
    Act.RESUME: marked("Fin de la suspension"),
    Act.RECORD_DEATH: marked("Décès enregistré, carnet fermé"),
    Act.UNDO_DEATH: marked("Décès enregistré par erreur : carnet remis comme avant"),
    Act.GRANT_HEIRS: marked("Demande d'un proche acceptée"),
    Act.REFUSE_HEIRS: marked("Demande d'un proche refusée"),
    Act.JOIN: marked("Carnet réuni à l'autre carnet de la personne"),
}
STATES: Final = {
    RecordState.INFORMED: marked("Annoncé, pas encore ouvert"),
    RecordState.UNOPENED: marked("Ouvert, jamais activé"),
    RecordState.ACTIVE: marked("Ouvert"),
    RecordState.OPPOSED: marked("Refusé"),
    RecordState.CLOSED: marked("Fermé"),
    RecordState.SUSPENDED: marked("Suspendu"),
    RecordState.DECEASED: marked("Fermé après un décès"),
    RecordState.JOINED: marked("Réuni à un autre"),
}


def done_sentence(act: Act) -> str:
    return gettext(_DONE[act])


def state(of: RecordState) -> str:
    return gettext(STATES[of])
