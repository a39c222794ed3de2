"""The command line of ML staff: `qulaq-train`."""

from __future__ import annotations

import sys

from models.artifact import ArtifactError
from training.cli import benchmark, claims, data, labels, live, model, report
from training.cli.application import app
from training.corpus import CorpusError

__all__ = ["app", "benchmark", "claims", "data", "labels", "live", "main", "model", "report"]


def main() -> None:
    """Run the command line; expected failures are one sentence on standard error."""
    try:
        app()
    except (ArtifactError, CorpusError, OSError, ValueError) as error:
        sys.exit(f"qulaq-train: {error}")
