"""The one error of this package."""

from __future__ import annotations

__all__ = ["CdaError"]


class CdaError(ValueError):
    """A document that cannot be taken.

    `code` is stable kebab-case for programs and the public catalogue of errors; `message` says in French what
    is wrong and how to mend it, and never repeats the document's content; `where` is a path like
    `/ClinicalDocument/effectiveTime`, or `line 12, column 3` when there is no tree yet.
    """

    def __init__(self, code: str, message: str, where: str = "/ClinicalDocument") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
