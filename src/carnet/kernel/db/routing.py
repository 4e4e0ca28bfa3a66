"""Sessions are read by the reader and written by the writer; everything else names its connection itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from carnet.kernel.db.record import READER, WRITER


class SessionRouter:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return READER if model._meta.app_label == "sessions" else None  # noqa: SLF001  (Django's documented API)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return WRITER
