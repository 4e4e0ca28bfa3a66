"""The real documents: each is deposited after a record has been opened for its INS, found with the metadata of the
manifest, and comes back byte for byte. What is not accepted is listed here by name, with the fault of its own."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx2
import pytest

from tests.conftest import carnet
from tests.corpus import CORPUS, cda_bytes, cda_facts, needs_corpus

pytestmark = needs_corpus

# Same bytes as the replacement before it: the deletion travels in the message around it, so that the file adds
# nothing (neither a document nor a clash).
DUPLICATES = {"cda-chains/ris/suppression_cr_imagerie.xml"}
REFUSED: dict[str, str] = {}


@pytest.fixture(scope="module")
def results(server: str) -> dict[str, tuple[str, str]]:
    """File → (deposited | duplicate | refused, FHIR id or reason), from one call of the program."""
    assert CORPUS is not None
    files = {str(CORPUS / facts["file"]): facts["file"] for facts in cda_facts()}
    done = carnet("deposit", "--as", "hopital", "--open-records", *files, check=False)
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert len(lines) == len(files), done.stdout + done.stderr
    return {file: tuple(line.split()[:2]) for file, line in zip(files.values(), lines, strict=True)}  # type: ignore[misc]


def test_fifty_files_are_accepted(results: dict[str, tuple[str, str]]) -> None:
    assert len(results) == 50
    refused = {file: reason for file, (verdict, reason) in results.items() if verdict == "refused"}
    assert refused == REFUSED
    assert {file for file, (verdict, _) in results.items() if verdict == "duplicate"} == DUPLICATES


@pytest.mark.parametrize("facts", cda_facts(), ids=lambda facts: str(facts["file"]))
def test_the_document_is_found_and_comes_back_byte_for_byte(
    facts: dict[str, Any], results: dict[str, tuple[str, str]], server: str, tokens: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {tokens['hopital']}"}
    fhir_id = results[facts["file"]][1]
    reference = httpx2.get(f"{server}/fhir/DocumentReference/{fhir_id}", headers=headers).json()
    content = httpx2.get(f"{server}/fhir/{reference['content'][0]['attachment']['url']}", headers=headers)
    assert content.content == cda_bytes(facts)
    assert _facts_of(reference) == _facts_of_manifest(facts)


def test_the_same_files_again_add_nothing(results: dict[str, tuple[str, str]]) -> None:
    assert CORPUS is not None
    files = [str(CORPUS / facts["file"]) for facts in cda_facts()]
    again = carnet("deposit", "--as", "hopital", *files)
    lines = [line.split()[:2] for line in again.stdout.splitlines() if not line.startswith(" ")]
    assert [verdict for verdict, _ in lines] == ["duplicate"] * 50
    assert {identifier for _, identifier in lines} == {identifier for _, identifier in results.values()}


def test_a_replacement_supersedes_even_when_it_came_first(
    results: dict[str, tuple[str, str]], server: str, tokens: dict[str, str]
) -> None:
    headers = {"Authorization": f"Bearer {tokens['hopital']}"}
    statuses = {
        name: httpx2.get(f"{server}/fhir/DocumentReference/{results[name][1]}", headers=headers).json()["status"]
        for name in (
            "cda-chains/ris/transmission_initiale_cr_imagerie.xml",
            "cda-chains/ris/remplacement_cr_imagerie.xml",
        )
    }
    assert list(statuses.values()) == ["superseded", "current"]


def test_the_same_unique_id_with_other_bytes_is_refused(results: dict[str, tuple[str, str]], tmp_path: Any) -> None:
    facts = cda_facts()[0]
    altered = tmp_path / "altered.xml"
    altered.write_bytes(cda_bytes(facts) + b"\n")
    done = carnet("deposit", "--as", "hopital", str(altered), check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("refused unique-id-other-content")


def _facts_of(reference: dict[str, Any]) -> dict[str, Any]:
    attachment = reference["content"][0]["attachment"]
    return {
        "type": reference["type"]["coding"][0]["code"],
        "title": attachment["title"],
        "language": attachment["language"],
        "size": attachment["size"],
        "sha1": attachment["hash"],
        "unique_id": reference["masterIdentifier"]["value"],
        "confidentiality": reference["securityLabel"][0]["coding"][0]["code"],
        "custodian": reference["custodian"].get("display") or _contained(reference, reference["custodian"]),
    }


def _facts_of_manifest(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": facts["typeCode"]["code"],
        "title": " ".join(facts["title"].split()),
        "language": facts["languageCode"],
        "size": facts["bytes"],
        "sha1": base64.b64encode(bytes.fromhex(facts["sha1"])).decode(),
        "unique_id": f"urn:oid:{facts['id']['root']}",
        "confidentiality": facts["confidentialityCode"]["code"],
        "custodian": facts["custodian"].get("name"),
    }


def _contained(reference: dict[str, Any], pointer: dict[str, Any]) -> str | None:
    wanted = pointer["reference"].removeprefix("#")
    return next((c.get("name") for c in reference["contained"] if c["id"] == wanted), None)


def test_the_manifest_and_the_files_agree() -> None:
    """The corpus is what the manifest says; otherwise every test above would compare with nothing."""
    for facts in cda_facts():
        assert hashlib.sha1(cda_bytes(facts), usedforsecurity=False).hexdigest() == facts["sha1"]
