from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from carnet.kernel.ids import uuid7
from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.folder import FolderStore
from carnet.kernel.vault.store import NotThere, folders_of, id_of, name_of, open_store


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "deep" / "store")


def test_what_is_put_comes_back(store: FolderStore) -> None:
    name = name_of(uuid7())
    store.put(name, [b"one ", b"", b"two"])
    assert b"".join(store.get(name)) == b"one two"
    assert store.exists(name)
    assert list(store.names()) == [name]


def test_files_and_folders_are_private(store: FolderStore) -> None:
    name = name_of(uuid7())
    store.put(name, [b"content"])
    for path in [store.root.parent, *store.root.rglob("*"), store.root]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_not_there_is_said_at_the_call(store: FolderStore) -> None:
    with pytest.raises(NotThere):
        store.get(name_of(uuid7()))
    store.delete(name_of(uuid7()))
    assert not store.exists(name_of(uuid7()))
    assert list(store.names()) == []


def test_an_interrupted_source_leaves_nothing(store: FolderStore) -> None:
    def source() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the client hung up")

    with pytest.raises(ValueError, match="hung up"):
        store.put(name_of(uuid7()), source())
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_names_older_than(store: FolderStore) -> None:
    old, new = name_of(uuid7()), name_of(uuid7())
    for name in (old, new):
        store.put(name, [b"x"])
    now = datetime.now(UTC)
    hours_ago = (now - timedelta(hours=2)).timestamp()
    os.utime(store.root / old, (hours_ago, hours_ago))
    assert list(store.names(older_than=now - timedelta(hours=1))) == [old]


def test_the_fan_out_in_parts(store: FolderStore) -> None:
    names = {name_of(uuid7()) for _ in range(60)}
    for name in names:
        store.put(name, [b"x"])
    parts = [set(store.names(folders=folders_of(part, 24))) for part in range(24)]
    assert set().union(*parts) == names
    assert sum(map(len, parts)) == len(names)


def test_files_of_others_are_left_alone(store: FolderStore) -> None:
    store.put(name_of(uuid7()), [b"x"])
    (store.root / "abc").mkdir(exist_ok=True)
    (store.root / "abc" / "lost+found").write_bytes(b"")
    (store.root / "abc" / uuid4().hex).write_bytes(b"")
    (store.root / "README").write_bytes(b"")
    assert len(list(store.names())) == 1


def test_unfinished_writes_are_dropped_when_old(store: FolderStore) -> None:
    store.put(name_of(uuid7()), [b"x"])
    draft = store.root / "unfinished" / "draft"
    draft.write_bytes(b"half")
    assert store.drop_unfinished(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.drop_unfinished(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert not draft.exists()


def test_probe(store: FolderStore, tmp_path: Path) -> None:
    store.probe()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreFault):
        FolderStore(tmp_path / "file" / "store").probe()


def test_a_reader_that_gives_up_leaves_no_open_file(store: FolderStore) -> None:
    name = name_of(uuid7())
    store.put(name, [b"x" * 1_000_000])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        store.get(name).close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_names_go_both_ways() -> None:
    blob_id = uuid7()
    assert id_of(name_of(blob_id)) == blob_id
    assert id_of(f"000/{blob_id}") is None
    assert id_of("unfinished/x") is None


@pytest.mark.parametrize("url", ["", "store", "http://host/x", "file://elsewhere/x", "s3:///x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(StoreFault, match="CARNET_STORE_URL"):
        open_store(url)


def test_file_addresses(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/avec%20blanc")
    assert isinstance(store, FolderStore)
    assert store.root == tmp_path / "avec blanc"


WRITER = """
import sys
from pathlib import Path
from carnet.kernel.ids import uuid7
from carnet.kernel.vault.folder import FolderStore
from carnet.kernel.vault.store import name_of
store = FolderStore(Path(sys.argv[1]))
while True:
    name = name_of(uuid7())
    store.put(name, (bytes([65 + n]) * 65536 for n in range(16)))
    print(name, flush=True)
"""


@pytest.mark.parametrize("after", [0.005, 0.02, 0.05, 0.11, 0.2])
def test_a_writer_killed_at_any_instant_leaves_nothing_half_and_loses_nothing(tmp_path: Path, after: float) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = writer.stdout.readline().split()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    store = FolderStore(tmp_path)
    whole = b"".join(bytes([65 + n]) * 65536 for n in range(16))
    there = list(store.names())
    assert {name for name in said if len(name) == 36} <= set(there)
    assert all(b"".join(store.get(name)) == whole for name in there)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here: the order of fsync is NOT checked")
def test_synchronised_before_and_after_the_rename(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    once = WRITER.replace("while True:", "for _ in range(1):")
    run = subprocess.run(
        ["strace", "-f", "-y", "-o", str(trace), "-e", "trace=fsync,rename,renameat,renameat2,mkdir,mkdirat,write",
         sys.executable, "-c", once, str(tmp_path / "store")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode and "ptrace" in run.stderr:
        pytest.skip("this machine lets nobody trace: the order of fsync is NOT checked")
    assert run.returncode == 0, run.stderr
    name = run.stdout.strip()
    fan = f"{tmp_path}/store/{name[:3]}"
    steps = [line for line in trace.read_text().splitlines() if str(tmp_path / "store") in line]
    where = {
        "draft": _first(steps, rf"fsync\(\d+<{tmp_path}/store/unfinished/\w+>"),
        "last write": _last(steps, rf"write\(\d+<{tmp_path}/store/unfinished/\w+>"),
        "new folder": _first(steps, rf"mkdir\w*\(.*{fan}"),
        "its parent": _last(steps, rf"fsync\(\d+<{tmp_path}/store>\)"),
        "rename": _first(steps, r"rename\w*\("),
        "folder": _last(steps, rf"fsync\(\d+<{fan}>\)"),
    }
    assert where["last write"] < where["draft"] < where["rename"] < where["folder"]
    assert where["new folder"] < where["its parent"] < where["folder"]


def _first(lines: list[str], pattern: str) -> int:
    return next(number for number, line in enumerate(lines) if re.search(pattern, line))


def _last(lines: list[str], pattern: str) -> int:
    return max(number for number, line in enumerate(lines) if re.search(pattern, line))
