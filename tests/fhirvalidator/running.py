"""HL7's validator, as HAPI FHIR packs it, with base R4 from Maven's registry and HL7's packages from npm's.

Fetched by their ordinary clients, once per checkout; it needs a Java 17 with its compiler, `mvn` and `npm`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import ROOT

HERE = Path(__file__).parent
PACKAGES = ("hl7.fhir.uv.ips@2.0.0", "hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1")
_KEPT = ROOT / "build" / "fhirvalidator"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


@dataclass(frozen=True)
class Finding:
    file: str
    severity: str
    place: str
    message: str

    @property
    def is_error(self) -> bool:
        return self.severity in {"error", "fatal"}


def missing() -> str:
    """What it lacks here; "" when it can run."""
    return ", ".join(name for name in ("java", "javac", "mvn", "npm") if shutil.which(name) is None)


def validate(resources: Iterable[tuple[Path, str]]) -> list[Finding]:
    """Each with the profile to hold it against, "" for base R4 and what it claims itself."""
    home = _home()
    names = [each.replace("@", "-") + ".tgz" for each in PACKAGES]
    with TemporaryDirectory() as folder:
        listed = Path(folder, "list")
        given = list(resources)
        listed.write_text("".join(f"{path}\t{profile}\n" if profile else f"{path}\n" for path, profile in given))
        command = ["java", "-Xmx1500m", "-cp", f"{home}:{home}/*", "Validate", str(listed), *names]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
    lines = [line.split("\t", 3) for line in done.stdout.splitlines()]
    assert sum(line[1:] == ["done"] for line in lines) == len(given), done.stderr[-3000:]
    return [Finding(Path(line[0]).name, *line[1:]) for line in lines if len(line) == 4]


def _home() -> Path:
    """The classes, the libraries and the packages, whole or not at all: several tests may want them at once."""
    if not _KEPT.exists():
        _KEPT.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_KEPT.parent) as folder:
            found = Path(folder, "found")
            found.mkdir()
            _run("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), _COPY, f"-DoutputDirectory={found}")
            for package in PACKAGES:
                _run("npm", "pack", "--silent", package, f"--pack-destination={found}")
            if not _KEPT.exists():
                found.replace(_KEPT)
    _run("javac", "-cp", f"{_KEPT}/*", "-d", str(_KEPT), str(HERE / "Validate.java"))
    return _KEPT


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=900)
