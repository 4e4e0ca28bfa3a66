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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from carnet.kernel import config, database, embedded
from carnet.kernel.backup import BackupError, manifest
from carnet.kernel.vault.store import id_of


@dataclass
class House:
    """One installation: a data folder that PostgreSQL's own user can enter."""

    data: Path
    server: str = ""
    """Address of a PostgreSQL of its own; empty: the embedded one."""
    stack: ExitStack = field(default_factory=ExitStack)

    def start(self) -> House:
        """Keeps the embedded server up between the commands."""
        self.stack.enter_context(embedded.running(self.data, say=lambda _: None))
        return self

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
        kept |= {"CARNET_DATA_DIR": str(self.data), "DJANGO_SETTINGS_MODULE": "carnet.settings"}
        return {**kept, "CARNET_DATABASE_URL": self.server} if self.server else kept

    def destroy(self) -> None:
        self.stack.close()
        if (self.data / "postgres").exists():
            embedded.destroy(self.data)
        shutil.rmtree(self.data)

    @property
    def stored(self) -> list[Path]:
        return [path for path in (self.data / "store").rglob("*") if id_of(f"{path.parent.name}/{path.name}")]


@contextmanager
def houses() -> Iterator[Callable[[], House]]:
    made: list[House] = []

    def make() -> House:
        data = Path(tempfile.mkdtemp(prefix="carnet-backup-"))
        data.chmod(0o711)
        made.append(House(data))
        return made[-1].start()

    yield make
    for house in made:
        if house.data.exists():
            house.destroy()


def fill(house: House) -> House:
    house.carnet("migrate")
    house.script("fill")
    return house


@pytest.fixture
def new() -> Iterator[Callable[[], House]]:
    with houses() as make:
        yield make


@pytest.fixture
def full(new: Callable[[], House]) -> House:
    """For the test that destroys it."""
    return fill(new())


@dataclass(frozen=True)
class Saved:
    house: House
    copy: Path
    facts: dict[str, Any]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """A house, its backup and how it was then. Tests may add to the house, and leave the backup as it is."""
    with houses() as make:
        house = fill(make())
        copy = tmp_path_factory.mktemp("backup") / "copy"
        facts = house.facts()
        house.carnet("backup", str(copy))
        yield Saved(house, copy, facts)


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


@pytest.fixture
def server(new: Callable[[], House]) -> str:
    """The address of a server where the owner is called otherwise and is no superuser."""
    loaded = config.load({"CARNET_DATA_DIR": str(new().data)})
    with database.connect(loaded, "owner", autocommit=True) as superuser:
        superuser.execute("create role somebody login createrole password 'secret'")
        superuser.execute("create database theirs owner somebody")
        return f"postgresql://somebody:secret@/theirs?host={superuser.info.host}&port={embedded.PORT}"


def settled(fact: Any) -> Any:
    """Another name comes at another place."""
    return sorted(map(settled, fact), key=str) if isinstance(fact, list) else fact


@pytest.mark.long
def test_into_another_server_with_another_owner_and_back(
    saved: Saved, new: Callable[[], House], server: str, tmp_path: Path
) -> None:
    def renamed(facts: dict[str, Any]) -> dict[str, Any]:
        return {
            what: settled(json.loads(json.dumps(fact).replace("carnet_owner", "somebody")))
            for what, fact in facts.items()
        }

    before = renamed(saved.facts)
    theirs = new()
    theirs.server = server
    theirs.carnet("restore", str(saved.copy))
    after = renamed(theirs.facts())
    assert after.pop("era") != before.pop("era")
    for what, expected in before.items():
        assert after[what] == expected, what
    theirs.carnet("backup", str(tmp_path / "other"))
    again = new()
    again.carnet("restore", str(tmp_path / "other"))
    assert again.facts()["contents"] == before["contents"]


@pytest.mark.long
def test_nobody_else_can_read_a_backup(saved: Saved) -> None:
    for path in [saved.copy, *saved.copy.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0 or path.name == "manifest.json", path


@pytest.mark.long
def test_what_is_deposited_meanwhile_is_whole_or_absent(saved: Saved, new: Callable[[], House], tmp_path: Path) -> None:
    flow = subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.backup_script", "flow"],
        env=saved.house.environ(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert flow.stdin is not None
    assert flow.stdout is not None
    flow.stdout.readline()
    flow.stdin.write("more\n" * 20)
    flow.stdin.flush()
    saved.house.carnet("backup", str(tmp_path / "copy"))
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


@pytest.mark.long
def test_a_damaged_backup_is_refused_and_touches_nothing(
    saved: Saved, new: Callable[[], House], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(saved.copy, copy)
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


@pytest.mark.long
def test_a_house_that_is_not_empty_is_left_alone(saved: Saved) -> None:
    before = saved.house.facts()
    assert "pas vide" in saved.house.carnet("restore", str(saved.copy), code=1)
    assert "pas un dossier vide" in saved.house.carnet("backup", str(saved.copy), code=1)
    assert saved.house.facts() == before


@pytest.mark.long
def test_keys_kept_apart(saved: Saved, new: Callable[[], House], tmp_path: Path) -> None:
    assert "SANS les clés" in saved.house.carnet("backup", "--without-keys", str(tmp_path / "copy"))
    assert not (tmp_path / "copy" / "keys").exists()
    before = saved.house.facts()["contents"]
    house = new()
    assert "clé maîtresse" in house.carnet("restore", str(tmp_path / "copy"), code=1)
    assert house.stored == []
    shutil.copytree(saved.house.data / "keys", house.data / "keys", dirs_exist_ok=True)
    house.carnet("restore", str(tmp_path / "copy"))
    assert house.facts()["contents"] == before


@pytest.mark.long
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


@pytest.mark.long
def test_what_was_erased_after_the_backup_stays_erased(full: House, new: Callable[[], House], tmp_path: Path) -> None:
    """Whichever way the journal comes: kept elsewhere, in the folder that is left, or in a later backup."""
    full.carnet("backup", str(tmp_path / "copy"))
    erased = full.script("erase")
    elsewhere = tmp_path / "erasures.log"
    shutil.copy(full.data / "erasures.log", elsewhere)
    full.destroy()

    house = new()
    said = house.carnet("restore", str(tmp_path / "copy"), "--erasures", str(elsewhere))
    assert "effacés de nouveau : 1" in said
    facts = house.facts()
    assert sorted(facts["contents"].values()) == [0, 10, 70_000]
    assert (facts["faults"], facts["trail"]) == ([[], [], []], [])
    assert len(house.stored) == 3
    assert "carnets effacés : 1, journal complet" in house.carnet("check", "--deep", code=1)
    assert erased in (house.data / "erasures.log").read_text()
    house.carnet("backup", str(tmp_path / "later"))

    left = new()
    shutil.copy(elsewhere, left.data / "erasures.log")
    left.carnet("restore", str(tmp_path / "copy"))
    assert sorted(left.facts()["contents"].values()) == [0, 10, 70_000]
    after = new()
    after.carnet("restore", str(tmp_path / "later"))
    assert erased in (after.data / "erasures.log").read_text()
    assert sorted(after.facts()["contents"].values()) == [0, 10, 70_000]
