"""The WSGI application that Granian serves."""

from __future__ import annotations

import os

import django
from django.core.cache import close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"

django.setup(set_prefix=False)

from carnet.kernel.request import Handler  # noqa: E402  (needs the settings)

application = Handler()

# Carnet has no cache of Django's, keeps no list of statements and has one table of addresses: at both ends of each
# request there is nothing to tidy up but connections.
request_started.disconnect(reset_queries)
# Once for each request is enough: what is too old is closed at its end.
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_caches)
request_finished.disconnect(reset_urlconf)
