"""What Prometheus scrapes; right with several worker processes too.

With PROMETHEUS_MULTIPROC_DIR set before the program starts (`qulaq serve` does
it for more than one worker), counters live in files of that folder and a scrape
adds up those of all workers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one service; every name begins with `qulaq_`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "qulaq_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "qulaq_http_request_seconds",
            "Time from request to answer.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.analyses = Counter(
            "qulaq_analyses",
            "Texts analysed, by written form.",
            ("language",),
            registry=self.registry,
        )
        self.abstentions = Counter(
            "qulaq_abstentions",
            "Answers not sure enough to act on, by head.",
            ("head",),
            registry=self.registry,
        )
        self.comments = Counter(
            "qulaq_comments",
            "Comments stored, by platform.",
            ("platform",),
            registry=self.registry,
        )
        self.comparisons = Counter(
            "qulaq_comparisons",
            "Waiting comments compared with changed claims again, by whether that changed them.",
            ("changed",),
            registry=self.registry,
        )
        self.reviews = Counter(
            "qulaq_reviews",
            "Comments decided on, by decision.",
            ("decision",),
            registry=self.registry,
        )

    def exposition(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        """Return all counters, and `gauges` (name → what it is, value now), as Prometheus text."""
        registry = CollectorRegistry()
        registry.register(_Gauges(gauges))
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(self.registry) + generate_latest(registry)


class _Gauges(Collector):
    """Values measured at the moment of the scrape."""

    def __init__(self, gauges: Mapping[str, tuple[str, float]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, (documentation, value) in self._gauges.items():
            yield GaugeMetricFamily(name, documentation, value=value)
