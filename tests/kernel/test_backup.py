"""A backup brings everything back after everything was destroyed, and a damaged one is refused before it
does harm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from carnet.kernel import embedded
from carnet.kernel.backup import BackupError, manifest
from carnet.kernel.vault.store import id_of


@dataclass
class House:
    """One installation: a data folder that PostgreSQL's own user can enter."""

    data: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *command], env=self.environ(), capture_output=True, text=True, check=False
        )

    def carnet(self, *arguments: str, code: int = 0) -> str:
        done = self.run("carnet", *arguments)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def script(self, what: str) -> str:
        done = self.run("tests.kernel.backup_script", what)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.script("facts"))
        return facts

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
        return {**kept, "CARNET_DATA_DIR": str(self.data), "DJANGO_SETTINGS_MODULE": "carnet.settings"}

    def destroy(self) -> None:
        if (self.data / "postgres").exists():
            embedded.destroy(self.data)
        shutil.rmtree(self.data)

    @property
    def stored(self) -> list[Path]:
        return [path for path in (self.data / "store").rglob("*") if id_of(f"{path.parent.name}/{path.name}")]


@pytest.fixture
def new() -> Iterator[Callable[[], House]]:
    houses: list[House] = []

    def make() -> House:
        data = Path(tempfile.mkdtemp(prefix="carnet-backup-"))
        data.chmod(0o711)
        houses.append(House(data))
        return houses[-1]

    yield make
    for house in houses:
        if house.data.exists():
            house.destroy()


@pytest.fixture
def full(new: Callable[[], House]) -> House:
    house = new()
    house.carnet("migrate")
    house.script("fill")
    return house


def test_everything_destroyed_comes_back(full: House, new: Callable[[], House], tmp_path: Path) -> None:
    before = full.facts()
    assert before["faults"] == [[], [], []]
    assert sorted(before["contents"].values()) == [0, 10, 70_000, 200_000]
    assert "4 contenus" in full.carnet("backup", str(tmp_path / "copy"))
    full.destroy()

    house = new()
    house.carnet("restore", str(tmp_path / "copy"))
    after = house.facts()
    assert after.pop("era") == [before.pop("era")[0] + 1]
    for what, expected in before.items():
        assert after[what] == expected, what
    # And the house goes on.
    house.carnet("migrate")
    house.script("fill")
    grown = house.facts()
    assert len(grown["contents"]) == 8
    assert grown["trail"] == []
    assert grown["faults"] == [[], [], []]


def test_nobody_else_can_read_a_backup(full: House, tmp_path: Path) -> None:
    full.carnet("backup", str(tmp_path / "copy"))
    for path in [tmp_path / "copy", *(tmp_path / "copy").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0 or path.name == "manifest.json", path


def test_what_is_deposited_meanwhile_is_whole_or_absent(full: House, new: Callable[[], House], tmp_path: Path) -> None:
    flow = subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.backup_script", "flow"],
        env=full.environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert flow.stdin is not None
    assert flow.stdout is not None
    flow.stdout.readline()
    flow.stdin.write("more\n" * 20)
    flow.stdin.flush()
    full.carnet("backup", str(tmp_path / "copy"))
    flow.communicate()
    house = new()
    house.carnet("restore", str(tmp_path / "copy"))
    facts = house.facts()
    assert facts["faults"] == [[], [], []]
    assert 4 <= len(facts["contents"]) <= 404


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_damaged_backup_is_refused_and_touches_nothing(full: House, new: Callable[[], House], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    full.carnet("backup", str(copy))
    content = next(path for path in (copy / "contents").rglob("*") if path.is_file() and path.stat().st_size > 100)
    for path in (
        copy / "database.dump",
        copy / "contents.tsv",
        copy / "keys" / "master.key",
        copy / "seals.log",
        content,
    ):
        for damage in (_cut, _flip, Path.unlink):
            sound = path.read_bytes()
            damage(path)
            with pytest.raises(BackupError, match=path.name):
                manifest.verify(copy, manifest.read(copy))
            path.write_bytes(sound)
    _flip(content)
    house = new()
    assert content.name in house.carnet("restore", str(copy), code=1)
    _flip(content)
    (copy / "manifest.json").rename(tmp_path / "aside")
    assert "manifest.json" in house.carnet("restore", str(copy), code=1)
    assert house.stored == []
    (tmp_path / "aside").rename(copy / "manifest.json")
    house.carnet("restore", str(copy))


def test_a_house_that_is_not_empty_is_left_alone(full: House, tmp_path: Path) -> None:
    full.carnet("backup", str(tmp_path / "copy"))
    full.script("fill")
    before = full.facts()
    assert "pas vide" in full.carnet("restore", str(tmp_path / "copy"), code=1)
    assert "pas un dossier vide" in full.carnet("backup", str(tmp_path / "copy"), code=1)
    assert full.facts() == before


def test_keys_kept_apart(full: House, new: Callable[[], House], tmp_path: Path) -> None:
    assert "SANS les clés" in full.carnet("backup", "--without-keys", str(tmp_path / "copy"))
    assert not (tmp_path / "copy" / "keys").exists()
    before = full.facts()["contents"]
    house = new()
    assert "clé maîtresse" in house.carnet("restore", str(tmp_path / "copy"), code=1)
    assert house.stored == []
    shutil.copytree(full.data / "keys", house.data / "keys", dirs_exist_ok=True)
    house.carnet("restore", str(tmp_path / "copy"))
    assert house.facts()["contents"] == before


def test_a_content_that_is_already_lost_is_named_and_costs_only_itself(
    full: House, new: Callable[[], House], tmp_path: Path
) -> None:
    lost, altered = full.stored[:2]
    lost.unlink()
    _flip(altered)
    said = full.carnet("backup", str(tmp_path / "copy"), code=1)
    assert lost.name in said
    assert altered.name in said
    house = new()
    said = house.carnet("restore", str(tmp_path / "copy"), code=1)
    assert lost.name in said
    assert {path.name for path in house.stored} == {path.name for path in full.stored[:]} - {altered.name}
