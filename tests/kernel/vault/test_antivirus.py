"""The antivirus: closed by default when it is silent; and against a real clamd with a signature of our own."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.kernel.vault import antivirus
from carnet.kernel.vault.errors import Refused, ScannerUnavailable, StoreFault
from tests.conftest import free_port

BAD = b"a perfectly fictitious piece of malware"
CONFIGURATION = """
Foreground yes
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.socket
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength {limit}
TemporaryDirectory {folder}
User root
"""


@pytest.mark.parametrize("address", ["unix:///nowhere/clamd.socket", "tcp://127.0.0.1:1"])
def test_unreachable_means_refused_for_now(address: str) -> None:
    with pytest.raises(ScannerUnavailable) as caught:
        antivirus.scan(b"content", address)
    assert caught.value.code == "scanner-unavailable"
    assert "réessayez" in caught.value.message
    assert not antivirus.ping(address)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(StoreFault, match="CARNET_CLAMD"):
        antivirus.scan(b"content", "http://127.0.0.1:3310")


@pytest.mark.parametrize("answer", [b"", b"\0", b"stream: ERROR\0", b"INSTREAM size limit exceeded. ERROR\0", b"OK\0"])
def test_anything_but_a_clear_answer_means_refused_for_now(answer: bytes) -> None:
    """A listener that is no clamd, or one in trouble."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        speaker = threading.Thread(target=_say, args=(listener, answer))
        speaker.start()
        with pytest.raises(ScannerUnavailable):
            antivirus.scan(b"content", f"tcp://127.0.0.1:{port}")
        speaker.join()


def _say(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        while len(part := connection.recv(4096)) and not part.endswith(b"\0\0\0\0"):
            pass
        connection.sendall(answer)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    signatures = folder / "signatures"
    signatures.mkdir()
    # Two ways to name it: the whole file's hash, and bytes anywhere.
    (signatures / "ours.hdb").write_text(
        f"{hashlib.md5(BAD, usedforsecurity=False).hexdigest()}:{len(BAD)}:Ours.Whole\n"
    )
    (signatures / "ours.ndb").write_text(f"Ours.Inside:0:*:{BAD.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, limit="30M"))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(["clamd", "-c", str(configuration)], stdout=log, stderr=subprocess.STDOUT)
        try:
            addresses = (f"tcp://127.0.0.1:{port}", f"unix://{folder}/clamd.socket")
            _wait_for(addresses[0], folder / "log")
            yield addresses
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str, log: Path) -> None:
    until = time.monotonic() + 60
    while not antivirus.ping(address):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


@pytest.mark.long
@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not here: the antivirus is NOT tested")
class TestRealClamd:
    @pytest.mark.parametrize("way", [0, 1])
    def test_clean_and_not(self, clamd: tuple[str, str], way: int) -> None:
        antivirus.scan(b"Compte rendu", clamd[way])
        antivirus.scan(bytes(25 * 1024 * 1024), clamd[way])
        for data in (BAD, b"before " + BAD + b" after", bytes(2_000_000) + BAD):
            with pytest.raises(Refused) as caught:
                antivirus.scan(data, clamd[way])
            assert caught.value.code == "malware"

    def test_more_than_clamd_takes_is_refused_for_now(self, clamd: tuple[str, str]) -> None:
        with pytest.raises(ScannerUnavailable):
            antivirus.scan(bytes(40 * 1024 * 1024), clamd[0])
