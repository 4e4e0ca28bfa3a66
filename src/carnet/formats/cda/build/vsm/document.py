"""The whole document: its header, its sections, and the same as an International Patient Summary beside them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from functools import partial
from typing import Final

from lxml.etree import _Element

from carnet.formats.cda.body import attachments
from carnet.formats.cda.build.codes import A05, loinc
from carnet.formats.cda.build.details import Details, Template
from carnet.formats.cda.build.document import level3
from carnet.formats.cda.build.elements import el, template
from carnet.formats.cda.build.scope import Scope
from carnet.formats.cda.build.text import Mark, Section, Table
from carnet.formats.cda.build.values import coded
from carnet.formats.cda.build.vsm import reading
from carnet.formats.cda.build.vsm.model import Synthesis
from carnet.formats.cda.build.vsm.sections import sections
from carnet.formats.cda.errors import CdaError
from carnet.formats.cda.xml import Source
from carnet.formats.entry import Coded, DocumentEntry

__all__ = ["IPS", "TEMPLATE", "TYPE", "beside", "write"]

TYPE: Final = Coded("SYNTH", A05, "Synthèse")
TEMPLATE: Final = Template(reading.TEMPLATE, "201310")
IPS: Final = "application/fhir+json"
EVENT: Final = loinc("34117-2", "Historique et clinique")
_ATTACHED: Final = loinc("55107-7", "Documents ajoutés")
_TITLE: Final = "Résumé international (IPS)"


def write(entry: DocumentEntry, synthesis: Synthesis, *, ips: bytes = b"", details: Details | None = None) -> bytes:
    """`ips`: the same as a FHIR document, which goes with it: one document, that nobody meets twice. Raises `CdaError`
    as `level3`."""
    body = sections(synthesis)
    if ips:
        body = (*body, _attached(ips))
    return level3(entry, body, replace(details or Details(), templates=(TEMPLATE,)))


def beside(document: Source) -> bytes | None:
    """The FHIR document that goes with it; None where there is none."""
    try:
        found = attachments(document)
    except CdaError:
        return None
    return next((each.data for each in found if each.media_type == IPS), None)


def _attached(ips: bytes) -> Section:
    said = "Le même contenu au format FHIR, pour les logiciels."
    return Section(
        _ATTACHED,
        _TITLE,
        ("1.2.250.1.213.1.1.2.37",),
        (Table((), ((Mark("ips", said),),)),),
        (partial(_media, ips=ips),),
    )


def _media(scope: Scope, *, ips: bytes) -> _Element:
    kind = el(
        "observation",
        *template("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48", "1.2.250.1.213.1.1.3.48.18"),
        el("id", root=scope.id()),
        coded("code", loinc("69764-9", "Type de document")),
        el("text", scope.pointer("ips")),
        el("statusCode", code="completed"),
        el("effectiveTime", nullFlavor="NA"),
        coded("value", loinc("60591-5", "Synthèse médicale"), xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    media = el(
        "observationMedia",
        el("value", b64encode(ips).decode(), mediaType=IPS, representation="B64"),
        classCode="OBS",
        moodCode="EVN",
        ID=scope.mark("ips-fichier"),
    )
    organizer = el(
        "organizer",
        *template("1.2.250.1.213.1.1.3.18"),
        el("id", root=scope.id()),
        coded("code", loinc("55107-7", "Document attaché")),
        el("statusCode", code="completed"),
        el("component", kind),
        el("component", media),
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return el("entry", organizer)
