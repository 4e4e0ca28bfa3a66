"""A web process of one's own, and what it holds of memory."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.conftest import CARNET, House, free_port

MIB = 1024


@pytest.fixture
def fresh_server(house: House) -> Iterator[tuple[str, int]]:
    """Address and process id of a web process that has served nothing yet."""
    port = free_port()
    base = f"http://localhost:{port}"
    serve = subprocess.Popen(
        [*CARNET, "serve", "--port", str(port), "--no-worker"],
        env={**os.environ, "CARNET_PORT": str(port), "CARNET_PUBLIC_URL": base},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx2.get(f"{base}/readyz", timeout=2).status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.1)
        yield base, web_process(serve.pid)
    finally:
        serve.terminate()
        serve.wait(60)


def web_process(serve: int) -> int:
    """The process that holds Django: the child of the web master, which is a child of `serve`."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                words = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"carnet.serve.web" in words:
                parents[int(folder.name)] = int(stat[1])
    return next(pid for pid, parent in parents.items() if parents.get(parent) == serve)


def memory(pid: int, figure: str) -> int:
    """KiB of VmRSS (now) or VmHWM (peak)."""
    found = re.search(rf"^{figure}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])
