"""A whole installation into one folder, and back: database, contents, keys, and a manifest of hashes written
last."""

from __future__ import annotations

from carnet.kernel.backup.errors import BackupError
from carnet.kernel.backup.restore import restore
from carnet.kernel.backup.save import Summary, backup

__all__ = ["BackupError", "Summary", "backup", "restore"]
