from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import pytest

from carnet.kernel import embedded
from tests.serve.installation import Installation, Serving


@pytest.fixture(scope="package")
def installation() -> Iterator[Installation]:
    """Migrated; every test starts and stops what it needs on it."""
    installation = Installation()
    try:
        done = installation.run("migrate")
        assert done.returncode == 0, done.stderr
        yield installation
        embedded.destroy(installation.data_dir)
    finally:
        shutil.rmtree(installation.place, ignore_errors=True)


@pytest.fixture
def serving(installation: Installation) -> Iterator[Serving]:
    serving = installation.serve().ready()
    yield serving
    if serving.process.poll() is None:
        os.killpg(serving.process.pid, signal.SIGTERM)
        serving.wait()
