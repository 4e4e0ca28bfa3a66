from __future__ import annotations

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "carnet.health"

    def ready(self) -> None:
        from carnet.documents import extracting  # noqa: PLC0415  (when every room is loaded)
        from carnet.health import reading  # noqa: PLC0415

        extracting.also(reading.TASK)
