"""The pages of docs/ that say what the code says: `make docs` writes them, test_generated.py compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from carnet.demo import vocabulary
from carnet.demo.authors import SURGEON
from carnet.demo.cast import DOMINIQUE
from carnet.demo.cda import build
from carnet.demo.model import Document
from carnet.demo.words import moment
from carnet.formats.cda.build.sections import course, plan, reason
from carnet.formats.fhir.entries.extensions import BASE, MEANINGS
from carnet.formats.fhir.errors import CATALOGUE, Problem
from carnet.kernel.config import SETTINGS, Setting
from tests.docs.bundle import bundle_page

ROOT: Final = Path(__file__).resolve().parents[2]

# A group goes from the setting named here to the next one, in the order of SETTINGS.
_GROUPS: Final = {
    "CARNET_DATA_DIR": "The installation",
    "CARNET_DATABASE_URL": "Database",
    "CARNET_STORE_URL": "Documents",
    "CARNET_KEY_FILE": "Master key",
    "CARNET_PATIENT_OIDC_ISSUER": "Sign-in",
    "CARNET_SMTP_URL": "Mail",
    "CARNET_RECEIVER_NETWORKS": "Subscriptions",
    "CARNET_MAX_FHIR_BYTES": "Limits",
    "CARNET_METRICS_TOKEN": "Watching",
}
# Checked and kept, but nothing reads them so far: test_names.py knows when that ends.
RESERVED: Final[frozenset[str]] = frozenset()

_SETTINGS_HEAD: Final = """\
# Settings

Environment variables, read once when a process starts; `carnet check` names a wrong one, and one that does not exist.
An empty variable counts as unset. In the defaults, DATA is the folder of `CARNET_DATA_DIR`, PORT that of `CARNET_PORT`.

A **secret** may stand in a file instead: append `_FILE` to the name and give the path, for instance
`CARNET_READER_PASSWORD_FILE=/etc/carnet/reader`. Give one or the other, not both.

An S3 store takes the usual `AWS_…` variables besides ([keys.md](keys.md#where-contents-lie)); the files that settings
stand in are in [install.md](install.md). Tests also read `CARNET_CHROMIUM` (the browser to drive), `CARNET_CASES` (how
many examples a property is tried on) and `CARNET_FUZZ_SECONDS` (how long readers are fuzzed).
"""
_ERRORS_HEAD: Final = """\
# Errors of the FHIR interface

An error is an `OperationOutcome`. Each of its issues carries a code of this list in `details.coding`, under the
system `urn:carnet:fhir:problem`; codes are never renamed. `details.text` says what is wrong and `diagnostics` how to
mend it, both in French as below, with the figures of the case; `expression` says where in the resource. All problems
of a request come at once, the status is the highest of theirs, and nothing is half stored. The XDS code, a second
coding, is what the same fault is called in IHE XDS.b, for those who come from there.
"""
_EXTENSIONS_HEAD: Final = """\
# Extensions of clinical facts

Observations, conditions, medicines and the other clinical facts are plain FHIR R4. What a source says and R4 has no
place for stands in an extension; software may leave every one out. Their `url` is the name below after
`{base}`, their value of the type in brackets. A code that FHIR demands and the source does not
give carries `not-stated`.
"""
_GENERATED: Final = "<!-- Written by `make docs` from {source}: change it there. -->\n"


def settings_page() -> str:
    parts = [_GENERATED.format(source="src/carnet/kernel/config.py"), _SETTINGS_HEAD]
    for title, settings in _grouped().items():
        parts.append(f"## {title}\n")
        parts.append(_table(("setting", "meaning", "default"), [_setting_row(each) for each in settings]))
    return "\n".join(parts)


def _grouped() -> Mapping[str, list[Setting]]:
    groups: dict[str, list[Setting]] = {}
    title = ""
    for setting in SETTINGS:
        title = _GROUPS.get(setting.name, title)
        groups.setdefault(title, []).append(setting)
    return groups


def _setting_row(setting: Setting) -> tuple[str, ...]:
    notes = (" **Secret.**" if setting.secret else "") + (" *Not used yet.*" if setting.name in RESERVED else "")
    return f"`{setting.name}`", setting.meaning + notes, setting.default


def errors_page() -> str:
    errors = [each for each in CATALOGUE.values() if each.severity == "error"]
    warnings = [each for each in CATALOGUE.values() if each.severity != "error"]
    head = ("code", "HTTP", "issue type", "what it says", "remedy", "XDS")
    return "\n".join(
        [
            _GENERATED.format(source="src/carnet/formats/fhir/problems/"),
            _ERRORS_HEAD,
            "## Refusals\n",
            _table(head, [_problem_row(each) for each in errors]),
            "## Warnings\n",
            "The request is done all the same; the answer tells what was mended or left out.\n",
            _table(head, [_problem_row(each) for each in warnings]),
        ]
    )


def _problem_row(problem: Problem) -> tuple[str, ...]:
    xds = f"`{problem.xds}`" if problem.xds else ""
    return f"`{problem.code}`", str(problem.status), problem.issue, problem.text_fr, problem.remedy_fr, xds


def extensions_page() -> str:
    rows = [(f"`{name}`", meaning) for name, meaning in sorted(MEANINGS.items())]
    source = "src/carnet/formats/fhir/entries/extensions.py"
    head = _EXTENSIONS_HEAD.format(base=BASE)
    return "\n".join([_GENERATED.format(source=source), head, _table(("name", "what it says"), rows)])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(cell.replace("|", r"\|") for cell in row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def letter_page() -> str:
    """A CDA to try a deposit with: the hospital sends Dominique home; not among the documents of the cast."""
    document = Document(
        key="exemple-sortie",
        model=vocabulary.DISCHARGE_LETTER,
        title="Lettre de liaison à la sortie",
        at=moment("2026-06-12"),
        patient=DOMINIQUE.identity,
        author=SURGEON,
        organisation=SURGEON.organisation,
        depositor="hopital",
        body=(
            reason("Réparation d'une petite hernie ombilicale, en ambulatoire."),
            course("Intervention sans incident le matin, retour à la maison le soir."),
            plan("Pas de port de charge pendant un mois.", "Consultation avec le chirurgien dans six semaines."),
        ),
    )
    return build(document).decode()


PAGES: Final = {
    ROOT / "docs/operate/settings.md": settings_page,
    ROOT / "docs/integrate/errors.md": errors_page,
    ROOT / "docs/integrate/extensions.md": extensions_page,
    ROOT / "docs/integrate/letter.xml": letter_page,
    ROOT / "docs/integrate/first/bundle.json": bundle_page,
}


def main() -> None:
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
