"""A mail server for one test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from tests.conftest import free_port

if TYPE_CHECKING:
    from tests.notify.mailbox import Box


@pytest.fixture
def box() -> Iterator[Box]:
    # Not before Django has been set up, which comes after this module is read.
    from tests.notify.mailbox import Box

    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    os.environ["CARNET_SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield found
    del os.environ["CARNET_SMTP_URL"]
    controller.stop()
