"""The canonical form of what a row can be found by: one number per way to ask for a code.

Writer and searcher both make their numbers here. They are 64 bits of BLAKE2b as PostgreSQL's bigint: two
different keys agree by chance once in 10^19, and then a search finds one document too many among those that the
caller may see anyway.
"""

from __future__ import annotations

from hashlib import blake2b

from carnet.formats.fhir.search.tokens import Token

__all__ = ["asked", "hashed", "key", "stored", "text"]


def stored(field: str, system: str, code: str) -> tuple[int, ...]:
    """The keys of a code that a row has: by system and code, by code alone, by system alone; `system` is canonical."""
    known = (key(field, system, code), _hash(f"{field}~{code}"))
    return (*known, _hash(f"{field}^{system}")) if system else known


def asked(field: str, wanted: Token) -> int:
    return _hash(text(field, wanted))


def text(field: str, wanted: Token) -> str:
    """What the key of a token is the number of."""
    if wanted.code is None:
        return f"{field}^{wanted.system}"
    return f"{field}~{wanted.code}" if wanted.system is None else f"{field}={wanted.system}\x1f{wanted.code}"


def key(field: str, system: str, code: str) -> int:
    """The key of exactly that code in that system ("" for none)."""
    return _hash(f"{field}={system}\x1f{code}")


def _hash(text: str) -> int:
    return int.from_bytes(hashed(text).digest(), "big", signed=True)


def hashed(text: str) -> blake2b:
    # Half a character, which a hostile document may hold, is no reason to fail.
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
