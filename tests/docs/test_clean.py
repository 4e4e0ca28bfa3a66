"""The repository says nothing of where it was written, and explains itself."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.files import name, text, tracked
from tests.docs.generate import ROOT

_HOMES = "work|root|home|Users"
_MACHINE_PATH = re.compile(rf"(?:^|[\s\"'`(=:<])(?:file://)?/(?:{_HOMES})(?:/[\w.-]|$|[\s\"'`),])", re.MULTILINE)
_REGISTRY = re.compile(
    # Not the registry of FHIR definitions, whose name stands in canonical URLs.
    r"://[\w.@:-]*\b(?:pypi|npmjs|pythonhosted|(?<!://fhir-)registry|artifactory|nexus|mirror)\b[\w-]*[.:/]"
    r"|://[^\s\"']+/simple\b|(?<!emit-)index-url[ =]|^registry *=",
    re.MULTILINE,
)
# How the work was shared out is nobody's business afterwards.
_WORKPLACE = re.compile(
    r"\b(?:the|our|your|my) (?:architect|brief|task force|reviewer)\b|\b(?:TO-?DO|FIX-?ME)\b:?(?= \w)"
    r"|\.\./shared/(?!corpus)|\b(?:this|next|last|another) (?:iteration|work session)\b",
    re.IGNORECASE,
)
_TINY = 25


def _found(pattern: re.Pattern[str]) -> dict[str, str]:
    found = {name(path): pattern.search(text(path)) for path in tracked()}
    return {path: match[0] for path, match in found.items() if match}


def test_no_path_of_a_machine() -> None:
    assert _found(_MACHINE_PATH) == {}


def test_no_package_registry() -> None:
    assert _found(_REGISTRY) == {}


def test_no_trace_of_how_the_work_was_shared() -> None:
    assert _found(_WORKPLACE) == {}


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (_MACHINE_PATH, "see /" + "home/anna/carnet for more"),
        (_MACHINE_PATH, "'/" + "root'"),
        (_REGISTRY, "https://files." + "pythonhosted.org/x"),
        (_REGISTRY, "--index-" + "url https://a.example"),
        (_WORKPLACE, "as the arch" + "itect said"),
    ],
)
def test_the_eyes(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_each_dependency_says_what_it_is_for() -> None:
    """Right above it in what runs; one comment may stand over several tools."""
    lines = [line.strip() for line in text(ROOT / "pyproject.toml").splitlines()]
    project = tomllib.loads(text(ROOT / "pyproject.toml"))

    def above(requirement: str) -> str:
        return lines[next(i for i, line in enumerate(lines) if line.startswith(f'"{requirement}"')) - 1]

    running = project["project"]["dependencies"]
    assert [each for each in running if not above(each).startswith("# ")] == []
    for tools in project["dependency-groups"].values():
        assert [each for each in tools if not above(each).startswith(("# ", '"'))] == []


def test_modules_say_what_they_are() -> None:
    """Public modules of some length; migrations say it in their names."""
    program = [path for path in tracked() if path.is_relative_to(ROOT / "src") and path.suffix == ".py"]
    assert [name(path) for path in program if _is_public(path) and not _is_said(path)] == []


def _is_public(path: Path) -> bool:
    return path.parent.name != "migrations" and (not path.name.startswith("_") or path.stem == "__init__")


def _is_said(path: Path) -> bool:
    whole = text(path)
    return len(whole.splitlines()) <= _TINY or ast.get_docstring(ast.parse(whole)) is not None
