"""The settings of an installation: environment variables named CARNET_*, read once, checked, frozen.

A secret may stand in a file instead: `CARNET_X_FILE` names it. Reading settings writes and connects nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

_RUNTIME_DIR = "/tmp"  # noqa: S108  (the path of a socket must be short)


class ConfigError(Exception):
    """`variable` is the setting at fault; the text is one line in French and never holds a secret's value."""

    def __init__(self, variable: str, message: str) -> None:
        super().__init__(f"{variable} : {message}")
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` is what the documentation shows; `load` knows the value."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


PATIENT_SCOPE = "openid given_name family_name birthdate gender birthplace birthcountry"
PROFESSIONAL_SCOPE = "openid scope_all"

SETTINGS: tuple[Setting, ...] = (
    Setting("CARNET_DATA_DIR", "Folder of everything an installation keeps on its disk.", "./var"),
    Setting("CARNET_DEMO", "1 makes this a demonstration: fictional people, sign-in without proof.", "0"),
    Setting(
        "CARNET_CODES_AT_VISITS",
        "1 lets professionals hand out codes by which a patient comes in: only where something proves that the patient "
        "is there, such as their card read beside the professional's.",
        "1 in a demonstration, else 0",
    ),
    Setting(
        "CARNET_CODES_BY_TWO",
        "1 asks for a second operator before any code is handed out at a counter, and before anybody comes in by an "
        "identity that one operator typed; 0 only where the person has an account already.",
        "0 in a demonstration, else 1",
    ),
    Setting("CARNET_RECENT_DAYS", "Days for which a professional's desk names the patients they opened.", "14"),
    Setting(
        "CARNET_SANDBOX",
        "1 makes this a sandbox, without real people: software that publishers register themselves serves at once.",
        "1 in a demonstration, else 0",
    ),
    Setting("CARNET_PORT", "Port on which the web process listens.", "8000"),
    Setting("CARNET_PUBLIC_URL", "Address under which people reach Carnet.", "http://localhost:PORT"),
    Setting("CARNET_EXTRA_HOSTS", "Further host names accepted in requests, separated by commas."),
    Setting("CARNET_PROCESSES", "Number of web processes.", "1 in a demonstration, else 2"),
    Setting("CARNET_THREADS", "Requests that one web process serves at once, each on two connections at most.", "8"),
    Setting(
        "CARNET_DATABASE_URL",
        "PostgreSQL as its owner (postgresql://…); unset: the embedded PostgreSQL. Web and worker only "
        "take the server's address from it.",
        "embedded PostgreSQL",
        secret=True,
    ),
    Setting(
        "CARNET_READER_PASSWORD",
        "Password of carnet_reader; unset: one is made and kept in DATA/database.",
        "made at the first migration",
        secret=True,
    ),
    Setting(
        "CARNET_WRITER_PASSWORD",
        "Password of carnet_writer; unset: one is made and kept in DATA/database.",
        "made at the first migration",
        secret=True,
    ),
    Setting("CARNET_RUNTIME_DIR", "Short folder for the socket of the embedded PostgreSQL.", _RUNTIME_DIR),
    Setting("CARNET_STORE_URL", "Where document content lies: file:///… or s3://bucket.", "file://DATA/store"),
    Setting("CARNET_CLAMD", "Antivirus: tcp://host:port or unix:///path of clamd; unset: none is asked."),
    Setting("CARNET_KEY_FILE", "File of the master key; made at the first need.", "DATA/keys/master.key"),
    Setting("CARNET_KEY_VAULT_URL", "Vault or OpenBao transit key used in place of the key file."),
    Setting("CARNET_KEY_VAULT_TOKEN", "Token for CARNET_KEY_VAULT_URL.", secret=True),
    Setting("CARNET_PATIENT_OIDC_ISSUER", "OpenID provider of patients.", "its own in a demonstration"),
    Setting("CARNET_PATIENT_OIDC_CLIENT_ID", "Our identifier there.", "carnet-patient in a demonstration"),
    Setting("CARNET_PATIENT_OIDC_CLIENT_SECRET", "Our secret there.", secret=True),
    Setting("CARNET_PATIENT_OIDC_SCOPE", "What is asked for there: the pivot identity.", PATIENT_SCOPE),
    Setting(
        "CARNET_PATIENT_OIDC_LEVELS", "Levels (`acr`) accepted from there; the first is asked for.", "eidas2 eidas3"
    ),
    Setting("CARNET_PROFESSIONAL_OIDC_ISSUER", "OpenID provider of professionals.", "its own in a demonstration"),
    Setting(
        "CARNET_PROFESSIONAL_OIDC_CLIENT_ID",
        "Our identifier there.",
        "carnet-professional in a demonstration",
    ),
    Setting("CARNET_PROFESSIONAL_OIDC_CLIENT_SECRET", "Our secret there.", secret=True),
    Setting("CARNET_PROFESSIONAL_OIDC_SCOPE", "What is asked for there.", PROFESSIONAL_SCOPE),
    Setting(
        "CARNET_PROFESSIONAL_OIDC_LEVELS",
        "Levels (`acr`) accepted from there; the first is asked for.",
        "eidas1 eidas2 eidas3",
    ),
    Setting("CARNET_PATIENT_IDLE", "Minutes without a page after which a patient's session ends.", "60"),
    Setting("CARNET_PROFESSIONAL_IDLE", "The same for professionals and operators.", "30"),
    Setting("CARNET_LONGEST_SESSION", "Hours after which any session ends, used or not: 12 at most.", "12"),
    Setting(
        "CARNET_CONFIRM_AFTER",
        "Minutes after which who they are is proved anew at the provider, before a sensitive act; at most those of the "
        "table of CARNET_ASSURANCE_FILE.",
        "10",
    ),
    Setting(
        "CARNET_ASSURANCE_FILE",
        "Table (JSON) of the level and the freshness that each sensitive act asks for, in place of the house's own.",
        "the house's own",
    ),
    Setting(
        "CARNET_CLIENT_CERT_PROXY",
        "Addresses or networks of the proxy whose header Client-Cert (RFC 9440) names the certificate with which "
        "software came to it, separated by commas; unset: the header counts for nothing.",
    ),
    Setting(
        "CARNET_SMTP_URL",
        "Mail server for notices: smtp://user:password@host:port, smtps too; unset: none is sent.",
        secret=True,
    ),
    Setting(
        "CARNET_SMS_URL",
        "Gateway for text messages (docs/operate/texts.md): https://…; unset: codes are handed out on paper alone.",
    ),
    Setting(
        "CARNET_SMS_SECRET", "What requests to CARNET_SMS_URL are signed with, 32 characters or more.", secret=True
    ),
    Setting(
        "CARNET_RECEIVER_NETWORKS",
        "Networks, not public, in which software may have itself told of changes (subscriptions), separated by commas; "
        "there alone without https. Every other receiver is public and speaks https.",
        "127.0.0.0/8 and ::1 in a demonstration, else none",
    ),
    Setting("CARNET_MAX_FHIR_BYTES", "Largest document accepted by the FHIR address.", "26214400"),
    Setting("CARNET_MAX_CLI_BYTES", "Largest document accepted by `carnet deposit`.", "26214400"),
    Setting("CARNET_MAX_WEB_BYTES", "Largest document accepted from a browser.", "26214400"),
    Setting("CARNET_LARGE_BODIES", "MiB of bodies above 1 MiB that one web process reads at once.", "40"),
    Setting("CARNET_CARERS_MOST", "How many carers one person may have.", "3"),
    Setting("CARNET_CARED_FOR_MOST", "How many people one carer may help.", "5"),
    Setting("CARNET_CARER_DAYS", "Longest time for which a carer is let in, in days; 0: without end.", "0"),
    Setting(
        "CARNET_PROOF_DAYS",
        "Days for which the proof of somebody who says that they are a child's other parent waits for an answer; it is "
        "deleted with the answer, or then.",
        "60",
    ),
    Setting(
        "CARNET_APPS_REMINDER_DAYS",
        "Days after which a person is reminded by e-mail that apps which they let in may still read (as Mon espace "
        "santé does every 90 days); 0: never.",
        "90",
    ),
    Setting("CARNET_METRICS_TOKEN", "Bearer token for /metrics; unset: closed outside a demonstration.", secret=True),
    Setting("CARNET_LOG_LEVEL", "debug, info, warning or error.", "info"),
    Setting("CARNET_ROLE", "Set by the command line itself, never by hand: owner while a command migrates."),
)

_SECRETS = frozenset(setting.name for setting in SETTINGS if setting.secret)
_NAMES = frozenset(setting.name for setting in SETTINGS) | {f"{name}_FILE" for name in _SECRETS}
# Read by tests and tools beside the program, not by the program itself.
_NEIGHBOURS = frozenset({"CARNET_CHROMIUM", "CARNET_CASES"})
_SECRET_LENGTH = 32
_DOCUMENT_BYTES = 25 * 1024 * 1024
_LEVELS = ("debug", "info", "warning", "error")
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})
_OWN_MACHINE = "127.0.0.0/8 ::1/128"
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Config:
    data_dir: Path
    runtime_dir: Path
    demo: bool
    codes_at_visits: bool
    codes_by_two: bool
    recent_days: int
    sandbox: bool
    port: int
    public_url: str
    extra_hosts: tuple[str, ...]
    processes: int
    threads: int
    database_url: str | None
    reader_password: str | None
    writer_password: str | None
    store_url: str
    clamd: str | None
    key_file: Path
    key_vault_url: str | None
    key_vault_token: str | None
    patient_oidc_issuer: str
    patient_oidc_client_id: str
    patient_oidc_client_secret: str | None
    patient_oidc_scope: str
    patient_oidc_levels: tuple[str, ...]
    professional_oidc_issuer: str
    professional_oidc_client_id: str
    professional_oidc_client_secret: str | None
    client_cert_proxies: tuple[str, ...]
    receiver_networks: tuple[str, ...]
    professional_oidc_scope: str
    professional_oidc_levels: tuple[str, ...]
    patient_idle: int
    professional_idle: int
    longest_session: int
    confirm_after: int
    assurance_file: Path | None
    smtp_url: str | None
    sms_url: str | None
    sms_secret: str | None
    max_fhir_bytes: int
    max_cli_bytes: int
    max_web_bytes: int
    large_bodies: int
    carers_most: int
    cared_for_most: int
    carer_days: int
    proof_days: int
    apps_reminder_days: int
    metrics_token: str | None
    log_level: str
    owner: bool

    def __repr__(self) -> str:
        """Secrets stay out of whatever prints a configuration."""
        return f"Config(data_dir={str(self.data_dir)!r}, demo={self.demo})"

    @property
    def embedded(self) -> bool:
        return self.database_url is None

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        host = urlsplit(self.public_url).hostname or "localhost"
        return f"[{host}]" if ":" in host else host

    @property
    def allowed_hosts(self) -> list[str]:
        hosts = [self.public_host, *self.extra_hosts, *(_LOCAL_HOSTS if self.demo else ())]
        return list(dict.fromkeys(hosts))


class _Values:
    """Typed access to the variables; an empty one counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        value = self._environ.get(name, "").strip()
        if name not in _SECRETS:
            return value or None
        file = self._environ.get(f"{name}_FILE", "").strip()
        if value and file:
            raise ConfigError(name, f"indiquée deux fois, ici et par {name}_FILE ; gardez-en une.")
        return value or (_read(f"{name}_FILE", file) if file else None)

    def flag(self, name: str) -> bool:
        value = (self.text(name) or "").lower()
        if value not in _YES | _NO:
            raise ConfigError(name, "attend 1 ou 0.")
        return value in _YES

    def number(self, name: str, default: int, lowest: int = 1, highest: int = 2**40) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"\d{1,15}", value) or not lowest <= int(value) <= highest:
            raise ConfigError(name, f"attend un nombre entier entre {lowest} et {highest}.")
        return int(value)

    def url(self, name: str, *schemes: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme not in schemes or not rest:
            raise ConfigError(name, f"attend une adresse {' ou '.join(f'{s}://…' for s in schemes)}")
        return value.rstrip("/")

    def path(self, name: str, default: Path) -> Path:
        value = self.text(name)
        return Path(value).expanduser().absolute() if value else default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = (self.text(name) or default).lower()
        if value not in choices:
            raise ConfigError(name, f"attend {', '.join(choices)}.")
        return value


def _read(name: str, file: str) -> str:
    try:
        value = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(name, f"le fichier {file} ne se lit pas ({type(error).__name__}).") from error
    if not value:
        raise ConfigError(name, f"le fichier {file} est vide.")
    return value


def unknown(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: most often a slip of the pen."""
    return sorted(n for n in environ if n.startswith("CARNET_") and n not in _NAMES | _NEIGHBOURS)


def load(environ: Mapping[str, str] | None = None) -> Config:
    values = _Values(os.environ if environ is None else environ)
    data_dir = values.path("CARNET_DATA_DIR", Path("var").absolute())
    demo = values.flag("CARNET_DEMO")
    port = values.number("CARNET_PORT", 8000, 1, 65535)
    public_url = values.url("CARNET_PUBLIC_URL", "https", "http") or f"http://localhost:{port}"
    if not urlsplit(public_url).hostname:
        raise ConfigError("CARNET_PUBLIC_URL", "attend une adresse complète, par exemple https://carnet.example")
    demonstration = f"{public_url}/demo" if demo else ""
    patient = _provider(values, "patient", demonstration)
    professional = _provider(values, "professional", demonstration)
    return Config(
        data_dir=data_dir,
        runtime_dir=values.path("CARNET_RUNTIME_DIR", Path(_RUNTIME_DIR)),
        demo=demo,
        codes_at_visits=(values.flag("CARNET_CODES_AT_VISITS") if values.text("CARNET_CODES_AT_VISITS") else demo),
        codes_by_two=(values.flag("CARNET_CODES_BY_TWO") if values.text("CARNET_CODES_BY_TWO") else not demo),
        recent_days=values.number("CARNET_RECENT_DAYS", 14, 1, 90),
        sandbox=values.flag("CARNET_SANDBOX") if values.text("CARNET_SANDBOX") else demo,
        port=port,
        public_url=public_url,
        extra_hosts=_names(values.text("CARNET_EXTRA_HOSTS")),
        processes=values.number("CARNET_PROCESSES", 1 if demo else 2, 1, 64),
        threads=values.number("CARNET_THREADS", 8, 2, 256),
        database_url=values.url("CARNET_DATABASE_URL", "postgresql", "postgres"),
        reader_password=values.text("CARNET_READER_PASSWORD"),
        writer_password=values.text("CARNET_WRITER_PASSWORD"),
        store_url=values.url("CARNET_STORE_URL", "file", "s3") or (data_dir / "store").as_uri(),
        clamd=values.url("CARNET_CLAMD", "tcp", "unix"),
        key_file=values.path("CARNET_KEY_FILE", data_dir / "keys" / "master.key"),
        key_vault_url=values.url("CARNET_KEY_VAULT_URL", "https", "http"),
        key_vault_token=values.text("CARNET_KEY_VAULT_TOKEN"),
        patient_oidc_issuer=patient.issuer,
        patient_oidc_client_id=patient.client_id,
        patient_oidc_client_secret=patient.client_secret,
        patient_oidc_scope=values.text("CARNET_PATIENT_OIDC_SCOPE") or PATIENT_SCOPE,
        patient_oidc_levels=_names(values.text("CARNET_PATIENT_OIDC_LEVELS") or "eidas2 eidas3"),
        professional_oidc_issuer=professional.issuer,
        professional_oidc_client_id=professional.client_id,
        professional_oidc_client_secret=professional.client_secret,
        client_cert_proxies=_networks("CARNET_CLIENT_CERT_PROXY", values.text("CARNET_CLIENT_CERT_PROXY")),
        receiver_networks=_networks(
            "CARNET_RECEIVER_NETWORKS", values.text("CARNET_RECEIVER_NETWORKS") or (_OWN_MACHINE if demo else None)
        ),
        professional_oidc_scope=values.text("CARNET_PROFESSIONAL_OIDC_SCOPE") or PROFESSIONAL_SCOPE,
        professional_oidc_levels=_names(values.text("CARNET_PROFESSIONAL_OIDC_LEVELS") or "eidas1 eidas2 eidas3"),
        patient_idle=values.number("CARNET_PATIENT_IDLE", 60, 1, 12 * 60),
        professional_idle=values.number("CARNET_PROFESSIONAL_IDLE", 30, 1, 12 * 60),
        longest_session=values.number("CARNET_LONGEST_SESSION", 12, 1, 12),
        confirm_after=values.number("CARNET_CONFIRM_AFTER", 10, 1, 12 * 60),
        assurance_file=Path(table).expanduser().absolute() if (table := values.text("CARNET_ASSURANCE_FILE")) else None,
        smtp_url=values.url("CARNET_SMTP_URL", "smtp", "smtps"),
        sms_url=_gateway(values),
        sms_secret=values.text("CARNET_SMS_SECRET"),
        max_fhir_bytes=values.number("CARNET_MAX_FHIR_BYTES", _DOCUMENT_BYTES),
        max_cli_bytes=values.number("CARNET_MAX_CLI_BYTES", _DOCUMENT_BYTES),
        max_web_bytes=values.number("CARNET_MAX_WEB_BYTES", _DOCUMENT_BYTES),
        carers_most=values.number("CARNET_CARERS_MOST", 3, 0, 100),
        cared_for_most=values.number("CARNET_CARED_FOR_MOST", 5, 0, 100),
        carer_days=values.number("CARNET_CARER_DAYS", 0, 0, 36525),
        proof_days=values.number("CARNET_PROOF_DAYS", 60, 1, 365),
        apps_reminder_days=values.number("CARNET_APPS_REMINDER_DAYS", 90, 0, 365),
        large_bodies=values.number("CARNET_LARGE_BODIES", 40, 1, 4096),
        metrics_token=values.text("CARNET_METRICS_TOKEN"),
        log_level=values.choice("CARNET_LOG_LEVEL", "info", _LEVELS),
        owner=values.text("CARNET_ROLE") == "owner",
    )


def _gateway(values: _Values) -> str | None:
    """Codes leave over an encrypted line, or within this machine; signed."""
    url = values.url("CARNET_SMS_URL", "https", "http")
    if url is None:
        return None
    if not url.startswith("https://") and f"{urlsplit(url).hostname}" not in {"localhost", "127.0.0.1", "::1"}:
        raise ConfigError("CARNET_SMS_URL", "attend une adresse https://…")
    if len(values.text("CARNET_SMS_SECRET") or "") < _SECRET_LENGTH:
        raise ConfigError("CARNET_SMS_SECRET", f"attend {_SECRET_LENGTH} caractères au moins.")
    return url


class _Provider(NamedTuple):
    issuer: str
    client_id: str
    client_secret: str | None


def _provider(values: _Values, who: str, demonstration: str) -> _Provider:
    """Without an issuer: the demonstration's own, or nobody signs in ("" for both)."""
    prefix = f"CARNET_{who.upper()}_OIDC"
    issuer = values.url(f"{prefix}_ISSUER", "https", "http")
    client_id = values.text(f"{prefix}_CLIENT_ID")
    secret = values.text(f"{prefix}_CLIENT_SECRET")
    if issuer and not client_id:
        raise ConfigError(f"{prefix}_CLIENT_ID", f"manque alors que {prefix}_ISSUER est indiquée.")
    if not issuer and demonstration:
        return _Provider(demonstration, client_id or f"carnet-{who}", secret)
    return _Provider(issuer or "", client_id or "", secret)


def _networks(name: str, text: str | None) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(each)) for each in _names(text))
    except ValueError:
        raise ConfigError(name, "attend des adresses ou des réseaux, par exemple 10.0.0.4 ou 10.0.0.0/24.") from None


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[,\s]+", text or "") if name)
