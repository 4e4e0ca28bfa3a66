"""A house whose people come in by a provider of the tests, as by one of the nation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import House
from tests.web.provider import TestProvider, running
from tests.web.relying import relying


@pytest.fixture(scope="module")
def provider() -> Iterator[TestProvider]:
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def base(house: House, provider: TestProvider) -> Iterator[str]:
    with relying(house, provider.issuer) as found:
        yield found
