"""What the pages say to type does what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from carnet.kernel import config, database
from tests.aging import put_back
from tests.docs.files import text
from tests.docs.generate import ROOT
from tests.docs.typing_in import here, program

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="no curl: what the pages say to type is NOT tried")


def _typed(page: str, first: str, server: str, folder: Path) -> str:
    """The block of the page that begins with `first`, typed into a shell; what it says."""
    block = re.search(rf"```sh\n({re.escape(first)}.*?)```", text(ROOT / page), re.DOTALL)
    assert block, f"{page} has no block that begins with {first}"
    script = here(block[1], server, program(folder))
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_thinnest_whole_journey(server: str, tmp_path: Path) -> None:
    with database.connect(config.load(), "owner", autocommit=True) as owner:
        put_back(owner)
    said = _typed("README.md", "export CARNET_DEMO=1", server, tmp_path)
    assert re.search(r"^(deposited|duplicate) \S+ letter\.xml$", said, re.MULTILINE)
    assert "avertissement" not in said
    assert "the same bytes" in said
    assert '"code":"forbidden"' in said
    assert "Dr Philippe Martin" in said
    assert re.search(r"documents-search no-link .* refusé$", said, re.MULTILINE)
    assert re.search(r"^\d+ lignes, \d+ sceaux", said, re.MULTILINE)


@pytest.mark.long
def test_a_deposit_by_software(server: str, tmp_path: Path) -> None:
    said = _typed("docs/integrate/fhir.md", "TOKEN=", server, tmp_path)
    assert said.startswith('{"resourceType":"DocumentReference"')


def test_an_app_is_launched_with_the_patient_chosen(server: str, tmp_path: Path) -> None:
    said = _typed("docs/integrate/launch.md", "export CARNET_DEMO=1", server, tmp_path)
    assert '"launch_url": "http://localhost:3999/lancer?iss=' in said
    assert '"link_expires_in": 60' in said
    assert "279035121518989" not in said


def test_software_gets_its_token_by_itself(server: str, tmp_path: Path) -> None:
    said = _typed("docs/integrate/authorisation.md", "export CARNET_DEMO=1", server, tmp_path)
    assert '"scope":"user/Patient.s"' in said
    assert '"resourceType":"Bundle"' in said
    assert '"total":1' in said
