"""An engine on which the starter images of the flagship stand ready."""

from pathlib import Path

import pytest

from tests.lab import Engine

STARTER = Path(__file__).parents[2] / "exercises/flask-nginx-mongo/nginx_flask_mongodb"


@pytest.fixture
def starter(lab_engine: Engine) -> Engine:
    """Return the engine with nothing of a learner's but the starter images, built anew when somebody wiped them."""
    lab_engine.clear()
    there = lab_engine.docker("images", "--format", "{{.Repository}}").split()
    for part in ("flask-app", "nginx"):
        if f"lab/{part}" not in there:
            lab_engine.docker("build", "--quiet", "--tag", f"lab/{part}", STARTER / part)
    return lab_engine
