from __future__ import annotations


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot serve; the text is one line in French that says what to do."""
