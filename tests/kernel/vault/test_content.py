"""Contents in and out of a real database and a real folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from carnet.kernel import vault
from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.folder import FolderStore
from carnet.kernel.vault.place import here
from carnet.kernel.vault.store import name_of
from carnet.kernel.vault.sweep import GRACE, sweep
from carnet.kernel.vault.verify import verify

pytestmark = pytest.mark.usefixtures("store")


def deposit(data: bytes, scope_id: UUID | None = None) -> vault.StoredBlob:
    blob = vault.put(scope_id or uuid4(), data)
    with transaction.atomic():
        vault.register(connections["default"], blob)
    return blob


def forget_keys() -> None:
    """As another process would see it: nothing remembered."""
    vault.configure(here().config)


@pytest.mark.parametrize("size", [0, 1, 65536, 300_000])
def test_bytes_in_bytes_out(size: int) -> None:
    data = os.urandom(size)
    blob = deposit(data)
    assert (blob.size, blob.sha256, blob.sha1) == (
        size,
        hashlib.sha256(data).digest(),
        hashlib.sha1(data, usedforsecurity=False).digest(),
    )
    forget_keys()
    assert vault.read(blob.id, blob.scope_id) == data


def test_what_lies_in_the_store_is_not_readable(store: FolderStore) -> None:
    data = b"Compte rendu d'hospitalisation " * 1000
    blob = deposit(data)
    file = (store.root / name_of(blob.id)).read_bytes()
    assert b"Compte" not in file
    assert hashlib.sha256(file).digest() == blob.stored_sha256


def test_a_stream_is_taken_as_it_comes() -> None:
    blob = vault.put(uuid4(), (b"part %d " % n for n in range(100_000)))
    assert vault.read(blob.id, blob.scope_id) == b"".join(b"part %d " % n for n in range(100_000))


def test_another_record_does_not_open_it() -> None:
    mine, other = deposit(b"mine"), deposit(b"other")
    with pytest.raises(vault.Altered):
        vault.open(mine.id, other.scope_id)
    with pytest.raises(KeyFault):
        vault.open(mine.id, uuid4())


def test_a_file_put_in_the_place_of_another_does_not_open(store: FolderStore) -> None:
    scope_id = uuid4()
    one, other = deposit(b"one", scope_id), deposit(b"other", scope_id)
    (store.root / name_of(one.id)).write_bytes((store.root / name_of(other.id)).read_bytes())
    with pytest.raises(vault.Altered) as caught:
        vault.open(one.id, scope_id)
    assert caught.value.blob_id == one.id


def test_missing_is_said_at_the_call() -> None:
    blob = deposit(b"content")
    here().store.delete(name_of(blob.id))
    with pytest.raises(vault.Missing):
        vault.open(blob.id, blob.scope_id)


def test_a_late_alteration_cuts_the_stream(store: FolderStore) -> None:
    blob = deposit(b"x" * 200_000)
    path = store.root / name_of(blob.id)
    file = bytearray(path.read_bytes())
    file[-1] ^= 1
    path.write_bytes(file)
    parts = vault.open(blob.id, blob.scope_id)
    assert next(parts) == b"x" * 65536
    with pytest.raises(vault.Altered):
        list(parts)


class TestDataKeys:
    def test_one_record_has_one_key_whoever_comes_first(self) -> None:
        scope_id = uuid4()

        def one(number: int) -> vault.StoredBlob:
            try:
                return vault.put(scope_id, b"%d" % number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            blobs = list(pool.map(one, range(24)))
        forget_keys()
        assert [vault.read(blob.id, scope_id) for blob in blobs] == [b"%d" % n for n in range(24)]

    def test_a_key_that_was_rolled_back_is_not_used_again(self) -> None:
        scope_id = uuid4()
        with transaction.atomic():
            vault.put(scope_id, b"lost")
            transaction.set_rollback(True)
        blob = deposit(b"kept", scope_id)
        forget_keys()
        assert vault.read(blob.id, scope_id) == b"kept"

    def test_inside_one_transaction(self) -> None:
        scope_id = uuid4()
        with transaction.atomic():
            blobs = [vault.put(scope_id, b"%d" % n) for n in range(3)]
            for blob in blobs:
                vault.register(connections["default"], blob)
        forget_keys()
        assert [vault.read(blob.id, scope_id) for blob in blobs] == [b"0", b"1", b"2"]

    def test_keys_of_another_installation_are_refused(self, tmp_path: Path) -> None:
        deposit(b"ties this database to its keys")
        vault.configure(
            replace(here().config, key_file=tmp_path / "other" / "master.key", store_url=(tmp_path / "s").as_uri())
        )
        with pytest.raises(KeyFault):
            vault.put(uuid4(), b"x")
        with pytest.raises(KeyFault):
            here().data_keys.check()


class TestSweep:
    def age(self, store: FolderStore, *blobs: vault.StoredBlob) -> None:
        old = (datetime.now(UTC) - GRACE - timedelta(minutes=1)).timestamp()
        for blob in blobs:
            os.utime(store.root / name_of(blob.id), (old, old))

    def test_only_old_files_without_row_go(self, store: FolderStore) -> None:
        registered, orphan = deposit(b"registered"), vault.put(uuid4(), b"orphan")
        self.age(store, registered, orphan)
        recent = vault.put(uuid4(), b"recent")
        assert sweep(datetime.now(UTC)) == 1
        assert set(store.names()) == {name_of(registered.id), name_of(recent.id)}

    def test_a_database_that_knows_nothing_of_them_removes_nothing(self, store: FolderStore) -> None:
        deposit(b"registered")
        blobs = [vault.put(UUID(int=1), b"x") for _ in range(101)]
        self.age(store, *blobs)
        assert sweep(datetime.now(UTC)) == 0
        assert len(list(store.names())) == 102

    def test_forget(self, store: FolderStore) -> None:
        registered, orphan = deposit(b"registered"), vault.put(uuid4(), b"orphan")
        vault.forget(registered)
        vault.forget(orphan)
        assert list(store.names()) == [name_of(registered.id)]


class TestVerify:
    @pytest.mark.parametrize("deep", [True, False])
    def test_missing_is_named(self, store: FolderStore, *, deep: bool) -> None:
        good, gone = deposit(b"good"), deposit(b"gone")
        store.delete(name_of(gone.id))
        report = verify(deep=deep)
        assert gone.id in report.missing
        assert good.id not in {*report.missing, *report.altered, *report.locked}
        assert not report.ok

    def test_altered_is_named_by_the_deep_look(self, store: FolderStore) -> None:
        good, bad = deposit(b"good"), deposit(b"bad")
        path = store.root / name_of(bad.id)
        path.write_bytes(path.read_bytes()[:-1])
        report = verify(deep=True)
        assert bad.id in report.altered
        assert good.id not in report.altered
        assert bad.id not in verify(deep=False).altered

    def test_a_row_that_says_otherwise_is_an_alteration(self) -> None:
        blob = deposit(b"content")
        with connections["default"].cursor() as cursor:
            cursor.execute("update kernel_blob set size = 3 where id = %s", (blob.id,))
        assert blob.id in verify(deep=True).altered


def test_rotation(tmp_path: Path) -> None:
    from carnet.kernel.vault.keys import add_key

    key_file = here().config.key_file
    before = key_file.read_bytes()
    blob = deposit(b"content")
    add_key(key_file)
    try:
        forget_keys()
        locator = vault.derive("locator")
        assert vault.read(blob.id, blob.scope_id) == b"content"
        assert here().data_keys.rewrap() > 0
        assert here().data_keys.rewrap() == 0
        forget_keys()
        assert vault.read(blob.id, blob.scope_id) == b"content"
        assert vault.derive("locator") == locator
    finally:
        _wrap_back(key_file, before)
    assert vault.read(blob.id, blob.scope_id) == b"content"


def _wrap_back(key_file: Path, before: bytes) -> None:
    """The suite's database goes on with the key it had."""
    lines = key_file.read_bytes().splitlines(keepends=True)
    key_file.write_bytes(b"".join(reversed(lines)))
    forget_keys()
    here().data_keys.rewrap()
    key_file.write_bytes(before)
    forget_keys()


MEMORY = """
import resource, sys
from dataclasses import replace
from pathlib import Path
import django
django.setup()
from uuid import uuid4
from carnet.kernel import vault
from carnet.kernel.config import load
vault.configure(replace(load(), store_url=Path(sys.argv[1]).as_uri()))
scope = uuid4()
vault.read(vault.put(scope, b"warm").id, scope)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
blob = vault.put(scope, (bytes(64 * 1024) for _ in range(16 * 25)))
assert blob.size == 25 * 1024 * 1024
assert sum(len(part) for part in vault.open(blob.id, scope)) == blob.size
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_25_megabytes_pass_in_constant_memory(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "store")],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "carnet.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 4096  # KiB
