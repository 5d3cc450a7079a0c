"""What several unit tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose collection path leads here."""
    (tmp_path / "ansible_collections/gatehouse").mkdir(parents=True)
    (tmp_path / "ansible_collections/gatehouse/apache").symlink_to(ROOT)
    return tmp_path
