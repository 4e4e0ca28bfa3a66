"""The acts of a PATCH, done on the labels, the isArchived mark and the status of an entry.

Labels are a set with exactly one base code (N, R, V) and any visibility codes; a code that is there is not added twice.
Of two base codes the more restrictive holds, as in a deposit, unless the base code is replaced as such. What
`replace` of one label means (interoperability reference, a.8, g5, g6):

| stands there | written | effect |
|---|---|---|
| base code | visibility code | the code is added: TD3.3a and TD3.3b hide; the base code stays |
| base code | N | TD3.3a and TD3.3b show again: the one of the two that is there goes; the base code stays |
| base code | R or V | the base code becomes that |
| visibility code | another visibility code | the one goes, the other comes |
| visibility code | base code | that one goes; the base code becomes no less restrictive |

So INVISIBLE_REPRESENTANTS_LEGAUX goes only when it is pointed at, or left out of a whole securityLabel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from carnet.formats.fhir import errors
from carnet.formats.fhir.outcome import FhirError, Issue
from carnet.formats.fhir.patch import shown
from carnet.formats.fhir.patch.model import (
    Act,
    AddLabel,
    Change,
    Current,
    Expect,
    ExpectArchived,
    Patch,
    Position,
    RemoveLabel,
    ReplaceLabel,
    SetArchived,
    SetBase,
    SetLabels,
    SetStatus,
)
from carnet.formats.terminology import labels

__all__ = ["apply"]

_SEVERITY: Final[Mapping[str, int]] = {"N": 0, "R": 1, "V": 2}
# What "N" lifts; of the two on one document it does not say which (`_State._show`).
_LIFTED: Final = ("MASQUE_PS", "INVISIBLE_PATIENT")
_EXCLUSIVE: Final = frozenset(_LIFTED)
_WHICH: Final = "Plusieurs étiquettes s’y trouvent : dites laquelle."


def apply(patch: Patch, current: Current, *, together: bool = False) -> Change:
    """`together`: MASQUE_PS and INVISIBLE_PATIENT may come to stand on one document. Raise `FhirError` with every
    problem; an operation that has one is passed over for those after it."""
    state = _State(list(current.served), current.archived or None, current.status)
    issues: list[Issue] = []
    for operation in patch.operations:
        try:
            state.do(operation.act)
        except _Impossible as why:
            issues.append(errors.issue(why.code, expression=operation.path, detail=why.detail))
    visible = frozenset(state.visible)
    if not together and visible >= _EXCLUSIVE and not current.labels >= _EXCLUSIVE:
        issues.append(errors.issue("labels-exclusive", expression="DocumentReference.securityLabel"))
    if issues:
        raise FhirError(issues)
    return Change(
        add=visible - current.labels,
        remove=current.labels - visible,
        base=state.base if state.base != current.base else None,
        archived=bool(state.archived) if bool(state.archived) != current.archived else None,
        withdraw=state.status != current.status,
    )


class _Impossible(Exception):
    """The act does not fit what is there."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(code)


@dataclass(slots=True)
class _State:
    """`codes` in the order of securityLabel, with one base code somewhere; `archived` None: no extension."""

    codes: list[str]
    archived: bool | None
    status: str

    @property
    def base(self) -> str:
        return next(code for code in self.codes if labels.is_base(code))

    @property
    def visible(self) -> list[str]:
        return [code for code in self.codes if not labels.is_base(code)]

    def do(self, act: Act) -> None:
        match act:
            case SetArchived(archived, standing):
                _demand(standing <= int(self.archived is not None), "patch-target")
                self.archived = archived
            case SetStatus(status):
                self._mark(status)
            case Expect(tokens, value):
                self._expect(tokens, value)
            case ExpectArchived(archived):
                _demand(archived == bool(self.archived), "patch-test-failed")
            case _:
                self._label(act)

    # securityLabel

    def _label(self, act: AddLabel | ReplaceLabel | RemoveLabel | SetLabels | SetBase) -> None:
        match act:
            case AddLabel(code, index):
                _demand(index is None or index <= len(self.codes), "patch-target")
                self._put(len(self.codes) if index is None else index, code)
            case ReplaceLabel(position, code):
                self._replace(self._at(position), code)
            case RemoveLabel(position):
                index = self._at(position)
                _demand(not labels.is_base(self.codes[index]), "patch-base-label")
                del self.codes[index]
            case SetLabels(codes):
                self._set(codes)
            case SetBase(code):
                self.codes[self.codes.index(self.base)] = code

    def _at(self, position: Position) -> int:
        match position:
            case None if len(self.codes) == 1:
                return 0
            case int() if position < len(self.codes):
                return position
            case str() if (known := labels.coded(position)) and known.code in self.codes:
                return self.codes.index(known.code)
        raise _Impossible("patch-target", _WHICH if position is None else "")

    def _put(self, index: int, code: str) -> None:
        if labels.is_base(code):
            self.codes[self.codes.index(self.base)] = max(self.base, code, key=_SEVERITY.__getitem__)
        elif code not in self.codes:
            self.codes.insert(index, code)

    def _replace(self, index: int, code: str) -> None:
        if not labels.is_base(self.codes[index]):
            del self.codes[index]
            self._put(index, code)
        elif code == "N":
            self._show()
        elif labels.is_base(code):
            self.codes[index] = code
        else:
            self._put(len(self.codes), code)

    def _show(self) -> None:
        """To show to the patient must not unmask, nor the other way round: of two it is to be said which."""
        standing = [code for code in _LIFTED if code in self.codes]
        if len(standing) > 1:
            raise _Impossible("patch-target", _WHICH)
        for code in standing:
            self.codes.remove(code)

    def _set(self, codes: tuple[str, ...]) -> None:
        bases = [code for code in codes if labels.is_base(code)]
        base = max(bases, key=_SEVERITY.__getitem__) if bases else self.base
        written = codes if bases else (base, *codes)
        self.codes = list(dict.fromkeys(base if labels.is_base(code) else code for code in written))

    # status, test

    def _mark(self, status: str) -> None:
        _demand(status in (self.status, "entered-in-error"), "patch-status")
        self.status = status

    def _expect(self, tokens: tuple[str, ...], value: Any) -> None:
        seen = {
            "status": self.status,
            "securityLabel": shown.security_labels(self.codes),
            "extension": shown.extensions(archived=self.archived),
        }
        _demand(shown.holds(seen, tokens, value), "patch-test-failed")


def _demand(holds: bool, code: str) -> None:  # noqa: FBT001
    if not holds:
        raise _Impossible(code)
