"""Public FHIR clients make their usual round (token, deposits, search with pages, reading, content, change, history)
without a word written for Carnet alone; what they were answered is then held against R4, MHD and PDSm."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

import orjson
import pytest

from tests import people
from tests.api.caller import JSON, token
from tests.api.oauth.software import Software
from tests.api.publish import VISIBILITY, simplified
from tests.api.transactions import Transaction
from tests.conftest import ROOT
from tests.corpus import CORPUS, needs_corpus

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: the public clients are NOT run"),
]

HERE: Final = Path(__file__).parent
BUILD: Final = ROOT / "build" / "clients"
CONTENT: Final = "Taux normal : µ = 3 ‰."
MANY: Final = 23
PROFILES: Final = {
    "PDSm_ComprehensiveDocumentReference",
    "PDSm_SubmissionSetComprehensive",
    "PDSm_FolderComprehensive",
    "ProvideDocumentBundleResponse",
}
"""Those that the answers name and that Medplum can read."""

Client = Callable[[Path, Path], list[str]]


def _python(script: str) -> Client:
    return lambda given, answers: [str(BUILD / "venv/bin/python"), str(HERE / script), str(given), str(answers)]


def _node(script: str) -> Client:
    return lambda given, answers: ["node", str(BUILD / script), str(given), str(answers)]


CLIENTS: Final = {
    "fhir-kit-client": _node("fhir_kit_client.mjs"),
    "fhirclient (JavaScript)": _node("fhirclient_js.mjs"),
    "fhirpy": _python("fhirpy_round.py"),
    "fhirclient (Python)": _python("fhirclient_round.py"),
}


@pytest.fixture(scope="module")
def installed() -> None:
    """Under build/, as the locks say; kept from one run to the next."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc", *(each.name for each in HERE.glob("*.mjs"))):
        shutil.copy(HERE / name, BUILD / name)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=BUILD)
    _run([sys.executable, "-m", "venv", str(BUILD / "venv")])
    _run([str(BUILD / "venv/bin/pip"), "install", "--quiet", "-r", str(HERE / "requirements.txt")])


def _run(command: list[str], cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=600, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _round(server: str) -> JSON:
    """For a person and a program of their own, with a token that the authorisation server gave it for its assertion."""
    patient = people.a_patient()
    transaction = Transaction(patient.ins)
    transaction.folder([transaction.document(b"Compte rendu.")])

    def publication(text: str) -> JSON:
        body: JSON = orjson.loads(simplified(token(patient), text.encode()))
        return body

    return {
        "base": f"{server}/fhir",
        "token": Software(server).token(),
        "patient": token(patient),
        "content": CONTENT,
        "publish": publication(CONTENT),
        "many": [publication(uuid4().hex) for _ in range(MANY)],
        "transaction": transaction.bundle(),
        "hidden": {"coding": [{"system": VISIBILITY, "code": "MASQUE_PS"}]},
    }


def _answers(name: str, server: str, folder: Path) -> Path:
    given, answers = folder / "round.json", folder / "answers.json"
    given.write_bytes(orjson.dumps(_round(server)))
    _run(CLIENTS[name](given, answers))
    return answers


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_makes_its_round(name: str, server: str, tmp_path: Path) -> None:
    steps = [each["step"] for each in orjson.loads(_answers(name, server, tmp_path).read_bytes())]
    assert {"metadata", "publish", "provide", "search", "read", "history"} <= set(steps)


@needs_corpus
@pytest.mark.usefixtures("installed")
def test_what_they_are_answered_is_valid(server: str, tmp_path: Path) -> None:
    assert CORPUS is not None
    answers = _answers("fhir-kit-client", server, tmp_path)
    told = _run(["node", str(BUILD / "validate.mjs"), str(CORPUS / "fhir/definitions"), str(answers)])
    report = json.loads(told)
    assert set(report["profiled"]) >= PROFILES
    assert _each_once(report["problems"]) == set()


def _each_once(problems: list[dict[str, str]]) -> set[tuple[str, ...]]:
    return {(each["type"], each["profile"].rpartition("/")[2], each["place"], each["text"]) for each in problems}
