from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.keys import FileKeys, add_key

CONTEXT = b"scope"


def load(path: Path, *, new: bool = True) -> FileKeys:
    return FileKeys.load(path, may_create=lambda: new)


def test_a_new_installation_makes_its_key_for_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    keys = load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(base64.b64decode(path.read_text())) == 32
    assert load(path) == keys
    assert [entry.name for entry in path.parent.iterdir()] == ["master.key"]


def test_a_missing_key_is_never_replaced_when_something_is_encrypted(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="manque"):
        load(tmp_path / "master.key", new=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    load(path)
    path.chmod(mode)
    with pytest.raises(KeyFault, match="chmod 600"):
        load(path)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "pas du base64\n", "AAAA\n", "é\n"])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFault):
        load(path)


def test_processes_that_start_together_have_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load(path).keys, range(32)))
    assert len(keys) == 1


def test_a_key_made_by_hand_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(b"# made by hand\n\n" + base64.b64encode(os.urandom(32)) + b"\n")
    path.chmod(0o600)
    keys = load(path, new=False)
    wrapped, master = keys.wrap(b"k" * 32, CONTEXT)
    assert keys.unwrap(wrapped, master, CONTEXT) == b"k" * 32


def test_rotation_wraps_with_the_new_key_and_still_opens_with_the_old(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    before = load(path)
    wrapped, old = before.wrap(b"k" * 32, CONTEXT)
    derived = before.derive("locator")
    new = add_key(path)
    after = load(path)
    assert after.current() == new != old
    assert after.unwrap(wrapped, old, CONTEXT) == b"k" * 32
    assert after.wrap(b"k" * 32, CONTEXT)[1] == new
    assert after.derive("locator") == derived
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrapped_key_opens_only_for_its_record_and_unaltered(tmp_path: Path) -> None:
    keys = load(tmp_path / "master.key")
    wrapped, master = keys.wrap(b"k" * 32, CONTEXT)
    with pytest.raises(KeyFault, match="altérée"):
        keys.unwrap(wrapped, master, b"another")
    with pytest.raises(KeyFault, match="altérée"):
        keys.unwrap(wrapped[:-1] + bytes([wrapped[-1] ^ 1]), master, CONTEXT)
    with pytest.raises(KeyFault, match="n'est pas dans le fichier"):
        keys.unwrap(wrapped, "file:0000000000000000", CONTEXT)


def test_derived_secrets_differ_by_purpose_and_from_the_key(tmp_path: Path) -> None:
    keys = load(tmp_path / "master.key")
    assert len({keys.keys[0], keys.derive("locator"), keys.derive("cookies")}) == 3
    assert len(keys.derive("locator")) == 32
