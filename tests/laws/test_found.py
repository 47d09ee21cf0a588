"""Builds on which a law once broke, kept as the examples that they are."""

from dataclasses import replace

from tests.laws.model import Box, Build, Join, Listen, Net
from tests.laws.reports import by_id, judged

FRONT, BACK = Net("public-net-1", "public-net-1"), Net("private-net-1", "private-net-1")
BOXES = (
    Box("nginx", "nginx", "nginx", "lab/nginx", joins=(Join("public-net-1"),), listens=(Listen(80, "nginx"),)),
    Box(
        key="flask",
        name="flask-app",
        role="flask",
        joins=(Join("public-net-1"), Join("private-net-1")),
        listens=(Listen(9090, "flask"),),
    ),
    Box("mongo", "mongo", "mongo", "mongo:7", True, (Join("private-net-1"),), (Listen(27017, "mongo"),)),
)


def test_a_paused_container_lends_its_addresses_to_who_lives_in_its_sandbox() -> None:
    nginx, flask, mongo = BOXES
    lodger = replace(mongo, mode="in:home", joins=())
    home = Box("home", "home", joins=(Join("private-net-1"),), state="paused")
    found = by_id(judged(Build((FRONT, BACK), (nginx, flask, lodger, home))))
    assert found["flask-to-mongo"].status == "passed"
    assert found["mongo-is-private"].status == "passed"
