"""Which store of model versions an installation uses."""

from __future__ import annotations

from models import ModelStore
from service.settings import Settings


def open_store(settings: Settings) -> ModelStore:
    """Return the store in use; one of the installation's own starts with the shipped version."""
    shipped = ModelStore()
    if settings.models_dir is None:
        return shipped
    store = ModelStore(settings.models_dir)
    store.seed(shipped)
    return store
