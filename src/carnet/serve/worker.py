"""The worker process: the work that can wait.

python -m carnet.serve.worker PARENT
"""

from __future__ import annotations

import os
import sys
import threading

import django

from carnet.kernel import jobs, logs
from carnet.serve.foreground import stopping
from carnet.serve.lifeline import die_with

_NICE = 5
_PATIENCE = 8.0
_OUTSIDE = 3


def main(parent: int) -> None:
    die_with(parent)
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    django.setup()
    logs.catch_the_uncaught()
    # Whoever waits for an answer comes first.
    os.nice(_NICE)
    with stopping() as stop:
        # A receiver of others that does not answer keeps none of our own work waiting.
        # Nor does a slow one keep the others waiting: software is called once at a time (`apps.sending`).
        beside = [
            threading.Thread(target=jobs.work, args=(stop,), kwargs={"outside": True}, name="outside", daemon=True)
            for _ in range(_OUTSIDE)
        ]
        for each in beside:
            each.start()
        jobs.work(stop, outside=False)
        for each in beside:
            each.join(_PATIENCE / _OUTSIDE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
