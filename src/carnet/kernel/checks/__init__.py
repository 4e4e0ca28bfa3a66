"""`carnet check`: every part of the house tells whether it is well, in one line each.

A part registers its checks in its own `checks` module (`carnet/<room>/checks.py`,
`carnet/kernel/<part>/checks.py`), found by that name when the command runs. The house's own stand beside this.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from carnet.kernel.config import Config


@dataclass(frozen=True, slots=True)
class Result:
    """`text` is one line in French for an operator, without anything of a person."""

    ok: bool
    text: str


Check = Callable[[Config, bool], Result | Iterable[Result]]
_registered: dict[str, Check] = {}


def register(name: str) -> Callable[[Check], Check]:
    """The function gets the configuration and whether to look deep (slow: every blob, every seal)."""

    def keep(check: Check) -> Check:
        _registered[name] = check
        return check

    return keep


def discover() -> None:
    for own in ("house", "catalogue"):
        importlib.import_module(f"carnet.kernel.checks.{own}")
    for package in ("carnet", "carnet.kernel"):
        paths = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(paths, f"{package}."):
            if module.ispkg and importlib.util.find_spec(f"{module.name}.checks"):
                importlib.import_module(f"{module.name}.checks")


def run(config: Config, *, deep: bool = False) -> list[tuple[str, Result]]:
    """A check that breaks is a fault like any other, and stops none of the others."""
    discover()
    results: list[tuple[str, Result]] = []
    for name, check in _registered.items():
        results += [(name, result) for result in _run(check, config, deep=deep)]
    return results


def _run(check: Check, config: Config, *, deep: bool) -> list[Result]:
    try:
        found = check(config, deep)
        return [found] if isinstance(found, Result) else list(found)
    except Exception as error:  # noqa: BLE001 - whatever happens in a check is its result
        structlog.get_logger("carnet.check").error("check-broken", exc_info=error)
        return [Result(ok=False, text=f"vérification impossible ({type(error).__name__})")]
