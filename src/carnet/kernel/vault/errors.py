"""What the content store may answer instead of bytes. No message holds content, a name or a record's id."""

from __future__ import annotations

from uuid import UUID


class VaultError(Exception):
    """Base of every fault of the vault."""


class Refused(VaultError):
    """A deposit that is not accepted. `message` is French, for people; `code` is stable, for software."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ScannerUnavailable(Refused):
    """The antivirus does not answer, or the PDF inspector is too busy: the deposit is to be sent again later."""

    def __init__(self) -> None:
        super().__init__(
            "scanner-unavailable",
            "Le contrôle des fichiers ne répond pas pour le moment. Le document n'a pas été déposé : "
            "réessayez dans quelques minutes.",
        )


class KeyFault(VaultError):
    """A key is missing, badly kept or wrong. The message is French, for the operator."""


class StoreFault(VaultError):
    """The store cannot be reached or written."""


class ContentFault(VaultError):
    """A deposited content cannot be given back: an alarm, never an ordinary answer."""

    def __init__(self, blob_id: UUID) -> None:
        super().__init__(f"{type(self).__name__.lower()} content {blob_id}")
        self.blob_id = blob_id


class Missing(ContentFault):
    """No file under this id."""


class Altered(ContentFault):
    """The file is not, byte for byte, what was stored for this record under this id."""
