"""Ends with 0 when the database has seen every migration of this version. Asked as the reader.

python -m carnet.serve.up_to_date
"""

from __future__ import annotations

import os
import sys

import django
from django.db import DatabaseError

from carnet.serve.pending import pending


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    django.setup()
    try:
        return 1 if pending("reader") else 0
    except DatabaseError:
        # No table of migrations, no log-in yet: nothing has been prepared.
        return 1


if __name__ == "__main__":
    sys.exit(main())
