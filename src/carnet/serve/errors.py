from __future__ import annotations


class ServeError(Exception):
    """Carnet cannot be served as asked; the text is one line in French that says what to do."""
