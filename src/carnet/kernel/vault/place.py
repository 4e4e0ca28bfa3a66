"""Which store and which keys this process uses: from the configuration, once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from carnet.kernel.config import Config, load
from carnet.kernel.vault.datakeys import DataKeys
from carnet.kernel.vault.errors import KeyFault
from carnet.kernel.vault.keys import FileKeys, KeyKeeper
from carnet.kernel.vault.store import Store, open_store
from carnet.kernel.vault.transit import TransitKeys


@dataclass(frozen=True)
class Place:
    config: Config

    @cached_property
    def store(self) -> Store:
        return open_store(self.config.store_url)

    @cached_property
    def keeper(self) -> KeyKeeper:
        config = self.config
        if config.key_vault_url:
            if not config.key_vault_token:
                raise KeyFault(
                    "CARNET_KEY_VAULT_URL est donné sans CARNET_KEY_VAULT_TOKEN (ou CARNET_KEY_VAULT_TOKEN_FILE)."
                )
            return TransitKeys(config.key_vault_url, config.key_vault_token)
        return FileKeys.load(config.key_file, may_create=self._is_new)

    @cached_property
    def data_keys(self) -> DataKeys:
        return DataKeys(self.keeper)

    def _is_new(self) -> bool:
        return next(self.store.names(), None) is None


_lock = Lock()
_current: Place | None = None


def here() -> Place:
    global _current  # noqa: PLW0603  (one place per process)
    with _lock:
        if _current is None:
            _current = Place(load())
        return _current


def configure(config: Config | None) -> None:
    """Another place from now on; None: the environment's, read again at next use."""
    global _current  # noqa: PLW0603  (one place per process)
    with _lock:
        _current = Place(config) if config is not None else None
