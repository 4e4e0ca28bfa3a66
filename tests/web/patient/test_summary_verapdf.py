"""What we print against veraPDF, where it is: `VERAPDF_JARS` names the folder of its jars (Maven Central,
org.verapdf.apps:greenfield-apps, `mvn dependency:copy-dependencies`). It knows nothing of how the files were made."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from carnet.health import stating as saying
from carnet.kernel.actor import Purpose
from tests import people
from tests.health.stated import stating
from tests.health.test_vaccinations import BOOSTER, MMR, vaccinated
from tests.sessions import COOKIE, session_of
from tests.web.patient.test_summary import Own, asthma, peanut

pytestmark = pytest.mark.long
JARS = os.environ.get("VERAPDF_JARS", "")


@pytest.fixture
def own(server: str) -> Iterator[Own]:
    patient = people.a_patient()
    with httpx2.Client(base_url=server, timeout=60, cookies={COOKIE: session_of(patient.actor)}) as client:
        yield Own(client, patient)


@pytest.mark.skipif(not (JARS and shutil.which("java")), reason="NO veraPDF: PDF/UA-1 is NOT checked by another")
def test_every_printed_page_keeps_to_pdf_ua(own: Own, tmp_path: Path) -> None:
    stating(own.patient, peanut(), vaccinated(BOOSTER, "2024-04-09"), *(asthma(f"Maladie {n}") for n in range(60)))
    asked: dict[str, Any] = {"record_id": own.patient.record_id}
    saying.state(own.patient.actor, Purpose.SELF, entry=vaccinated(MMR, "1983-03", text="ROR Ωμέγα 日"), **asked)
    for language in ("fr", "en"):
        (tmp_path / f"summary-{language}.pdf").write_bytes(own.pdf(f"langue={language}"))
        certificate = own.opens(f"/sante/vaccinations/attestation/telecharger?langue={language}")
        (tmp_path / f"certificate-{language}.pdf").write_bytes(certificate.content)
    files = sorted(map(str, tmp_path.glob("*.pdf")))
    program = ["java", "-cp", f"{JARS}/*", "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", "ua1"]
    said = subprocess.run([*program, "--format", "text", *files], capture_output=True, text=True, check=False)
    assert [line.split()[0] for line in said.stdout.splitlines() if ".pdf" in line] == ["PASS"] * len(files), (
        said.stdout
    )
