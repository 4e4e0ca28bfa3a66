from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "carnet.notify"

    def ready(self) -> None:
        from carnet.kernel import happened  # noqa: PLC0415  (when every room is loaded)
        from carnet.notify import caring, growing, telling  # noqa: PLC0415

        happened.listen(telling.tell)
        happened.listen(caring.look)
        happened.listen(growing.follow)
