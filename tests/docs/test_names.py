"""Commands, targets and settings that the pages name exist, and do what the pages say they take."""

from __future__ import annotations

import argparse
import importlib
import os
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from carnet.cli import COMMANDS
from carnet.kernel.config import SETTINGS, Config, load
from tests.docs.files import code, name, pages, text, tracked
from tests.docs.generate import RESERVED, ROOT

UNITS = [path for path in tracked() if path.suffix in {".service", ".timer"}]
GUIDES = [*pages(), *UNITS]
PROGRAM = [path for path in tracked() if path.is_relative_to(ROOT / "src") and path.suffix in {".py", ".html", ".sql"}]

# `carnet` where a command begins: at the start, after a path, an assignment, `$(`, a pipe, or what runs it as another.
_COMMAND = re.compile(r"(?:^\s*|/bin/|[A-Z]=\S* |\$\(|\| |-- |&& |'|=)carnet ([a-z][a-z-]*)([^|&$#;)`']*)")
# In a sentence of the program: « carnet migrate », `carnet keys rewrap`.
_SAID = re.compile(r"(?:« ?|`)carnet ([a-z][a-z-]*)([^»`]*)")
_TARGET = re.compile(r"(?:^\s*|&& |[A-Z]=\S* )make ([a-z][a-z-]*)")
_VARIABLE = re.compile(r"\bCARNET_[A-Z0-9_]*[A-Z0-9](?:_\*)?")
# Read beside the program: by tests, by the Makefile.
_NEIGHBOURS = {"CARNET_CHROMIUM", "CARNET_CASES", "CARNET_FUZZ_SECONDS"}
# Stands for any secret.
_ANY = "CARNET_X_FILE"


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"carnet.cli.{command.replace('-', '_')}").add_arguments(parser)
    return parser


def _accepted(parser: argparse.ArgumentParser) -> tuple[set[str], set[str]]:
    """Options, and the words among which the first argument is chosen."""
    options, words = set(parser._option_string_actions), set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            words |= set(action.choices)
            for part in action.choices.values():
                options |= set(part._option_string_actions)
        elif not action.option_strings and action.choices:
            words |= {str(choice) for choice in action.choices}
    return options, words


def _faults(line: str, pattern: re.Pattern[str]) -> Iterator[str]:
    known = {command.replace("_", "-") for command in COMMANDS}
    for command, rest in pattern.findall(line):
        if command not in known:
            yield f"carnet {command}"
            continue
        options, words = _accepted(_parser(command))
        yield from (f"carnet {command} {option}" for option in re.findall(r"--[a-z-]+", rest) if option not in options)
        first = re.match(r" +([a-z][a-z-]+)(?= |$)", rest)
        if words and first and first[1] not in words:
            yield f"carnet {command} {first[1]}"


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_commands(page: Path) -> None:
    assert [fault for line in code(page) for fault in _faults(line, _COMMAND)] == []


def test_commands_that_the_program_names() -> None:
    found = {path: list(_faults(text(path), _SAID)) for path in PROGRAM}
    assert {name(path): faults for path, faults in found.items() if faults} == {}


def test_the_eye_for_commands() -> None:
    line = "    CARNET_DEMO=1 .venv/bin/carnet audit sow x && y=$(carnet toke --as a | carnet deposit --nothing"
    assert list(_faults(line, _COMMAND)) == ["carnet audit sow", "carnet toke", "carnet deposit --nothing"]
    assert list(_faults("create database carnet owner carnet_owner", _COMMAND)) == []


@pytest.mark.parametrize("page", pages(), ids=name)
def test_targets(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {target for line in code(page) for target in _TARGET.findall(line)}
    assert named - targets == set()


def _exists(variable: str) -> bool:
    settings = {setting.name for setting in SETTINGS}
    files = {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    if variable.endswith("_*"):
        return any(each.startswith(variable[:-1]) for each in settings)
    return variable in settings | files | _NEIGHBOURS | {_ANY}


@pytest.mark.parametrize("page", [*GUIDES, ROOT / "Makefile", ROOT / ".ci/run"], ids=name)
def test_settings(page: Path) -> None:
    assert [variable for variable in _VARIABLE.findall(text(page)) if not _exists(variable)] == []


def test_settings_that_the_program_names() -> None:
    found = {name(path): set(_VARIABLE.findall(text(path))) for path in PROGRAM}
    assert {path: unknown for path, names in found.items() if (unknown := {n for n in names if not _exists(n)})} == {}


class _Listening(dict[str, str]):
    """An environment without anything in it, which notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return default


def test_every_setting_is_read_and_nothing_else() -> None:
    environ = _Listening()
    load(environ)
    assert environ.asked == {s.name for s in SETTINGS} | {f"{s.name}_FILE" for s in SETTINGS if s.secret}


def test_settings_that_do_nothing_yet() -> None:
    """Whoever begins to use one takes it out of RESERVED, and out of "not used yet" in the documentation."""
    program = "\n".join(text(path) for path in PROGRAM if path.suffix == ".py")
    unused = {each.name for each in fields(Config) if not re.search(rf"\.{each.name}\b", program)}
    assert {f"CARNET_{field.upper()}" for field in unused} == RESERVED


def test_nothing_else_is_read_from_the_environment_by_name() -> None:
    """A CARNET_ variable is read in kernel.config, or it is not checked."""
    own = ROOT / "src/carnet/kernel/config.py"
    reading = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()["'](CARNET_\w+)["'](?!\] =)""")
    assert {name(path) for path in PROGRAM if path != own and reading.search(text(path))} == set()


@pytest.mark.parametrize("unit", [path for path in UNITS if path.suffix == ".service"], ids=name)
def test_units_run_the_program_where_it_is_installed(unit: Path) -> None:
    install = text(ROOT / "docs/operate/install.md")
    home = re.search(r"^WorkingDirectory=(.+)$", text(unit), re.MULTILINE)
    assert home
    assert f"git clone … {home[1]}" in install
    for file in re.findall(r"^EnvironmentFile=(.+)$", text(unit), re.MULTILINE):
        assert file in install
    for folder in re.findall(r"^ReadWritePaths=(.+)$", text(unit), re.MULTILINE)[0].split():
        assert os.path.isabs(folder)  # noqa: PTH117
        assert folder in install
