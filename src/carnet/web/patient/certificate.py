"""The vaccination certificate: which vaccinations are on it is chosen; printed, with codes that anybody can check
without Carnet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, Final

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from segno import consts

from carnet.formats import health_card
from carnet.formats.health_card import Person
from carnet.health import attesting
from carnet.health import profile as health
from carnet.health.profile import Profile
from carnet.health.schedule import edition_on
from carnet.health.vaccinations import KIND, Given, card, dose_of
from carnet.kernel import clock, typeset
from carnet.records.queries import existence
from carnet.records.rules import Identity
from carnet.web import headers, i18n, printed
from carnet.web.errors import busy
from carnet.web.i18n import birth, day, filled, gettext, ngettext, today
from carnet.web.patient import vaccination_words as words
from carnet.web.patient.health_rows import whose
from carnet.web.patient.summary_content import name_of, traits
from carnet.web.patient.vaccinations import moment, names_of
from carnet.web.patient.visit import Visit, patient_page
from carnet.web.reading.serving import named
from carnet.web.render import page

HOME: Final = "/sante/vaccinations/attestation"
VERIFIER: Final = "/verifier/vaccins"
_RETRY: Final = 5


class Says(StrEnum):
    """By whose word it is on the sheet; each also names its mark there."""

    CONFIRMED = "professional"
    DECLARED = "person"
    WRITTEN = "document"


@dataclass(frozen=True, slots=True)
class Row:
    """A vaccination that may be chosen; `by`: who confirmed it."""

    given: Given
    by: str
    chosen: bool

    @property
    def key(self) -> str:
        return self.given.key

    @property
    def day(self) -> str:
        return moment(self.given)

    @property
    def against(self) -> str:
        return names_of(self.given.diseases)

    @property
    def says(self) -> Says:
        if self.given.confirmed:
            return Says.CONFIRMED
        return Says.DECLARED if self.given.declared else Says.WRITTEN


@dataclass(frozen=True, slots=True)
class Rows:
    """`undated`: what may not be chosen, since a certificate says when."""

    dated: tuple[Row, ...]
    undated: tuple[Given, ...]

    @property
    def chosen(self) -> tuple[Row, ...]:
        return tuple(row for row in self.dated if row.chosen)


def issuer() -> str:
    """Whose keys are at `/.well-known/jwks.json` under this address: not those of OAuth, which has none."""
    return f"{settings.CARNET.public_url}/vaccins"


@patient_page()
def certificate(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _page(request, _rows(request, visit))


def _page(request: HttpRequest, found: Rows, errors: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "health",
        "confirmed": _of(found.dated, Says.CONFIRMED),
        "declared": _of(found.dated, Says.DECLARED),
        "written": _of(found.dated, Says.WRITTEN),
        "first": found.dated[0].key if found.dated else "",
        "undated": found.undated,
        "errors": errors,
        "spoken": _language(request),
        "languages": i18n.LANGUAGES,
        "home": HOME,
        "verifier": VERIFIER,
    }
    return page(request, "patient/certificate.html", context, status=422 if errors else 200)


def _of(rows: Iterable[Row], says: Says) -> list[Row]:
    return [row for row in rows if row.says is says]


@patient_page()
def pdf(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    found = _rows(request, visit)
    chosen = found.chosen
    if not chosen:
        return _page(request, found, _nothing_chosen(found))
    holder = existence(visit.actor, visit.record_id)
    assert holder is not None  # noqa: S101  (they are in it)
    with i18n.use(_language(request)):
        signed = _signed(visit, holder.identity, _of(chosen, Says.CONFIRMED))
        data = _data(holder.identity, chosen, signed)
        try:
            made = printed.made("certificate", data, at=clock.now(), whose=visit.record_id)
        except typeset.Busy:
            return busy(request, _RETRY)
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Security-Policy"] = headers.FILE
    return named(response, f"{data['title']}.pdf", inline=request.GET.get("ouvrir") == "1")


def _nothing_chosen(found: Rows) -> list[tuple[str, str]]:
    """At the first that may be; none where there is nothing to choose, which the page says itself."""
    if not found.dated:
        return []
    return [(f"v-{found.dated[0].key}", gettext("Cochez au moins une vaccination"))]


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("langue", i18n.language())
    return asked if asked in i18n.LANGUAGES else i18n.FRENCH


def _rows(request: HttpRequest, visit: Visit) -> Rows:
    """Done, and kept from nobody; the newest first. All of them are chosen as long as nothing was."""
    told = health.told(visit.actor, visit.purpose, visit.record_id, (KIND,), for_others=True)
    given = card(visit.actor, visit.purpose, visit.record_id, today(), for_others=True).given.values()
    chosen = request.GET.getlist("vaccin") if "choix" in request.GET else [each.key for each in given]
    done = sorted((each for each in given if each.done), key=lambda each: each.last or today(), reverse=True)
    return Rows(
        tuple(Row(each, _by(told, each), each.key in chosen) for each in done if each.first),
        tuple(each for each in done if not each.first),
    )


def _by(told: Profile, given: Given) -> str:
    line = next((each for each in told.lines if str(each.fact) == given.key), None)
    return whose(told, line) if line and given.confirmed else ""


def _signed(visit: Visit, who: Identity, rows: Sequence[Row]) -> tuple[str, ...]:
    """Only what a professional confirmed is signed: what somebody says themselves, nobody has checked."""
    if not rows:
        return ()
    person = Person(
        (who.used_family or who.birth_family).title(), (who.used_given or who.birth_given).title(), who.birth_date
    )
    doses = [dose_of(row.given, row.by) for row in rows]
    return attesting.cards(visit.actor, visit.purpose, visit.record_id, issuer=issuer(), person=person, doses=doses)


def _data(who: Identity, chosen: Sequence[Row], signed: Sequence[str]) -> dict[str, Any]:
    now, name = clock.now(), name_of(who)
    title = gettext("Certificat de vaccination")
    return {
        "lang": i18n.language(),
        "title": title,
        "publisher": "Carnet",
        "subject": filled(
            gettext("Certificat de vaccination de %(name)s, du %(day)s"), {"name": name, "day": day(now)}
        ),
        "keywords": [],
        "running": f"{title} · {name}",
        "identity": gettext("Naissance : %(day)s") % {"day": i18n.birth(who.birth_date)},
        "footer": gettext("Carnet · imprimé le %(day)s à %(hour)s") % {"day": day(now), "hour": i18n.hour(now)},
        "lead": gettext("Les vaccinations choisies par la personne dans son carnet, le %(day)s.") % {"day": day(now)},
        "name": name,
        "traits": traits(who),
        "columns": [
            gettext("Date"),
            gettext("Vaccin"),
            gettext("Lot"),
            gettext("Protège contre"),
            gettext("Confirmé par"),
        ],
        "diseases": _diseases(chosen),
        "confirmed": [_row(row) for row in _of(chosen, Says.CONFIRMED)],
        "declared": [_row(row) for row in _of(chosen, Says.DECLARED)],
        "written": [_row(row) for row in _of(chosen, Says.WRITTEN)],
        "codes": [_code(place, len(signed), each) for place, each in enumerate(signed, 1)],
        "verifier": f"{settings.CARNET.public_url}{VERIFIER}",
        "legend": [
            ["professional", gettext("confirmé par un soignant")],
            ["person", gettext("déclaré, non confirmé")],
            ["document", gettext("d'après un document, non confirmé")],
        ],
        "notes": _notes(),
        "words": _words(),
    }


def _row(row: Row) -> dict[str, str]:
    return {"day": row.day, "name": row.given.name, "lot": row.given.lot, "against": row.against, "by": row.by}


def _diseases(chosen: Iterable[Row]) -> list[dict[str, Any]]:
    """By disease, with every date: a vaccine for several stands under each."""
    found: dict[str, list[Row]] = {}
    for row in chosen:
        for disease in row.given.diseases or {""}:
            found.setdefault(words.of_disease(disease) if disease else gettext("Autre"), []).append(row)
    return [
        {"name": name, "dates": [{"day": row.day, "says": row.says.value} for row in reversed(rows)]}
        for name, rows in sorted(found.items(), key=lambda each: each[0].casefold())
    ]


def _code(place: int, count: int, jws: str) -> dict[str, str]:
    letters, figures = health_card.numeric(jws)
    content: Any = [(letters, consts.MODE_BYTE), (figures, consts.MODE_NUMERIC)]
    drawn = BytesIO()
    segno.make(content, error="l", micro=False, boost_error=False).save(
        drawn, kind="svg", xmldecl=False, border=4, omitsize=True
    )
    card = health_card.read(jws)
    holds = [f"{each.text}, {birth(each.day)}" for each in card.doses]
    title = gettext("Code à vérifier %(place)s sur %(count)s") % {"place": place, "count": count}
    return {
        "svg": drawn.getvalue().decode(),
        "title": title if count > 1 else gettext("Code à vérifier"),
        "alt": gettext("Code QR signé, qui contient : %(what)s") % {"what": gettext(" ; ").join(holds)},
        "holds": ngettext("Contient %(count)s vaccination : ", "Contient %(count)s vaccinations : ", len(holds))
        % {"count": len(holds)}
        + gettext(" ; ").join(holds),
    }


def _notes() -> list[str]:
    edition = edition_on(today())
    return [
        gettext(
            "Ce certificat reprend ce que le carnet contient et que la personne a choisi de montrer. Une vaccination "
            "qui n'y est pas peut avoir été faite. Il ne dit rien de ce qui reste à faire."
        ),
        gettext("Maladies nommées d'après le calendrier vaccinal %(version)s, en vigueur depuis le %(day)s.")
        % {"version": edition.version, "day": day(edition.effective)},
    ]


def _words() -> dict[str, str]:
    return {
        "page": gettext("Page"),
        "colon": gettext(" : ") if i18n.language() == i18n.FRENCH else ": ",
        "confirmed": gettext("Confirmé"),
        "declared": gettext("Déclaré"),
        "written": gettext("D'après un document"),
        "by-disease": gettext("Par maladie"),
        "disease": gettext("Maladie"),
        "dates": gettext("Doses reçues"),
        "confirmed-title": gettext("Vaccinations confirmées par un soignant"),
        "declared-title": gettext("Vaccinations déclarées, non confirmées"),
        "declared-note": gettext(
            "Dites par la personne ou un proche. Aucun soignant ne les a confirmées dans ce carnet."
        ),
        "written-title": gettext("Vaccinations d'après un document, non confirmées"),
        "written-note": gettext("Lues dans un document du carnet. Aucun soignant ne les y a confirmées."),
        "code-title": gettext("Vérifier ce certificat"),
        "code-note": gettext(
            "Chaque code contient les vaccinations confirmées, signées. Il se vérifie sans réseau avec une application "
            "qui lit les « SMART Health Cards », ou sur notre page."
        ),
        "code-about": gettext(
            "Le code suit la norme « SMART Health Cards » : il contient le nom, la date de naissance et "
            "les vaccinations confirmées ci-dessus, et rien d'autre. Il est signé par ce service : modifié, "
            "il n'est plus valable."
        ),
        "check": gettext("Scannez ce code, ou collez son texte ici :"),
    }
