"""The conformance report of software, for its publisher and for operators: what it does right, what not and why, and
what production asks for."""

from __future__ import annotations

from typing import Any, Final

from carnet.api.conformance import faults_of
from carnet.apps.conformance import Line, Report
from carnet.kernel import clock
from carnet.web.i18n import gettext
from carnet.web.words import marked

NAMES: Final = {
    "token": marked("Demander un jeton"),
    "token-professional": marked("Demander un jeton pour un professionnel"),
    "token-exchange": marked("Échanger un jeton de Pro Santé Connect"),
    "smart-launch": marked("S'ouvrir dans un navigateur et échanger son code"),
    "smart-refresh": marked("Renouveler son jeton"),
    "td0.2": marked("Demander si un carnet existe"),
    "validate": marked("Faire vérifier sans déposer"),
    "iti-65": marked("Déposer un lot de documents"),
    "iti-105": marked("Déposer un document"),
    "iti-106": marked("Déposer un document qui donne sa fiche"),
    "iti-66": marked("Chercher des lots et des classeurs"),
    "iti-67": marked("Chercher des documents"),
    "iti-68": marked("Ouvrir un document"),
    "read": marked("Lire la fiche d'un document"),
    "patient": marked("Lire l'identité du patient"),
    "td3.3": marked("Masquer, montrer, archiver ou retirer"),
    "withdraw": marked("Retirer son document en disant pourquoi"),
    "history": marked("Lire les versions d'une fiche"),
    "entries": marked("Lire les informations structurées"),
    "summary": marked("Demander la synthèse"),
    "everything": marked("Demander le carnet entier"),
    "new-since": marked("Demander ce qui est nouveau"),
    "consent": marked("Déclarer ou terminer un accord"),
    "audit": marked("Lire le journal d'un carnet"),
    "subscription": marked("S'abonner aux changements"),
    "notification": marked("Recevoir une annonce et y répondre"),
    "appointment": marked("Préparer la journée d'un professionnel"),
}


def context(report: Report) -> dict[str, Any]:
    """What the table of both faces shows."""
    return {
        "lines": [
            {"line": each, "name": gettext(NAMES[each.interaction]), "faults": faults_of(each)}
            for each in report.lines
            if _matters(each)
        ],
        "others": [gettext(NAMES[each.interaction]) for each in report.lines if not _matters(each)],
        "missing": [gettext(NAMES[each.interaction]) for each in report.missing],
        "ready": report.ready,
        "today": clock.now(),
    }


def _matters(line: Line) -> bool:
    return line.needed or line.state != "never"
