"""One house per test process: a data folder, a real PostgreSQL in it, migrated, with the cast; and, when asked for,
`carnet serve` on a free port. Nothing is rolled back: two log-ins cannot share a transaction, so a test that
changes something makes its own people."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import browser  # noqa: F401  (a fixture of everybody)
from tests.standing_by import as_asked

ROOT = Path(__file__).resolve().parents[1]
CARNET = [sys.executable, "-m", "carnet"]

_stack = ExitStack()
# Other tests run beside: how long one case takes says nothing.
settings.register_profile("beside-others", deadline=None)
settings.load_profile("beside-others")


def _data_folder() -> Path:
    """Traversable, since PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-test-"))
    folder.chmod(0o711)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ:
        return
    if config.option.collectonly:
        return
    data = _data_folder()
    _stack.callback(shutil.rmtree, data, ignore_errors=True)
    port = free_port()
    for name in [name for name in os.environ if name.startswith("CARNET_")]:
        if name not in {"CARNET_CHROMIUM", "CARNET_CASES", "CARNET_FUZZ_SECONDS", "CARNET_SITUATION"}:
            del os.environ[name]
    os.environ.update(
        CARNET_DATA_DIR=str(data),
        CARNET_DEMO="1",
        CARNET_PORT=str(port),
        CARNET_PUBLIC_URL=f"http://localhost:{port}",
        DJANGO_SETTINGS_MODULE="carnet.settings",
        # Playwright leaves an event loop in this thread, which Django would take for ours.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    from carnet.kernel import config as carnet_config
    from carnet.kernel import embedded

    loaded = carnet_config.load()
    _stack.callback(embedded.destroy, loaded.data_dir, runtime_dir=loaded.runtime_dir)
    _stack.enter_context(embedded.running(loaded.data_dir, runtime_dir=loaded.runtime_dir, say=lambda _: None))
    carnet("migrate")
    import django

    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    _stack.close()


def carnet(*arguments: str, check: bool = True, **environ: str) -> subprocess.CompletedProcess[str]:
    """The program, as an operator runs it, on the test's house."""
    ready = None if environ else as_asked(arguments)
    done = ready.run(arguments) if ready else _from_nothing(arguments, environ)
    if check and done.returncode != 0:
        raise AssertionError(f"carnet {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def _from_nothing(arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CARNET, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        timeout=300,
        check=False,
    )


@dataclass(frozen=True)
class House:
    data_dir: Path
    base: str


@pytest.fixture(scope="session")
def house() -> House:
    """The migrated database with the cast of the demonstration."""
    carnet("demo-data")
    return House(Path(os.environ["CARNET_DATA_DIR"]), os.environ["CARNET_PUBLIC_URL"])


@pytest.fixture(scope="session")
def server(house: House) -> Iterator[str]:
    """The address of a real `carnet serve` on this house."""
    log = (house.data_dir / "serve.log").open("w+")
    process = subprocess.Popen(
        [*CARNET, "serve", "--port", os.environ["CARNET_PORT"]], stdout=log, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait_until_ready(process, house, Path(log.name))
        yield house.base
    finally:
        process.terminate()
        process.wait(30)
        log.close()
    assert_silent(Path(log.name).read_text())


def assert_silent(log: str) -> None:
    """After all the traffic of the suite: no health data, INS, token or name in what the program logged."""
    from carnet.kernel import config, database
    from tests.cast import INS
    from tests.forbidden import forbidden_in

    lines = [line for line in log.splitlines() if line.startswith("{")]
    assert lines, "the program logs"
    with database.connect(config.load(), "owner") as owner:
        traits = owner.execute("select birth_family, birth_given, ins from record.records_record").fetchall()
        actors = owner.execute("select name from app.kernel_actor where kind in ('person', 'professional')").fetchall()
        titles = owner.execute("select distinct title from record.documents_document").fetchall()
    words = {word for row in actors for word in row[0].split()} | {word for row in traits for word in row[:2]}
    text = "\n".join(lines)
    assert (
        forbidden_in(text, names=words | {row[0] for row in titles}, ins=[*INS.values(), *(r[2] for r in traits)]) == []
    )
    assert not re.search(r"carnet_[\w-]{20,}|eyJ[\w-]{10,}|(?<![\w-])[12]\d{12}(\d\d)?(?![\w-])", text)


def _wait_until_ready(process: subprocess.Popen[str], house: House, log: Path) -> None:
    import httpx2

    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"serve ended: {log.read_text()}")
        try:
            if httpx2.get(f"{house.base}/readyz", timeout=2).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"serve is not ready: {log.read_text()}")


@pytest.fixture(scope="session")
def tokens(house: House) -> dict[str, str]:
    """A bearer token for each of the cast."""
    from carnet.cli.token import token_for
    from tests.cast import KEYS

    return {key: token_for(key) for key in KEYS}
