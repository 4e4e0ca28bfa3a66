"""How the code that runs apart says no."""

from __future__ import annotations


class Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
