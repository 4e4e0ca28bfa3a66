"""What a verification found, in words for an operator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

_KEPT = 1000


class Kind(StrEnum):
    LINE_CHANGED = "ligne modifiée"
    LINE_REMOVED = "ligne supprimée"
    LINE_INSERTED = "ligne ajoutée après coup"
    LINE_AHEAD = "ligne d'une transaction qui n'a pas eu lieu"
    LEAF_MISSING = "preuve de la ligne supprimée"
    SEAL_BROKEN = "sceau rompu : les preuves de ses lignes ne donnent pas sa racine"
    SEAL_MISSING = "sceau absent de la base"
    SEAL_SIGNATURE = "signature fausse"
    SEAL_KEY = "signature d'une clé inconnue"
    SEAL_CHAIN = "sceau qui ne suit pas le précédent"
    ERA_UNPROVEN = "nouvelle ère sans déclaration signée"
    LOG_MISSING = "sceau absent du fichier"
    LOG_DIFFERS = "sceau différent dans la base et dans le fichier"
    LOG_BROKEN = "fichier des sceaux illisible à cet endroit"


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` is the line's id, `month` its month (YYYY-MM), `seal` the seal that covers it, where known."""

    kind: Kind
    seal: int | None = None
    line: str | None = None
    month: str | None = None
    detail: str = ""

    def __str__(self) -> str:
        where = [
            f"ligne {self.line}" if self.line else "",
            f"mois {self.month}" if self.month else "",
            f"sceau {self.seal}" if self.seal is not None else "",
            self.detail,
        ]
        return ", ".join([self.kind.value, *(part for part in where if part)])


@dataclass(slots=True)
class Report:
    """`faults` holds the first thousand, `found` counts all of them. `unsealed` lines wait for their seal."""

    lines: int = 0
    seals: int = 0
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)
    found: Counter[Kind] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.found[fault.kind] += 1
        if len(self.faults) < _KEPT:
            self.faults.append(fault)

    @property
    def whole(self) -> bool:
        return not self.found
