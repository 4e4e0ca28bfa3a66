from __future__ import annotations

from django.apps import AppConfig


class AppsConfig(AppConfig):
    name = "carnet.apps"
