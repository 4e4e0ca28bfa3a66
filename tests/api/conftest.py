from __future__ import annotations

from tests.api.web_process import fresh_server  # noqa: F401  (a fixture)
