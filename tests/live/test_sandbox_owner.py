"""The owner of a sandbox that a candidate joined is looked at, though no sign makes it a candidate."""

import pytest
from docker import APIClient

from grader.host.collect import collect
from grader.plan import Choice
from tests.lab import Engine


@pytest.mark.live
def test_the_owner_of_a_joined_sandbox_comes_along(starter: Engine) -> None:
    starter.docker("run", "--detach", "--name", "pod", "--publish", "8085:80", "busybox", "sleep", "600")
    starter.docker("run", "--detach", "--name", "bystander", "busybox", "sleep", "600")
    web = starter.docker("run", "--detach", "--name", "web", "--network", "container:pod", "busybox", "sleep", "600")
    snapshot = collect(APIClient(starter.host), lambda _, __: Choice((web.strip(),)))
    assert [container.name for container in snapshot.containers] == ["pod", "web"]
    assert snapshot.other_containers == 1
