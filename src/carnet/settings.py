"""Django's settings, all derived from the `CARNET_*` environment (docs/operate/settings.md)."""

from __future__ import annotations

from typing import Any

from carnet.kernel import config, database, logs, vault

CARNET = config.load()

# Only the command line's owner commands set it; web and worker never know the owner's log-in.
_OWNER = CARNET.owner

SECRET_KEY = vault.derive("cookies").hex()
DEBUG = False
ALLOWED_HOSTS = CARNET.allowed_hosts
# Carnet stands at the root of its own name: not looked for with each request.
FORCE_SCRIPT_NAME = ""
USE_TZ = True
TIME_ZONE = "Europe/Paris"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "carnet.urls"
WSGI_APPLICATION = "carnet.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.postgres",
    "carnet.kernel",
    "carnet.records",
    "carnet.people",
    "carnet.consent",
    "carnet.documents",
    "carnet.health",
    "carnet.notify",
    "carnet.apps",
    "carnet.rights",
]

MIDDLEWARE = [
    "carnet.kernel.http.DoorMiddleware",
    "carnet.web.middleware.CompressionMiddleware",
    "carnet.web.middleware.HeadersMiddleware",
    "carnet.web.middleware.SessionMiddleware",
    "carnet.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "carnet.web.middleware.CsrfViewMiddleware",
    "carnet.web.middleware.AudienceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "pages",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "carnet.web.jinja.environment",
            "context_processors": ["carnet.web.patient.family.forms"],
        },
    }
]


_CONNECTION_AGE = 3600


def _database(login: database.Login, *, kept: bool) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "ENGINE": "carnet.kernel.postgres",
        **database.connection_parameters(CARNET, login),
    }
    if kept:
        parameters["OPTIONS"] = parameters.get("OPTIONS", {}) | {
            # Values travel beside the statement, never in its text, which a server may log or show.
            "server_side_binding": True,
            # A statement that comes again and again is parsed once a connection. A pooler that gives each transaction
            # another connection must know prepared statements (PgBouncer does since 1.21).
            "prepare_threshold": 5,
        }
        # A thread keeps its connection: at most one of each log-in for every thread.
        parameters |= {"CONN_MAX_AGE": _CONNECTION_AGE, "CONN_HEALTH_CHECKS": True}
    return parameters


DATABASES = {"default": _database("writer", kept=True), "reader": _database("reader", kept=True)}
if _OWNER:
    DATABASES["owner"] = _database("owner", kept=False)
DATABASE_ROUTERS = ["carnet.kernel.db.routing.SessionRouter"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "carnet_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A session that has ended (`web.auth.session`) still tells whose it was, so that what they were writing is kept.
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "carnet.web.errors.csrf_failure"
_HTTPS = CARNET.secure
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
CSRF_TRUSTED_ORIGINS = [CARNET.public_url] if _HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
APPEND_SLASH = False
# Bodies are bounded where they are read (api.fhir.body), by channel.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# What puts a line of the trail into words, for the copy of a record: words belong to a face.
TRAIL_IN_WORDS = "carnet.web.patient.sentences.in_words"

LOGGING_CONFIG = None
logs.configure(CARNET.log_level)
