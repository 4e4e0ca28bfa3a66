"""`carnet export`: a whole record in a file, as an operator runs it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from carnet.demo.cast import record_id
from carnet.documents import queries
from carnet.kernel.actor import Purpose
from carnet.people.queries import actor_by_key
from tests.conftest import carnet
from tests.people import raw_trail

pytestmark = pytest.mark.usefixtures("house")


def test_the_whole_record_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    target = tmp_path / "dominique.zip"
    said = carnet("export", "dominique", str(target)).stdout
    actor = actor_by_key("dominique")
    assert actor
    seen = queries.list_documents(actor, Purpose.SELF, record_id("dominique"))
    with zipfile.ZipFile(target) as archive:
        originals = [name for name in archive.namelist() if name.startswith("originals/")]
        assert archive.testzip() is None
        assert "LISEZMOI.html" in archive.namelist()
    assert len(originals) >= len(seen) >= 40
    assert f"{len(originals)} documents" in said
    assert target.stat().st_mode & 0o777 == 0o600
    assert ("export-taken", "done") in raw_trail(record_id("dominique"))
    assert list(tmp_path.iterdir()) == [target]


def test_a_closed_record_is_still_its_holders(tmp_path: Path) -> None:
    assert carnet("export", "marc", str(tmp_path / "marc.zip")).returncode == 0


@pytest.mark.parametrize(
    ("who", "words"), [("nobody", "Aucun carnet"), ("claire", "n'a pas de carnet"), ("dominique", "existe déjà")]
)
def test_what_cannot_be_copied_is_said_in_one_line(who: str, words: str, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    if who == "dominique":
        target.write_bytes(b"")
    done = carnet("export", who, str(target), check=False)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_place_that_cannot_be_written_is_said() -> None:
    done = carnet("export", "dominique", "/nonexistent/x.zip", check=False)
    assert done.returncode == 1
    assert "ne peut pas être écrit" in done.stderr
