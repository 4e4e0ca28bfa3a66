"""What an operator reads in `carnet check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections, transaction

from carnet.kernel import vault
from carnet.kernel.checks import Check, Result
from carnet.kernel.vault import checks, tasks
from carnet.kernel.vault.folder import FolderStore
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of


def look(check: Check, *, deep: bool = False) -> list[Result]:
    found = check(here().config, deep)
    return [found] if isinstance(found, Result) else list(found)


def deposit(data: bytes) -> vault.StoredBlob:
    blob = vault.put(uuid4(), data)
    with transaction.atomic():
        vault.register(connections["default"], blob)
    return blob


def test_the_deep_look_names_missing_and_altered_contents(store: FolderStore) -> None:
    good, gone, bad = deposit(b"good"), deposit(b"gone"), deposit(b"bad")
    store.delete(name_of(gone.id))
    path = store.root / name_of(bad.id)
    path.write_bytes(path.read_bytes() + b"x")
    faults = [result.text for result in look(checks.store, deep=True) if not result.ok]
    assert f"contenu absent : {gone.id}" in faults
    assert f"contenu altéré : {bad.id}" in faults
    assert not any(str(good.id) in fault for fault in faults)
    assert [result.ok for result in look(checks.store)] == [True]


def test_a_store_that_cannot_be_written(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    vault.configure(replace(here().config, store_url=(tmp_path / "file" / "store").as_uri()))
    assert [result.ok for result in look(checks.store)] == [False]


def test_keys(store: FolderStore, tmp_path: Path) -> None:
    vault.prepare()
    config = here().config
    assert look(checks.keys)[0].ok
    other = replace(config, key_file=tmp_path / "other.key", store_url=(tmp_path / "other").as_uri())
    vault.configure(other)
    assert not look(checks.keys)[0].ok
    with pytest.raises(vault.KeyFault):
        vault.prepare()


def test_antivirus(store: FolderStore) -> None:
    config = here().config
    assert look(checks.scanner)[0].ok
    silent = replace(config, clamd="unix:///nowhere/clamd.socket")
    vault.scan(b"content")
    vault.configure(silent)
    assert not look(checks.scanner)[0].ok
    with pytest.raises(vault.ScannerUnavailable):
        vault.scan(b"content")


def test_the_hourly_sweep_is_a_task(store: FolderStore) -> None:
    tasks.sweep_store()
