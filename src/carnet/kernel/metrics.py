"""Figures for operators, added over all processes when `PROMETHEUS_MULTIPROC_DIR` is set. Labels are fixed words:
route patterns, methods, statuses; never an id."""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST

requests = Counter("carnet_requests", "Requests answered", ["method", "route", "status"])
seconds = Histogram("carnet_request_seconds", "Time to answer", ["route"])


def text() -> bytes:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
