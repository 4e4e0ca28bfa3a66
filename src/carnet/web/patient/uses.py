"""Single things that one may not want: each says what it changes, and since when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from carnet.records.rules import OptOut
from carnet.rights import choices
from carnet.web.about import about
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page
from carnet.web.words import marked

_ADDRESS: Final = "/confidentialite/choix"
# Each by its word in the form: what is proposed, what follows when it is not wanted, whether it exists already.
USES: Final = {
    "valeurs": (
        OptOut.EXTRACTION,
        marked("Relever des valeurs dans mes documents"),
        marked(
            "Par exemple vos résultats d'analyses, pour en faire des courbes. La recherche de mots n'en dépend pas."
        ),
        True,
    ),
    "prevention": (
        OptOut.PREVENTION,
        marked("Me proposer des messages de prévention"),
        marked("Vaccins, dépistages, rendez-vous de prévention. Sans ce choix, personne ne vous les rappelle ici."),
        False,
    ),
    "statistiques": (
        OptOut.STATISTICS,
        marked("Compter mon carnet dans les statistiques"),
        marked("Des nombres seulement, sans votre nom ni le contenu de vos documents."),
        False,
    ),
    "urgence": (
        OptOut.EMERGENCY_FEED,
        marked("Laisser les urgences déposer des documents"),
        marked("Sans ce choix, le compte rendu d'un passage aux urgences peut manquer à vos soignants."),
        True,
    ),
    "proches": (
        OptOut.HEIRS,
        marked("Après ma mort, laisser mes proches demander ce que dit mon carnet"),
        marked(
            "Pour connaître les causes du décès, défendre ma mémoire ou leurs droits. Rien de plus ne leur est remis."
        ),
        True,
    ),
}


@dataclass(frozen=True, slots=True)
class Use:
    word: str
    text: str
    more: str
    wanted: bool
    since: datetime | None
    exists: bool


@patient_form()
def uses(request: HttpRequest, visit: Visit) -> HttpResponse:
    before = choices.chosen(visit.actor, visit.purpose, visit.record_id)
    if request.method == "POST":
        unwanted = {what for word, (what, *_) in USES.items() if word not in request.POST}
        choices.choose(visit.actor, visit.purpose, record_id=visit.record_id, unwanted=unwanted)
        undo = ",".join(word for word, (what, *_) in USES.items() if what not in before)
        return done(f"{_ADDRESS}?fait=1&avant={undo}")
    was = request.GET.get("avant", "").split(",")
    context = {
        "section": "accesses",
        "uses": [
            Use(word, about(text), about(more), what not in before, before.get(what), exists)
            for word, (what, text, more, exists) in USES.items()
        ],
        "done": request.GET.get("fait") == "1",
        "before": [word for word in USES if word in was] if "avant" in request.GET else None,
    }
    return page(request, "patient/uses.html", context)
