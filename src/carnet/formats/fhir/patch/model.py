"""What a PATCH asks for, what it finds, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from carnet.formats.terminology import labels

__all__ = [
    "IS_ARCHIVED",
    "Act",
    "AddLabel",
    "Change",
    "Current",
    "Expect",
    "ExpectArchived",
    "Operation",
    "Patch",
    "Position",
    "RemoveLabel",
    "ReplaceLabel",
    "SetArchived",
    "SetBase",
    "SetLabels",
    "SetStatus",
]

IS_ARCHIVED: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived"

# Which label: the one at that index, the one of that code, or the only one.
Position: TypeAlias = int | str | None


@dataclass(frozen=True, slots=True)
class Current:
    """The entry before the PATCH: base code, official visibility codes, isArchived, status."""

    base: str
    labels: frozenset[str] = frozenset()
    archived: bool = False
    status: str = "current"

    @property
    def served(self) -> tuple[str, ...]:
        """The codes in the order in which securityLabel shows them, to which indices refer."""
        return (self.base, *labels.codes_of(labels.mask_of(self.labels)))


@dataclass(frozen=True, slots=True)
class Change:
    """What really changes. `add` and `remove` are visibility codes; None: stays as it is."""

    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    base: str | None = None
    archived: bool | None = None
    withdraw: bool = False

    @property
    def nothing(self) -> bool:
        return self == Change()


# The acts


@dataclass(frozen=True, slots=True)
class AddLabel:
    """`index` None: at the end."""

    code: str
    index: int | None


@dataclass(frozen=True, slots=True)
class ReplaceLabel:
    position: Position
    code: str


@dataclass(frozen=True, slots=True)
class RemoveLabel:
    position: Position


@dataclass(frozen=True, slots=True)
class SetLabels:
    """The whole of securityLabel; without a base code the present one stays."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetBase:
    """The base code named as such, by its code system."""

    code: str


@dataclass(frozen=True, slots=True)
class SetArchived:
    """`archived` None takes the extension away; `standing`: how many must be there for the path to lead somewhere."""

    archived: bool | None
    standing: int = 0


@dataclass(frozen=True, slots=True)
class SetStatus:
    status: Literal["current", "entered-in-error"]


@dataclass(frozen=True, slots=True)
class Expect:
    """JSON Patch `test`: the value at these pointer tokens is `value`."""

    tokens: tuple[str, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class ExpectArchived:
    archived: bool


Act: TypeAlias = (
    AddLabel | ReplaceLabel | RemoveLabel | SetLabels | SetBase | SetArchived | SetStatus | Expect | ExpectArchived
)


@dataclass(frozen=True, slots=True)
class Operation:
    """`number` is its place in the body, from 0, which problems tell as `operation[number]`."""

    number: int
    act: Act

    @property
    def path(self) -> str:
        return f"operation[{self.number}].path"


@dataclass(frozen=True, slots=True)
class Patch:
    """At least one operation, done in their order and all together or not at all."""

    operations: tuple[Operation, ...]
