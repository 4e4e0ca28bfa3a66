"""The provider's signing key, made at the first need and kept in the data folder."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from joserfc.jwk import ECKey

ALGORITHM = "ES256"


@cache
def signing_key(folder: Path) -> ECKey:
    path = folder / "demo-oidc.key"
    if not path.exists():
        _make(path)
    return ECKey.import_key(path.read_bytes(), {"use": "sig", "alg": ALGORITHM, "kid": _kid(path)})


def _make(path: Path) -> None:
    """Whole or not at all; of two processes that make one at once, the first wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".demo-oidc-") as file:  # 0600
        file.write(ECKey.generate_key("P-256").as_pem(private=True))
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return


def _kid(path: Path) -> str:
    return str(ECKey.import_key(path.read_bytes()).thumbprint())
