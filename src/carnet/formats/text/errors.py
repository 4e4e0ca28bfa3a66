from __future__ import annotations


class TextError(ValueError):
    """A file whose text cannot be read. `message` is French, for people, and never repeats the content; `code` is
    stable, for software."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
