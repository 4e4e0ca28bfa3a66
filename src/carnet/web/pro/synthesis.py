"""The medical summary that a doctor writes of a record: proposed from what they may read, chapter by chapter, read as
others will read it, and deposited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from carnet.documents import combining
from carnet.documents.rules import DepositRefused
from carnet.formats.cda.build import vsm
from carnet.formats.cda.build.vsm import Nothing, Part
from carnet.formats.cda.errors import CdaError
from carnet.formats.terminology import choices as lists
from carnet.formats.terminology import labels
from carnet.health import synthesis as health
from carnet.health import synthesis_drafts as kept
from carnet.health.synthesis import Before, Proposed
from carnet.health.synthesis_choices import ADDED, LISTS, Choices, Composed, composed
from carnet.health.synthesis_drafts import Draft
from carnet.kernel.http import Audit
from carnet.kernel.ids import uuid7
from carnet.web import headers, i18n
from carnet.web.auth import drafts
from carnet.web.i18n import gettext
from carnet.web.patient.health_words import WHOSE
from carnet.web.pro import synthesis_form as form
from carnet.web.pro.synthesis_form import Typed
from carnet.web.pro.synthesis_words import CONSEQUENCES, EXAMPLES, KEPT_FROM, MORE, OTHERWISE, TITLES
from carnet.web.pro.visit import Visit, done, record, record_page
from carnet.web.reading import changed, rendering


@dataclass(frozen=True, slots=True)
class Sheet:
    """The summary as it stands: what is proposed, what its author chose of it, and the one that it replaces."""

    visit: Visit
    proposed: Proposed
    draft: Draft | None
    last: Before | None

    @property
    def address(self) -> str:
        return f"{self.visit.address}/synthese"

    @property
    def choices(self) -> Choices:
        return self.draft.choices if self.draft else self.begun

    @property
    def begun(self) -> Choices:
        """Before anything was chosen: the words of the last one go on."""
        if self.last is None:
            return Choices()
        chapters = self.last.synthesis.chapters
        return Choices(
            nothing={each.part: each.nothing for each in chapters if each.nothing},
            remarks={each.part: each.remark for each in chapters if each.remark},
        )

    @property
    def made(self) -> Composed:
        return composed(self.proposed.lines, self.choices, self.proposed.said)


def _sheet(visit: Visit) -> Sheet:
    health.may_write(visit.actor, visit.record_id)
    last = health.before(visit.actor, visit.purpose, visit.record_id)
    proposed = health.proposed(visit.actor, visit.purpose, visit.record_id, last)
    return Sheet(visit, proposed, kept.find(visit.actor, visit.record_id), last)


@record_page(Audit.RECORD_WRITE, posted=True)
def synthesis(request: HttpRequest, visit: Visit) -> HttpResponse:
    sheet = _sheet(visit)
    if request.method == "POST":
        kept.drop(visit.actor, visit.record_id)
        return done(sheet.address)
    made = sheet.made
    context = {
        "sheet": sheet,
        "chapters": [_shown(sheet, made, part) for part in Part],
        "restricted": len([each for each in sheet.proposed.lines if each.restricted]),
        "saved": request.GET.get("fait") == "garde",
    }
    return record(request, visit, "pro/synthesis.html", context)


def _shown(sheet: Sheet, made: Composed, part: Part) -> dict[str, Any]:
    chapter = made.synthesis.of(part)
    lines = [form.text_of(each) for each in chapter.entries]
    proposed = [each for each in sheet.proposed.lines if each.part is part]
    own = len(sheet.choices.of(part))
    return {
        "part": part.value,
        "title": gettext(TITLES[part]),
        "lines": lines,
        "nothing": _nothing(part, chapter.nothing),
        "remark": chapter.remark,
        "written": bool(chapter),
        "left": len(proposed) - (len(lines) - own),
    }


def _nothing(part: Part, nothing: Nothing | None) -> str:
    if nothing is None:
        return ""
    return vsm.CHAPTERS[part].none if nothing is Nothing.NONE else "Non renseigné."


@record_page(Audit.RECORD_WRITE, posted=True)
def chapter(request: HttpRequest, visit: Visit, part: str) -> HttpResponse:
    if part not in {each.value for each in Part}:
        raise Http404
    sheet = _sheet(visit)
    asked = Part(part)
    if request.method != "POST":
        waiting = drafts.fields(request, visit.actor.id)
        if not waiting:
            return _form(request, sheet, asked, sheet.choices)
        choices, typed, _ = form.read(asked, waiting, sheet.proposed.lines, sheet.choices, i18n.today())
        return _form(request, sheet, asked, choices, typed)
    choices, typed, faults = form.read(asked, request.POST, sheet.proposed.lines, sheet.choices, i18n.today())
    if faults:
        return _form(request, sheet, asked, choices, typed, faults)
    kept.keep(visit.actor, visit.record_id, choices)
    if request.POST.get("acte") == "ajouter":
        return done(f"{sheet.address}/{part}?fait=garde#ajouter")
    return done(f"{sheet.address}?fait=garde#{part}")


def _form(
    request: HttpRequest,
    sheet: Sheet,
    part: Part,
    choices: Choices,
    typed: Typed | None = None,
    faults: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    nothing = choices.nothing[part] if part in choices.nothing else sheet.proposed.said.get(part)
    context: dict[str, Any] = {
        "sheet": sheet,
        "part": part.value,
        "title": gettext(TITLES[part]),
        "rows": form.rows(part, sheet.proposed.lines, choices),
        "added": [form.text_of(entry) for entry in form.entries_of(choices.of(part))],
        "adds": part in ADDED,
        "example": gettext(EXAMPLES[part]) if part in EXAMPLES else "",
        "more": gettext(MORE.get(part, OTHERWISE)),
        "options": lists.find(LISTS[part]) if part in LISTS else (),
        "relations": WHOSE if part.value == "famille" else {},
        "typed": typed or Typed(),
        "none_known": vsm.CHAPTERS[part].none,
        "nothing": nothing.value if nothing else "",
        "remark": choices.remarks.get(part, ""),
        "errors": faults or [],
        "saved": request.GET.get("fait") == "garde",
        "consequences": [gettext(text) for text in CONSEQUENCES.values()],
    }
    return record(request, sheet.visit, "pro/synthesis_chapter.html", context, status=422 if faults else 200)


@record_page(Audit.RECORD_WRITE, posted=True)
def preview(request: HttpRequest, visit: Visit) -> HttpResponse:
    """As others will read it. What is deposited is what was read: what changed meanwhile is shown again first."""
    sheet = _sheet(visit)
    made = sheet.made
    if request.method != "POST":
        return _preview(request, sheet, made, _number(request, sheet))
    faults = list(_faults(request, made))
    if faults:
        return _preview(request, sheet, made, _number(request, sheet), faults)
    try:
        content = _written(sheet, made, _number(request, sheet))
        stored = health.deposit(
            visit.actor, record_id=visit.record_id, made=content, labelled=made.labels, last=sheet.last
        )
    except DepositRefused as refused:
        return _preview(request, sheet, made, _number(request, sheet), [("deposer", _refused(refused))])
    kept.drop(visit.actor, visit.record_id)
    return done(f"{visit.address}/documents/{stored.id}?fait={'remplace' if sheet.last else 'depose'}")


def _number(request: HttpRequest, sheet: Sheet) -> UUID:
    """Of the document that it will be: sent twice, it is one."""
    if sheet.draft:
        return sheet.draft.id
    try:
        return UUID(request.POST.get("depot", ""))
    except ValueError:
        return uuid7()


def _written(sheet: Sheet, made: Composed, number: UUID) -> health.Written:
    visit = sheet.visit
    return health.written(
        visit.actor,
        record_id=visit.record_id,
        number=number,
        synthesis=made.synthesis,
        attending=health.attends(visit.actor, visit.purpose, visit.record_id),
        last=sheet.last,
    )


def _seen(made: Composed) -> str:
    """What was read, by its words and by whom it is kept from."""
    told = [f"{each.part} {each.nothing} {each.remark} {each.entries!r}" for each in made.synthesis.chapters]
    return sha256("\n".join([*told, *sorted(made.labels)]).encode()).hexdigest()


def _faults(request: HttpRequest, made: Composed) -> Iterator[tuple[str, str]]:
    if _nobody(made):
        yield "restreintes", gettext("Laissez de côté l'une des lignes : plus personne ne lirait la synthèse que vous")
    elif made.labels and not request.POST.get("compris"):
        yield "compris", gettext("Dites que vous avez compris qui ne la lira pas")
    if request.POST.get("vu", "") != _seen(made):
        yield "deposer", gettext("Le carnet ou votre brouillon a changé depuis cet aperçu : relisez-le, puis déposez")


def _nobody(made: Composed) -> bool:
    return combining.refused(labels.mask_of(made.labels))


def _refused(refused: DepositRefused) -> str:
    if refused.code in {"unique-id-other-content", "unique-id-unusable"}:
        return gettext("Cette synthèse est déjà déposée : elle est dans la liste")
    return gettext("La synthèse à remplacer a changé entre-temps. Revenez au carnet, puis recommencez.")


def _preview(
    request: HttpRequest, sheet: Sheet, made: Composed, number: UUID, faults: list[tuple[str, str]] | None = None
) -> HttpResponse:
    try:
        content = _written(sheet, made, number).content
    except CdaError as error:
        return record(request, sheet.visit, "pro/synthesis_unwritable.html", {"sheet": sheet, "why": error.message})
    inherited = sorted(sheet.last.document.labels & KEPT_FROM.keys()) if sheet.last else []
    context: dict[str, Any] = {
        "sheet": sheet,
        "reading": rendering.of_bytes(health.CDA, content),
        "number": number,
        "seen": _seen(made),
        "nobody": _nobody(made),
        "restricted": [
            (
                form.text_of(each.entry),
                gettext(TITLES[each.part]),
                [gettext(KEPT_FROM[label]) for label in sorted(each.restricted)],
            )
            for each in made.restricted
        ],
        "consequences": [gettext(CONSEQUENCES[each]) for each in sorted(made.labels)],
        "inherited": [gettext(KEPT_FROM[each]) for each in inherited],
        "changes": _changes(sheet.last, content),
        "empty": not any(each.entries or each.remark for each in made.synthesis.chapters),
        "errors": faults or [],
    }
    return record(
        request,
        sheet.visit,
        "pro/synthesis_preview.html",
        context,
        status=422 if faults else 200,
        csp=headers.READING,
    )


def _changes(last: Before | None, content: bytes) -> Sequence[changed.Chapter] | None:
    """By what both documents say to their readers."""
    new = health.content_of(content)
    return changed.of(last.synthesis, new) if last and new else None


@record_page()
def changes(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponse:
    """What a version says otherwise than the one before it, for who may read both."""
    found = changed.of_document(visit.actor, visit.purpose, visit.record_id, document_id)
    if found is None:
        raise Http404
    return record(request, visit, "pro/changes.html", {"document_id": document_id, "found": found})
