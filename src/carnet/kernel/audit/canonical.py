"""The bytes that are hashed for a line, and the statements that are signed.

`trail.line_hash` writes the same form of a line in SQL. Verification writes it here again: whoever can change
rows can change a function of the database too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from carnet.kernel.audit import merkle

FIELDS = (
    "id",
    "at",
    "xid",
    "era",
    "record_id",
    "actor_kind",
    "actor_id",
    "organisation_id",
    "purpose",
    "capacity",
    "door",
    "action",
    "outcome",
    "target_kind",
    "target_id",
    "detail",
    "hidden_from",
    "request_id",
)

CLOSED = 2**63 - 1
"""End of the last window of a closed era: no transaction id is above it."""

NO_ROOT = bytes(32)


def line_hash(values: Iterable[str | None]) -> bytes:
    """Of the values of FIELDS in their order, as PostgreSQL writes them; `at` as microseconds since 1970."""
    return merkle.leaf(b"".join(_field(*pair) for pair in zip(FIELDS, values, strict=True)))


def _field(name: str, value: str | None) -> bytes:
    if value is None:
        return b""
    content = value.encode()
    return b"%s:%d:%s," % (name.encode(), len(content), content)


@dataclass(frozen=True, slots=True)
class Seal:
    """The transaction ids from `from_xid` to below `to_xid` of one era hold `lines` lines, with this root."""

    id: int
    era: int
    from_xid: int
    to_xid: int
    lines: int
    root: bytes
    previous_root: bytes
    at: datetime

    def statement(self) -> bytes:
        return (
            f"carnet seal {self.id}\nera {self.era}\nfrom {self.from_xid}\nto {self.to_xid}\nlines {self.lines}\n"
            f"root {self.root.hex()}\nprevious {self.previous_root.hex()}\nat {_instant(self.at)}\n"
        ).encode()


@dataclass(frozen=True, slots=True)
class EraMark:
    """The database was restored: of the seals made before, those up to `after_seal` stand in it."""

    era: int
    after_seal: int
    at: datetime

    def statement(self) -> bytes:
        return f"carnet era {self.era}\nafter {self.after_seal}\nat {_instant(self.at)}\n".encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with its signature. `under` is the era in force when it was made: the seals that close an
    era are made under the next one."""

    body: Seal | EraMark
    under: int
    key_id: str
    signature: bytes

    @property
    def order(self) -> tuple[int, int]:
        """Strictly increasing along the log; an era begins with its mark."""
        return (self.under, self.body.id if isinstance(self.body, Seal) else 0)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
