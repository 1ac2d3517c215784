"""Fixtures for the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of films and laboratory files beside the repository, or skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the shared test data is not here ({SHARED_DATA.parent.name}/data beside the repository)")
    return SHARED_DATA
