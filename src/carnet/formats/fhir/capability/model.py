"""The rows of the table of capabilities, in the words of CapabilityStatement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Interaction", "OAuth", "Operation", "Parameter", "Resource", "Server"]

Interaction: TypeAlias = Literal[
    "read", "vread", "patch", "history-instance", "create", "search-type", "update", "delete"
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: `definition` is the canonical URL of its SearchParameter; a chained one has none."""

    name: str
    type: Literal["date", "reference", "string", "token"]
    definition: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` without its $; `definition` is the canonical URL of its OperationDefinition."""

    name: str
    definition: str
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """`interactions` with what is to be said of each, or ""; `comes_with`: the values of `_revinclude`;
    `topics`: the canonical addresses of what may be subscribed to."""

    type: str
    interactions: Mapping[Interaction, str]
    documentation: str = ""
    profile: str = ""
    supported_profiles: tuple[str, ...] = ()
    versioned: bool = False
    parameters: tuple[Parameter, ...] = ()
    operations: tuple[Operation, ...] = ()
    comes_with: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """`instantiates` are the actors of the guides; `interactions` those of the whole base."""

    resources: tuple[Resource, ...]
    interactions: Mapping[Literal["transaction"], str]
    instantiates: tuple[str, ...]
    guides: tuple[str, ...]
    patch_formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OAuth:
    """Absolute addresses of the authorisation server."""

    authorize: str
    token: str
    register: str
    introspect: str
    revoke: str
