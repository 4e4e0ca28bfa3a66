from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from carnet.formats.entry import Author, Coded, DocumentEntry, Identifier, Organisation, Patient, Period, Reference
from carnet.formats.fhir import identifiers, search
from carnet.formats.fhir.search import index, parameters
from carnet.formats.terminology import systems
from tests.docs.files import text
from tests.docs.generate import ROOT
from tests.formats.fhir.search.evaluate import Row, finds

PARIS = ZoneInfo("Europe/Paris")


# Section a.5: each parameter, a value that finds the row below, and one that does not.
NEEDLES = [
    ("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3", "urn:oid:1.2.4"),
    ("identifier", "1.2.3", "1.2.4"),
    ("identifier", f"URN:UUID:{UUID(int=0xA)}".upper(), f"urn:uuid:{UUID(int=0xB)}"),
    ("type", "http://loinc.org|11502-2", "http://loinc.org|11488-4"),
    ("type", "urn:oid:2.16.840.1.113883.6.1|11502-2", "urn:oid:1.2|11502-2"),
    ("type", "http://loinc.org|", "http://snomed.info/sct|"),
    ("type", "11488-4,11502-2", "|11502-2"),
    ("type:not", "11488-4", "11502-2,11488-4"),
    ("category", "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument|10", "31"),
    ("facility", "SA01", "SA05"),
    ("setting", "AMBULATOIRE", "ETABLISSEMENT"),
    ("format", "urn:ihe:lab:xd-lab:2008", "urn:ihe:iti:xds-sd:pdf:2008"),
    ("event", "BIO", "IMG"),
    ("security-label", "MASQUE_PS", "INVISIBLE_PATIENT"),
    ("security-label", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|N", "R"),
    ("creation", "2024-05-03", "2024-05-04"),
    ("creation", "2024-05-03T10:15:30.123Z", "2024-05-03T10:15:30.124Z"),
    # Cut off below the millisecond, as it is written.
    ("creation", "lt2024-05-03T10:15:30.1234Z", "ge2024-05-03T10:15:30.1234Z"),
    ("date", "gt2024-05-03", "le2024-05-03"),
    ("_lastUpdated", "ge2024-06-01,lt2000", "lt2024-06-01"),
    ("_lastupdated", "2024-06", "2024-07"),
    ("period", "2024-05-02", "2024-05-05"),
    ("period", "sa2024-04", "eb2024-05-04"),
    ("period-start", "ge2024-05-01", "gt2024-05-01"),
    ("period-end", "ap2024-05-04", "2024-05-05"),
    ("isArchived", "false", "true"),
    ("isArchived", "http://terminology.hl7.org/CodeSystem/special-values|false", "true"),
    ("isArchived:not", "true", "false"),
    ("author.family", "lefev", "efevre"),
    ("author.family", "lefev", "nobody"),
    ("author.given", "ANNE,zoe", "jeanne"),
    ("author:Practitioner.family:exact", "Lefèvre-Martin", "lefèvre-martin"),
    ("author:PractitionerRole.name:contains", "martin", "paul"),
    ("author:PractitionerRole.name", "dr", "mme"),
    ("author:PractitionerRole.practitioner:Practitioner.given", "anne", "jean"),
    ("author:Patient.family", "pat", "lefevre"),
    ("author.identifier", "https://rpps.esante.gouv.fr|10001001014", "https://rpps.esante.gouv.fr|10001001015"),
    ("author.identifier", "urn:oid:1.2.250.1.71.4.2.1|810001001014", "10001001014"),
    ("author:identifier", "device-7", "device-8"),
    ("author", "urn:oid:1.2.250.1.71.4.2.1|810001001014", "Practitioner/practitioner-1"),
    ("author:Device.identifier", "urn:oid:1.2.9|device-7", "810001001014"),
    ("related:identifier", "urn:oid:1.2.7|ORDER-1", "urn:oid:1.2.8|ORDER-1"),
    ("related", "urn:oid:1.2.7|ORDER-1", "Observation/ORDER-1"),
    ("related:identifier", "urn:ietf:rfc:3986|urn:oid:1.2.840.1", "1.2.840.2"),
    ("relatesto", "DocumentReference/doc-0", "DocumentReference/doc-1"),
    ("relatesto", "https://carnet.example/fhir/DocumentReference/doc-0/_history/2", "Binary/doc-0"),
    ("relatesto:DocumentReference", "doc-0", "doc-1"),
]
NOW = datetime(2024, 6, 12, tzinfo=UTC)
ENTRY = DocumentEntry(
    unique_id="1.2.3",
    type=Coded("11502-2", systems.LOINC),
    title="Biologie",
    created=datetime(2024, 5, 3, 10, 15, 30, 123_456, tzinfo=UTC),
    media_type="text/xml",
    patient=Patient(),
    format=Coded("urn:ihe:lab:xd-lab:2008", systems.FORMAT),
    authors=(
        Author(Identifier("1.2.250.1.71.4.2.1", "810001001014"), "Lefèvre-Martin", "Anne", suffix="DR"),
        Author(Identifier("1.2.250.1.213.1.4.10", "279035121518989"), "PAT-TROIS", "Dominique"),
        Author(Identifier("1.2.9", "device-7"), family="Nobody", device="Automate"),
    ),
    events=(Coded("BIO", "1.2.5"),),
    period=Period(datetime(2024, 5, 1, tzinfo=PARIS), datetime(2024, 5, 4, 12, tzinfo=PARIS)),
    facility=Coded("SA01", systems.FACILITY),
    setting=Coded("AMBULATOIRE", systems.SETTING),
    references=(
        Reference("order", Identifier("1.2.7", "ORDER-1")),
        Reference("study", Identifier(identifiers.URI_SYSTEM, "urn:oid:1.2.840.1")),
    ),
)
ROW = Row(
    "doc-1",
    "a",
    "current",
    index.of_document(ENTRY, labels_mask=1, archived=False, entry_uuid=UUID(int=0xA), replaces_id="doc-0"),
    {**index.instants_of(ENTRY), "date": NOW, "_lastUpdated": NOW},
)


@pytest.mark.parametrize(("name", "found", "missed"), NEEDLES)
def test_each_parameter_of_documents(name: str, found: str, missed: str) -> None:
    for value, expected in ((found, True), (missed, False)):
        asked = search.documents([("patient", "a"), ("status", "current"), (name, value)], strict=True, now=NOW)
        assert finds(asked, ROW) == expected
        assert asked.understood[-1] == (name, value)


LIST_ROW = Row(
    "list-1",
    "a",
    "current",
    index.of_list(
        code=Coded("submissionset", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"),
        designation=Coded("04", "1.2.250.1.213.2.2"),
        unique_id="1.2.3",
        entry_uuid=UUID(int=0xA),
        source_id=Identifier(identifiers.URI_SYSTEM, "urn:oid:1.2.6"),
        source=ENTRY.authors[0],
        author_org=Organisation("Cabinet de l’Étoile", Identifier("1.2.250.1.71.4.2.2", "1750803447")),
        title="Suivi post-opératoire",
        archived=True,
    ),
    {"date": NOW, "_lastUpdated": NOW},
)


@pytest.mark.parametrize(
    ("name", "found", "missed"),
    [
        ("code", "submissionset", "folder"),
        ("code", "http://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes|submissionset", "http://x|submissionset"),
        ("date", "ge2024-06-12", "lt2024-06-12"),
        ("_lastUpdated", "2024", "2023"),
        ("designationType", "urn:oid:1.2.250.1.213.2.2|04", "05"),
        ("identifier", "urn:oid:1.2.3", "urn:oid:1.2.4"),
        ("identifier", f"urn:uuid:{UUID(int=0xA)}", f"urn:uuid:{UUID(int=0xB)}"),
        ("sourceId", "urn:oid:1.2.6", "urn:oid:1.2.7"),
        ("source.given", "anne", "jean"),
        ("source.family", "lefevre martin", "martin"),
        ("source:PractitionerRole.name", "Lefèvre", "paul"),
        ("source:Practitioner.family:contains", "martin", "durand"),
        ("source.identifier", "810001001014", "810001001015"),
        ("source:identifier", "https://rpps.esante.gouv.fr|10001001014", "https://rpps.esante.gouv.fr|1"),
        ("source:Practitioner.given", "a", "b"),
        ("source", "https://rpps.esante.gouv.fr|10001001014", "Practitioner/1"),
        ("authorOrg", "urn:oid:1.2.250.1.71.4.2.2|1750803447", "Organization/org-1"),
        ("authorOrg:identifier", "https://finess.esante.gouv.fr|750803447", "750803447"),
        ("authorOrg.identifier", "1750803447", "2"),
        ("authorOrg.name", "cabinet de l'etoile", "etoile"),
        ("title", "suivi post operatoire", "post"),
        ("title:contains", "OPÉRA", "opus"),
        ("isArchived", "true", "false"),
    ],
)
def test_each_parameter_of_lists(name: str, found: str, missed: str) -> None:
    common = [("patient", "a"), ("status", "current")]
    for value, expected in ((found, True), (missed, False)):
        asked = search.lists([*common, ("code:not", "folder"), (name, value)])
        assert asked.ignored == ()
        assert finds(asked, LIST_ROW) == expected
    assert not finds(search.lists([*common, ("source:Patient.family", "lefevre")]), LIST_ROW)


def test_the_page_names_every_parameter() -> None:
    page = text(ROOT / "docs/integrate/search.md")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall("`([^`]+)`", row) if not name.startswith(".")}
    known = {*parameters.DOCUMENT, *parameters.LIST}
    assert told <= known
    plain = {name for name in known if not re.search("[.:]", name) and name not in {"author", "source", "_lastupdated"}}
    answer = {name for name in plain if f"`{name}" in page.partition("- **Answer**")[2]}
    assert plain - told - answer == {"_cursor", "_format", "_pretty"}
