"""An engine on which the starter images of the flagship stand ready."""

from pathlib import Path

import pytest

from tests.lab import Engine

STARTER = Path(__file__).parents[2] / "exercises/flask-nginx-mongo/nginx_flask_mongodb"


@pytest.fixture(scope="session")
def starter_engine(lab_engine: Engine) -> Engine:
    """Build the starter images once for all tests of this worker."""
    lab_engine.wipe()
    for part in ("flask-app", "nginx"):
        lab_engine.docker("build", "--quiet", "--tag", f"lab/{part}", STARTER / part)
    return lab_engine


@pytest.fixture
def starter(starter_engine: Engine) -> Engine:
    """Return the engine with the starter images and nothing else of a learner's."""
    starter_engine.clear()
    return starter_engine
