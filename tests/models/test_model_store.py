"""The store: that activation is never halfway, and where the way back leads."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from tiny_model import flip_a_byte, manifest, tiny

from models import ArtifactError, ModelStore
from models.artifact import MANIFEST, load_artifact, save_artifact


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    store = ModelStore(tmp_path / "store")
    for version in ("v1", "v2"):
        folder = tmp_path / version
        save_artifact(folder, manifest(version), tiny())
        store.add(folder)
    return store


def test_activate_and_roll_back_keep_a_history(store: ModelStore) -> None:
    store.activate("v1", by="a")
    store.activate("v2", by="b", reason="better")
    assert store.active() == "v2"
    assert store.rollback(by="c").version == "v1"
    assert [(entry.version, entry.by) for entry in store.history()] == [
        ("v1", "a"),
        ("v2", "b"),
        ("v1", "c"),
    ]
    assert [entry.version for entry in store.versions()] == ["v1", "v2"]


@pytest.mark.parametrize("version", ["v3", "../v1", "", "a/b", ".."])
def test_an_unknown_version_is_refused_and_nothing_changes(store: ModelStore, version: str) -> None:
    store.activate("v1", by="a")
    with pytest.raises(ArtifactError):
        store.activate(version, by="a")
    assert store.active() == "v1"


def test_a_damaged_version_does_not_go_live(store: ModelStore) -> None:
    store.activate("v1", by="a")
    flip_a_byte(store.path("v2"))
    with pytest.raises(ArtifactError, match="is damaged"):
        store.activate("v2", by="a")
    assert store.active() == "v1"


def test_rolling_back_passes_over_a_version_that_was_removed(
    store: ModelStore, tmp_path: Path
) -> None:
    save_artifact(tmp_path / "v3", manifest("v3"), tiny())
    store.add(tmp_path / "v3")
    for version in ("v1", "v2", "v3"):
        store.activate(version, by="a")
    shutil.rmtree(store.path("v2"))
    assert store.rollback(by="a").version == "v1"


def three(store: ModelStore, tmp_path: Path) -> ModelStore:
    save_artifact(tmp_path / "v3", manifest("v3"), tiny())
    store.add(tmp_path / "v3")
    for version in ("v1", "v2", "v3"):
        store.activate(version, by="a")
    return store


def test_each_rollback_leads_further_back(store: ModelStore, tmp_path: Path) -> None:
    three(store, tmp_path)
    assert store.rollback(by="a").version == "v2"
    assert store.rollback(by="a").version == "v1"
    with pytest.raises(ArtifactError, match=r"no earlier version to roll back to in \S+$"):
        store.rollback(by="a")


def test_a_rollback_never_leads_to_what_was_rolled_back_from(
    store: ModelStore, tmp_path: Path
) -> None:
    three(store, tmp_path)
    store.rollback(by="a")
    store.activate("v1", by="a", reason="promoted again")
    store.activate("v3", by="a", reason="mended")
    assert [entry.version for entry in store.history()] == ["v1", "v2", "v3", "v2", "v1", "v3"]
    assert store.rollback(by="a").version == "v2"
    shutil.rmtree(store.path("v1"))
    with pytest.raises(ArtifactError, match="the history names v1, which it no longer holds"):
        store.rollback(by="a")


def test_nothing_to_roll_back_to(store: ModelStore) -> None:
    store.activate("v1", by="a")
    with pytest.raises(ArtifactError, match="no earlier version"):
        store.rollback(by="a")


def test_a_version_is_never_overwritten(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="already"):
        store.add(tmp_path / "v1")
    assert not list(store.root.glob(".adding-*"))


def test_an_empty_store_is_seeded_once(store: ModelStore, tmp_path: Path) -> None:
    store.activate("v2", by="a")
    mine = ModelStore(tmp_path / "mine")
    mine.seed(store)
    assert mine.active() == "v2"
    store.activate("v1", by="a")
    mine.seed(store)
    assert mine.active() == "v2"
    shutil.rmtree(store.root)
    assert load_artifact(mine.path("v2"))[0].version == "v2"


def test_readers_never_see_half_a_pointer(store: ModelStore) -> None:
    store.activate("v1", by="a")
    seen: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(store.active())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        store.activate("v2" if turn % 2 else "v1", by="a")
    done.set()
    reader.join()
    assert set(seen) <= {"v1", "v2"}
    assert len(store.history()) == 31


@pytest.mark.parametrize("content", [b"\xff", b"", b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"])
def test_a_manifest_that_is_no_json_hides_no_other_version(
    store: ModelStore, content: bytes
) -> None:
    (store.path("v1") / MANIFEST).write_bytes(content)
    (store.root / "v3" / MANIFEST).mkdir(parents=True)
    assert [entry.version for entry in store.versions()] == ["v2"]
    with pytest.raises(ArtifactError, match="is not JSON"):
        store.activate("v1", by="a")


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[" * 100_000, b'{"history": [{"version": 5}]}']
)
def test_a_damaged_pointer_is_named(store: ModelStore, content: bytes) -> None:
    store.pointer.write_bytes(content)
    with pytest.raises(ArtifactError, match="is damaged"):
        store.active()


def test_a_folder_named_like_another_version_does_not_go_live(store: ModelStore) -> None:
    store.path("v2").rename(store.root / "v9")
    with pytest.raises(ArtifactError, match="is version 'v2'"):
        store.activate("v9", by="a")
