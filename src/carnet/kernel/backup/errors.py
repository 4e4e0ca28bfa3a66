from __future__ import annotations


class BackupError(Exception):
    """A backup or a restoration cannot go on. One line in French, for the operator."""
