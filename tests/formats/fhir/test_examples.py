"""Every official example of PDSm, PDSm4DMP and MHD: taken, or refused with its exact faults.

What is no publication (a Patient, an answer …) is checked for its structure alone.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from carnet.formats.fhir import document_reference, read_provide, structure
from carnet.formats.fhir.node import Problems
from carnet.formats.fhir.outcome import FhirError, Issue
from tests.corpus import CORPUS, needs_corpus
from tests.formats.fhir import bundles
from tests.formats.fhir.bundles import url

JSON = dict[str, Any]
Faults = dict[str, str]

_DOC: Final = "DocumentReference"
_FILE: Final = f"{_DOC}.content[0].attachment"
# A stored document shown by a server: it has an address where a published one has its bytes.
_SHOWN: Final = {f"{_FILE}.url": "forbidden-element", f"{_FILE}.data": "required"}
_ANSWER: Final = {"Bundle.type": "bundle-type"}
_WITHOUT_SOURCE: Final = {
    "Bundle.entry[0].resource.contained": "required",
    "Bundle.entry[0].resource.source": "required",
}
_SET: Final = "Bundle.entry[0].resource"

# The warnings of what is taken.
TAKEN: dict[str, Faults] = {
    "pdsm4dmp/DocumentReference-example-td2-iti105-publication-simplifiee.json": {
        f"{_DOC}.subject": "ins-key",
        f"{_DOC}.custodian": "custodian-missing",
    },
    "pdsm4dmp/Bundle-example-td2-iti65-lot-soumission.json": {
        "Bundle.entry[0].resource.subject": "ins-key",
        "Bundle.entry[1].resource.subject": "ins-key",
        "Bundle.entry[1].resource.category[0]": "class-derived",
        "Bundle.entry[1].resource.custodian": "custodian-missing",
    },
    "pdsm4dmp/Bundle-example-td2-1-remplacement.json": {
        "Bundle.entry[0].resource.subject": "ins-key",
        "Bundle.entry[1].resource.subject": "ins-key",
        "Bundle.entry[1].resource.category[0]": "class-derived",
        "Bundle.entry[1].resource.custodian": "custodian-missing",
    },
    "mhd/Bundle-ex-comprehensiveProvideDocumentBundleComplete.json": {
        "Bundle.entry[0].resource.source": "author-unresolved",
        "Bundle.entry[0].resource.extension[2].valueReference": "author-unresolved",
        "Bundle.entry[1].resource.relatesTo[0].code": "relation-not-processed",
        "Bundle.entry[1].resource.category[0]": "class-derived",
        "Bundle.entry[1].resource.author[1]": "author-unresolved",
        "Bundle.entry[1].resource.custodian": "custodian-missing",
    },
    "pdsm/List-ExampleFolder.json": {f"{_SET}.identifier[0].value": "set-identifier-unusual"},
    "pdsm/List-ExampleSubmissionSet.json": {
        f"{_SET}.identifier[0].value": "set-identifier-unusual",
        f"{_SET}.extension[1].valueIdentifier.value": "set-identifier-unusual",
        f"{_SET}.contained[0].meta.versionId": "element-not-kept",
        f"{_SET}.contained[0].meta.lastUpdated": "element-not-kept",
        f"{_SET}.contained[1].meta.versionId": "element-not-kept",
        f"{_SET}.contained[1].meta.lastUpdated": "element-not-kept",
        "Bundle.entry[1].fullUrl": "not-in-set",
    },
    "mhd/List-ex-compFolder.json": {},
    "mhd/List-ex-compSubmissionSetFull.json": {
        f"{_SET}.extension[2].valueReference": "author-unresolved",
        f"{_SET}.source": "author-unresolved",
        f"{_SET}.source.extension[0].valueReference": "author-unresolved",
        "Bundle.entry[1].fullUrl": "not-in-set",
    },
}

REFUSED: dict[str, Faults] = {
    "pdsm/Bundle-a9c10f8a-882d-4000-a280-7150e0aeb478.json": _ANSWER,
    "mhd/Bundle-ex-findDocumentListsResponse.json": _ANSWER,
    "mhd/Bundle-ex-findDocumentReferencesResponse.json": _ANSWER,
    "mhd/Bundle-ex-response-comprehensiveProvideDocumentBundleSimple.json": _ANSWER,
    "pdsm/DocumentReference-PDSmSimplifiedExample.json": {f"{_FILE}.size": "size-wrong", f"{_FILE}.hash": "hash-wrong"},
    "pdsm/DocumentReference-exemple-pdsm-documentreference.json": _SHOWN,
    "pdsm4dmp/DocumentReference-doc-x-id.json": _SHOWN | {f"{_DOC}.status": "status-not-current"},
    # A system without the number itself.
    "pdsm4dmp/DocumentReference-example-td3-1a-cr-consultation.json": _SHOWN
    | {f"{_DOC}.subject.reference": "subject-form"},
    "pdsm4dmp/DocumentReference-example-td3-1a-fhir-document.json": _SHOWN
    | {f"{_DOC}.subject.reference": "subject-form"},
    "mhd/DocumentReference-ex-DocumentReferenceComprehensive.json": _SHOWN | {f"{_DOC}.type": "type-unknown"},
    "mhd/DocumentReference-ex-DocumentReferenceComprehensiveDelayedAssembly.json": _SHOWN
    | {f"{_DOC}.type": "type-unknown"},
    "mhd/DocumentReference-ex-DocumentReferenceMinimal.json": _SHOWN
    | dict.fromkeys([f"{_DOC}.{name}" for name in ("subject", "type", "date", "author")], "required")
    | {f"{_FILE}.title": "required"},
    "mhd/DocumentReference-ex-DocumentReferenceSimplifiedPublish.json": dict.fromkeys(
        [f"{_DOC}.type", f"{_DOC}.date", f"{_DOC}.author", f"{_FILE}.title"], "required"
    ),
    # The announced size is 24, the text has 23 characters.
    "mhd/Bundle-ex-comprehensiveProvideDocumentBundleReplace.json": _WITHOUT_SOURCE
    | {
        "Bundle.entry[2].resource.content[0].attachment.size": "size-wrong",
        "Bundle.entry[2].resource.context.period": "required",
        "Bundle.entry[2].resource.author": "required",
    },
    "mhd/Bundle-ex-comprehensiveProvideDocumentBundleSimple.json": _WITHOUT_SOURCE
    | {"Bundle.entry[1].resource.context.period": "required", "Bundle.entry[1].resource.author": "required"},
    "mhd/Bundle-ex-minimalProvideDocumentBundleSimple.json": {
        f"{_SET}.source": "required",
        f"{_SET}.extension": "required",
        "Bundle.entry[3].resource.identifier": "ins-invalid",
    }
    | dict.fromkeys(
        [
            f"Bundle.entry[1].resource.{name}"
            for name in ("contained", "category", "securityLabel", "context", "type", "date", "author")
        ]
        + [f"Bundle.entry[1].resource.content[0].attachment.{name}" for name in ("language", "creation", "title")],
        "required",
    ),
    "mhd/List-ex-minimalSubmissionSet.json": _WITHOUT_SOURCE
    | {f"{_SET}.subject": "required", f"{_SET}.extension": "required"},
}


def _files() -> list[str]:
    if CORPUS is None:
        return []
    folders = (CORPUS / "fhir" / name for name in ("pdsm", "pdsm4dmp", "mhd"))
    return sorted(f"{path.parent.name}/{path.name}" for folder in folders for path in folder.glob("*.json"))


def load(path: str) -> JSON:
    assert CORPUS is not None
    resource: JSON = json.loads((CORPUS / "fhir" / path).read_bytes())
    return resource


def read(resource: JSON) -> tuple[Issue, ...]:
    """The warnings."""
    match resource["resourceType"]:
        case "Bundle":
            return read_provide.read(json.dumps(resource).encode()).warnings
        case "DocumentReference":
            return document_reference.read(json.dumps(resource).encode()).warnings
        case "List":
            return read_provide.read(json.dumps(_around(resource)).encode()).warnings
    problems = Problems()
    structure.check(resource, resource["resourceType"], problems, resource["resourceType"])
    if problems.failed:
        raise FhirError(problems.issues)
    return problems.warnings


def _around(resource: JSON) -> JSON:
    """A bundle with this list and what it lacks; the list is its first entry."""
    entry = {"fullUrl": url(1), "resource": resource, "request": {"method": "POST", "url": "List"}}
    document = bundles.document(2, b"x")
    subject = resource.get("subject", bundles.SUBJECT)
    document["resource"]["subject"] = subject
    others = [document, bundles.binary(3, b"x")]
    if resource["code"]["coding"][0]["code"] == "folder":
        whole = bundles.submission_set(1, 2) | {"fullUrl": url(9)}
        whole["resource"]["subject"] = subject
        others.append(whole)
    return bundles.bundle(entry, *others)


@needs_corpus
@pytest.mark.parametrize("path", _files())
def test_an_official_example(path: str) -> None:
    resource = load(path)
    if path in REFUSED:
        with pytest.raises(FhirError) as caught:
            read(resource)
        found = {issue.expression: issue.details_code for issue in caught.value.issues if issue.is_error}
        assert found == REFUSED[path]
        assert caught.value.status == 422
    else:
        assert {issue.expression: issue.details_code for issue in read(resource)} == TAKEN.get(path, {})


@needs_corpus
def test_the_table_has_every_publication() -> None:
    kinds = ("Bundle-", "DocumentReference-", "List-")
    publications = {path for path in _files() if path.partition("/")[2].startswith(kinds)}
    assert publications == set(TAKEN) | set(REFUSED)
