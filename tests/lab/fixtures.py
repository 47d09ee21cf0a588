"""Fixtures for live tests; load them with `pytest_plugins = ["tests.lab.fixtures"]`."""

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from . import Engine, EngineBusyError, available, start

_ATTEMPTS = 20


@pytest.fixture(scope="session")
def lab_engine(worker_name: str, lab_release: str) -> Iterator[Engine]:
    """One engine for the whole run, in whatever state the last test left it."""
    reason = available()
    if reason:
        pytest.skip(reason)
    with _start_free(worker_name, lab_release) as engine:
        yield engine


@pytest.fixture
def engine(lab_engine: Engine) -> Engine:
    """Wipe the engine of this run: nothing is on it but the base images."""
    lab_engine.wipe()
    return lab_engine


class Pair(NamedTuple):
    """Two engines on one wire."""

    manager: Engine
    worker: Engine

    def variables(self) -> dict[str, str]:
        """Return what a script needs to speak to both: in MANAGER and WORKER values for DOCKER_HOST."""
        return {**self.manager.env(), "MANAGER": self.manager.host, "WORKER": self.worker.host}


@pytest.fixture(scope="session")
def lab_pair(worker_name: str, lab_release: str) -> Iterator[Pair]:
    """Two engines beside that of this run, started when the first test needs them."""
    reason = available()
    if reason:
        pytest.skip(reason)
    with (
        _start_free(f"{worker_name}-manager", lab_release) as manager,
        _start_free(f"{worker_name}-worker", lab_release) as worker,
    ):
        yield Pair(manager, worker)


@pytest.fixture
def pair(lab_pair: Pair) -> Pair:
    """Wipe the two engines and see to the wire between them, which a restart cuts."""
    for engine in (lab_pair.worker, lab_pair.manager):  # who leaves a swarm last needs nobody to say goodbye to
        engine.wipe()
    lab_pair.manager.link(lab_pair.worker)
    return lab_pair


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Return the name of the xdist worker; without xdist, what the first would be called."""
    worker = getattr(request.config, "workerinput", {})
    return str(worker.get("workerid", "gw0"))


@pytest.fixture(scope="session")
def lab_release() -> str:
    """Return GRADE_LAB_RELEASE, the Debian release whose engine to test on; empty for the installed one."""
    return os.environ.get("GRADE_LAB_RELEASE", "")


def _start_free(worker: str, release: str) -> Engine:
    """Start the worker's engine, under another name when a second test run on this machine has it."""
    for attempt in range(_ATTEMPTS):
        try:
            return start(worker if attempt == 0 else f"{worker}-{attempt}", release=release)
        except EngineBusyError:
            continue
    pytest.fail(f"{_ATTEMPTS} engines named {worker}, {worker}-1, … are in use")
