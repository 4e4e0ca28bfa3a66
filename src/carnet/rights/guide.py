"""LISEZMOI.html: what lies in the export and how to open it, in French and in English, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from carnet.formats.elision import of

if TYPE_CHECKING:
    from carnet.rights.archive import Kept

_FRANCE: Final = ZoneInfo("Europe/Paris")
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2b30}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;"
    "border-bottom:1px solid #c9d5d3}aside{border-left:4px solid #0b5563;padding-left:1rem;margin-top:2rem}"
)
_STATUSES: Final = {"current": "", "superseded": " (remplacé)"}

_MASKED: Final = " (masqué à vos soignants)"

_FRENCH: Final = """\
<h1>Carnet {of_name}</h1>
<p>Copie faite le {day}. Elle contient ce que vous pouvez voir de votre carnet ce jour-là : {count} documents.</p>
<p><strong>Gardez-la en lieu sûr.</strong> Qui ouvre ce fichier lit toute votre santé : ne l'envoyez pas par
courriel, ne le laissez pas sur un ordinateur partagé.</p>
<ul>
<li><b>originals</b> : vos documents, tels qu'ils ont été déposés, à l'octet près. Un fichier .xml est un document
structuré (CDA) : un soignant sait l'ouvrir dans son logiciel.</li>
{photos}
<li><b>journal.csv</b> : qui a fait quoi dans votre carnet, à ouvrir avec un tableur ; <b>journal.json</b> : le même,
pour un logiciel.</li>
<li><b>choix.json</b> : ce que vous acceptez ou refusez, en urgence et usage par usage, et depuis quand.</li>
<li><b>fhir</b> : ce que le carnet sait de chaque document, dans le format FHIR des logiciels de santé. Les fichiers
.ndjson tiennent, une ligne pour chacune, les données relevées dans vos documents (résultats, vaccins, traitements…) ;
Provenance.ndjson dit de quels documents elles viennent.</li>
<li><b>manifest.json</b> : la liste des fichiers, et l'empreinte SHA-256 qui prouve qu'ils n'ont pas changé.</li>
</ul>"""
_PHOTOS: Final = """\
<li><b>photos</b> : celles que vous avez ajoutées, telles que votre appareil les a faites. Elles peuvent dire où et
quand : les documents faits de ces photos, eux, ne le disent pas.</li>"""
_PICTURES: Final = " <b>photos</b> the pictures that you added as your device made them,"
_ENGLISH: Final = """\
<aside lang="en"><p>A copy of the health record of {name}, made on {iso}. <b>originals</b> holds the documents as they
were deposited,{pictures} <b>journal.csv</b> who did what in the record, <b>choix.json</b> what the person agreed to or
refused, <b>fhir</b> what is known of each document in
the FHIR format and, a line each in .ndjson files, the data that were read in them with the documents that they are
from, <b>manifest.json</b> every file with its SHA-256. Keep it in a safe place: whoever opens it reads all
of your health.</p></aside>"""


def page(name: str, at: datetime, kept: Sequence[Kept], *, photos: bool) -> bytes:
    local = at.astimezone(_FRANCE)
    words = {
        "name": escape(name),
        "of_name": escape(of(name)),
        "day": f"{local:%d/%m/%Y à %H:%M}",
        "iso": f"{local:%Y-%m-%d}",
        "count": len(kept),
    }
    words |= {"photos": _PHOTOS, "pictures": _PICTURES} if photos else {"photos": "", "pictures": ""}
    newest = sorted(kept, key=lambda each: each.date, reverse=True)
    table = "\n".join(_row(each) for each in newest)
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><meta name="viewport"'
        ' content="width=device-width, initial-scale=1"><title>Mon carnet</title>'
        f"<style>{_STYLE}</style></head><body>\n{_FRENCH.format(**words)}\n<h2>Vos documents</h2>\n<table>"
        "<thead><tr><th>Date</th><th>Titre</th><th>Type</th></tr></thead>\n"
        f"<tbody>{table}</tbody></table>\n{_ENGLISH.format(**words)}\n</body></html>\n"
    ).encode()


def _row(document: Kept) -> str:
    title = escape(document.title) + _STATUSES.get(document.status, "") + (_MASKED if document.masked else "")
    told = f'<a href="{quote(document.path)}">{title}</a>' if document.path else f"{title} (fichier indisponible)"
    day = datetime.fromisoformat(document.date).astimezone(_FRANCE)
    return f"<tr><td>{day:%d/%m/%Y}</td><td>{told}</td><td>{escape(document.type)}</td></tr>"
