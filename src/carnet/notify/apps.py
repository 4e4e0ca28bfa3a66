from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "carnet.notify"

    def ready(self) -> None:
        from carnet.kernel import happened  # noqa: PLC0415  (when every room is loaded)
        from carnet.notify import growing, telling  # noqa: PLC0415

        happened.listen(telling.tell)
        happened.listen(growing.follow)
