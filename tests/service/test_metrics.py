"""What Prometheus scrapes, from one worker and from several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.live_model import LiveModel
from service.settings import Settings


def value(exposition: str, line: str) -> float:
    """Return the value of one series."""
    found = [row.rsplit(" ", 1)[1] for row in exposition.splitlines() if row.startswith(line + " ")]
    assert len(found) == 1, line
    return float(found[0])


def test_counters_and_gauges(api: TestClient) -> None:
    api.post("/v1/comments", json={"text": "люк ашық", "external_id": "1", "platform": "vk"})
    api.post("/v1/comments", json={"text": "люк ашық", "external_id": "1", "platform": "vk"})
    api.get("/v1/comments/1")
    api.get("/v1/comments/2")
    api.get("/nowhere/42")
    found = api.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain; version=0.0.4")
    route = 'method="GET",route="/v1/comments/{comment_id}"'
    assert value(found.text, f'qulaq_http_requests_total{{{route},status="200"}}') == 1
    assert value(found.text, f'qulaq_http_requests_total{{{route},status="404"}}') == 1
    assert value(found.text, f"qulaq_http_request_seconds_count{{{route}}}") == 2
    assert value(found.text, 'qulaq_comments_total{platform="vk"}') == 1
    assert value(found.text, 'qulaq_analyses_total{language="kk-Cyrl"}') == 2
    assert value(found.text, "qulaq_queue_open") == 1
    assert value(found.text, "qulaq_queue_overdue") == 0
    assert "/nowhere" not in found.text


def test_metrics_may_be_open(settings: Settings, live_model: LiveModel) -> None:
    for is_open, status in ((False, 401), (True, 200)):
        chosen = Settings(_env_file=None, data_dir=settings.data_dir, open_metrics=is_open)
        client = TestClient(create_app(chosen, live_model=live_model))
        assert client.get("/metrics").status_code == status


WORKER = """
from service.metrics import Metrics
metrics = Metrics()
metrics.analyses.labels("ru").inc(3)
print(metrics.exposition({"qulaq_queue_open": ("Waiting.", 7.0)}).decode())
"""


@pytest.mark.parametrize("workers", [1, 3])
def test_a_scrape_adds_up_all_workers(tmp_path: Path, workers: int) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(workers):
        found = subprocess.run(
            [sys.executable, "-c", WORKER],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
    assert value(found, 'qulaq_analyses_total{language="ru"}') == 3 * workers
    assert value(found, "qulaq_queue_open") == 7
