"""What a web or worker process is told: everything but the owner's log-in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from carnet.kernel.config import Config


def for_child(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with what the command line decided, and the database's address without its owner."""
    kept = {name: value for name, value in environ.items() if name not in _OWNERS}
    decided = {
        "CARNET_DATA_DIR": str(config.data_dir),
        "CARNET_RUNTIME_DIR": str(config.runtime_dir),
        "CARNET_PORT": str(config.port),
        "CARNET_PUBLIC_URL": config.public_url,
        "CARNET_PROCESSES": str(config.processes),
    }
    if config.database_url is not None:
        decided["CARNET_DATABASE_URL"] = without_owner(config.database_url)
    return _MEMORY | kept | decided


# Where glibc allocates: a large buffer is a mapping of its own that goes back when it is freed, for good and not until
# the first has been freed, and threads share their heaps.
_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(1024 * 1024),
    "MALLOC_ARENA_MAX": "2",
}
_OWNERS = frozenset(
    {"CARNET_ROLE", "CARNET_DATABASE_URL", "CARNET_DATABASE_URL_FILE", "PGUSER", "PGPASSWORD", "PGPASSFILE"}
)


def without_owner(url: str) -> str:
    """User and password may stand before the host or among the parameters."""
    parts = urlsplit(url)
    query = "&".join(
        part
        for part in parts.query.split("&")
        if part.partition("=")[0].lower() not in {"user", "password", "passfile"}
    )
    # Put together by hand: an empty host keeps its two slashes.
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return f"{address}?{query}" if query else address
