"""« C'est une erreur »: what a document states is reported to whoever made it, and followed until they correct it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from carnet.documents.changing import NotThere
from carnet.health import disputing
from carnet.health import profile as health
from carnet.health.disputing import WordsTooLong
from carnet.health.profile_models import LONGEST_WORDS
from carnet.health.sections import Section, section_of
from carnet.health.treatments import entry_of
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient.health import HOME
from carnet.web.patient.health_rows import voice_of
from carnet.web.patient.standing import done
from carnet.web.patient.visit import Visit, patient_form
from carnet.web.render import page


@patient_form()
def error(request: HttpRequest, visit: Visit, fact: UUID, document_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _page(request, visit, fact, document_id)
    target = {"record_id": visit.record_id, "fact": fact, "document_id": document_id}
    if request.POST.get("acte") == "reprendre":
        disputing.take_back(visit.actor, visit.purpose, **target)
        return done(f"{request.path}?fait=repris")
    words = request.POST.get("mots", "").replace("\r\n", "\n").strip()
    try:
        disputing.report(visit.actor, visit.purpose, **target, words=words)
    except WordsTooLong:
        text = gettext("Écrivez %(most)s caractères au plus : il y en a %(count)s.")
        return _page(request, visit, fact, document_id, words, text % {"most": LONGEST_WORDS, "count": len(words)})
    return done(f"{request.path}?fait=signale")


def _page(
    request: HttpRequest, visit: Visit, fact: UUID, document_id: UUID, words: str = "", fault: str = ""
) -> HttpResponse:
    told = health.told(visit.actor, visit.purpose, visit.record_id)
    line, document = told.line(fact), told.documents.get(document_id)
    if line is None or document is None or document_id not in line.sources or line.said_by != "document":
        raise NotThere
    reported = {each.document_id: each for each in told.reports if each.fact == fact}
    report = reported.get(document_id)
    section = section_of(line.kind)
    context: dict[str, Any] = {
        "section": "health",
        "line": line,
        "voice": voice_of(told, line, entry_of(line), owns=True),
        "document": document,
        "report": report,
        # The same stands elsewhere: each document has its own author, who is told of it there.
        "others": [
            (told.documents[each], each in reported)
            for each in dict.fromkeys(line.sources)
            if each != document_id and each in told.documents
        ],
        "words": words or drafts.fields(request, visit.actor.id).get("mots", ""),
        "errors": [("mots", fault)] if fault else [],
        "most": LONGEST_WORDS,
        "back": f"{HOME}/traitements" if section is Section.TREATMENTS else f"{HOME}#{section}",
        "done": request.GET.get("fait", ""),
    }
    return page(request, "patient/health_error.html", context, status=422 if fault else 200)
