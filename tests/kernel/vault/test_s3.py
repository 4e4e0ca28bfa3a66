"""The S3 store against S3Proxy, a real S3 server program, fetched from Maven Central."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store as Bucket

from carnet.kernel.ids import uuid7
from carnet.kernel.vault.errors import StoreFault
from carnet.kernel.vault.s3 import S3Store
from carnet.kernel.vault.store import NotThere, name_of, open_store
from tests.conftest import ROOT, free_port

ARTIFACT = "org.gaul:s3proxy:2.6.0:jar:jar-with-dependencies"
SETTINGS = """
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=carnet
s3proxy.credential=of-the-test
s3proxy.endpoint=http://127.0.0.1:{port}
jclouds.provider=filesystem-nio2
jclouds.identity=x
jclouds.credential=x
jclouds.filesystem.basedir={folder}
"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (shutil.which("java") and shutil.which("mvn")), reason="java and mvn are not here: S3 is NOT tested"
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder, port = tmp_path_factory.mktemp("s3"), free_port()
    (folder / "buckets" / "carnet").mkdir(parents=True)
    (folder / "s3proxy.conf").write_text(SETTINGS.format(port=port, folder=folder / "buckets"))
    command = ["java", "-jar", str(_jar()), "--properties", str(folder / "s3proxy.conf")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _jar() -> Path:
    folder = ROOT / "build" / "s3proxy"
    if not list(folder.glob("*.jar")):
        subprocess.run(
            ["mvn", "-q", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"], check=True
        )
    return next(folder.glob("*.jar"))


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("S3Proxy does not listen")


@pytest.fixture
def store(server: int, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "carnet")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    opened = open_store(f"s3://carnet/{uuid7()}")
    assert isinstance(opened, S3Store)
    return opened


@pytest.mark.parametrize("size", [0, 1, 100_000, 8 * 1024 * 1024, 25 * 1024 * 1024 + 7])
def test_what_is_put_comes_back(store: S3Store, size: int) -> None:
    name = name_of(uuid7())
    part = bytes(range(256)) * 256
    store.put(name, (part[: min(len(part), size - at)] for at in range(0, size, len(part))))
    whole = (part * (size // len(part) + 1))[:size]
    assert b"".join(store.get(name)) == whole
    assert store.exists(name)
    assert list(store.names()) == [name]


def test_what_is_not_there(store: S3Store) -> None:
    name = name_of(uuid7())
    with pytest.raises(NotThere):
        store.get(name)
    assert not store.exists(name)
    store.delete(name)
    assert list(store.names()) == []


def test_delete_and_age(store: S3Store) -> None:
    one, other = name_of(uuid7()), name_of(uuid7())
    store.put(one, [b"x"])
    store.put(other, [b"y"])
    now = datetime.now(UTC)
    assert list(store.names(older_than=now - timedelta(hours=1))) == []
    assert set(store.names(older_than=now + timedelta(hours=1))) == {one, other}
    assert set(store.names(folders=[one[:3], other[:3]])) == {one, other}
    assert list(store.names(folders=["000" if one[:3] != "000" else "001"])) in ([], [other])
    store.delete(one)
    assert list(store.names()) == [other]


@pytest.mark.parametrize("parts", [1, 200])
def test_an_interrupted_source_leaves_nothing_visible(store: S3Store, parts: int) -> None:
    def source() -> Iterator[bytes]:
        for _ in range(parts):
            yield bytes(64 * 1024)
        raise ValueError("the client hung up")

    with pytest.raises((ValueError, StoreFault)):
        store.put(name_of(uuid7()), source())
    assert list(store.names()) == []


def test_files_of_others_are_left_alone(store: S3Store, server: int) -> None:
    prefix = str(uuid7())
    bucket = Bucket.from_url(f"s3://carnet/{prefix}", client_options={"allow_http": True})
    obstore.put(bucket, "README", b"x")
    assert list(open_store(f"s3://carnet/{prefix}").names()) == []


def test_probe(store: S3Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.probe()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreFault):
        open_store("s3://carnet").probe()
