"""`carnet switch`: what is in effect, since when and by which source; and a change."""

from __future__ import annotations

from uuid import uuid4

import pytest

from carnet.consent import switches
from carnet.kernel import config, database
from tests.conftest import carnet

pytestmark = pytest.mark.usefixtures("house")
NAME = "secretary_sees_masked"


def a_day() -> str:
    """Far away, so that nothing changes for anybody, and nobody else's."""
    return f"{2300 + uuid4().int % 6000}-01-01"


def told(*arguments: str) -> str:
    done = carnet("switch", *arguments, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip()


def test_each_is_shown_with_what_the_sources_say() -> None:
    shown = carnet("switch").stdout
    for name in switches.NAMES:
        assert f"\n{name}  " in f"\n{shown}"
        assert switches.SOURCES[name] in shown


def test_a_change_is_planned_shown_and_kept_in_the_log() -> None:
    day, source = a_day(), f"Décision {uuid4().hex[:8]}"
    before = _epoch()
    change = (NAME, "on", "--from", day, "--source", source)
    assert carnet("switch", *change).stdout == f"{NAME} : on à partir du {day}.\n"
    assert f"  prévu : on à partir du {day} ({source})" in carnet("switch").stdout.splitlines()
    assert _epoch() > before, "what was remembered is decided anew"
    assert carnet("switch", *change).stdout == f"{NAME} est déjà on à partir du {day}.\n"
    assert _log().count(f"{NAME} on {day}") == 1
    assert "déjà un changement ce jour-là" in told(NAME, "off", "--from", day, "--source", source)


def test_the_latest_that_has_begun_is_in_effect() -> None:
    past = switches.Turned(value=True, effective=switches.today(), source="une source")
    assert switches._setting(NAME, []) == switches.Setting(NAME, value=False, latest=None, planned=())
    assert switches._setting(NAME, [past]) == switches.Setting(NAME, value=True, latest=past, planned=())


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("Les réglages sont", ("other", "on", "--from", "2999-01-01", "--source", "x")),
        ("--source TEXTE", (NAME, "on", "--from", "2999-01-01")),
        ("--source TEXTE", (NAME, "on", "--from", "2999-01-01", "--source", " ")),
        ("--source TEXTE", (NAME, "--from", "2999-01-01", "--source", "x")),
        ("--source TEXTE", (NAME, "on", "--source", "x")),
        ("AAAA-MM-JJ", (NAME, "on", "--from", "demain", "--source", "x")),
        ("Ce jour est passé", (NAME, "on", "--from", "2020-01-01", "--source", "x")),
        ("500 caractères", (NAME, "on", "--from", "2999-01-01", "--source", "x" * 501)),
    ],
)
def test_what_the_command_refuses(said: str, arguments: tuple[str, ...]) -> None:
    assert said in told(*arguments)


def _epoch() -> int:
    with database.connect(config.load(), "owner") as owner:
        row = owner.execute("select value from app.kernel_epoch where name = 'rules'").fetchone()
    assert row
    return int(row[0])


def _log() -> list[str]:
    with database.connect(config.load(), "owner") as owner:
        found = owner.execute("select detail from trail.line where action = 'switch-turned'").fetchall()
    return [row[0] for row in found]
