"""What a professional's position is, before anything else is asked (L1111-17, L1111-18)."""

from __future__ import annotations

from enum import StrEnum


class Capacity(StrEnum):
    CARE = "care"
    OCCUPATIONAL = "occupational"
    CHILD_PROTECTION = "pmi"
    INSURER = "insurer"
    REGULATION = "regulation"
    SECRETARIAT = "secretariat"
