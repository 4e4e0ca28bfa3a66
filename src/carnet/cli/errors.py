from __future__ import annotations


class CommandError(Exception):
    """A command cannot do what it was asked; the text is one line in French."""
