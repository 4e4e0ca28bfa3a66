"""The checker of certificates that the documentation gives: by the keys alone, of what a person printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.web.patient.test_certificate import KEYS, Own, altered, own, signed

__all__ = ["own"]

CHECKER = Path(__file__).parents[2] / "docs/integrate/check_certificate.py"


def test_a_code_is_checked_as_the_documentation_says(own: Own, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(own.opens(KEYS).text)
    (code,) = signed(own)

    def checked(text: str) -> subprocess.CompletedProcess[str]:
        given = [sys.executable, str(CHECKER), str(keys)]
        return subprocess.run(given, input=text, capture_output=True, text=True, check=False)

    found = checked(f"{code}\n")
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == [
        "Camille Essai 1979-03-28",
        "2024-04-09 Vaccin 0 LOT0",
        "2024-04-09 Vaccin 1 LOT1",
    ]
    for wrong in (altered(code), code[:-2], "shc:/12", "bonjour"):
        refused = checked(f"{wrong}\n")
        assert refused.returncode == 1, wrong
        assert "not genuine" in refused.stderr, wrong
