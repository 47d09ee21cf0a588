"""What earns nothing: an engine on which nobody has built anything."""

from datetime import UTC, datetime

from grader import __version__
from grader.evaluate import evaluate
from grader.judging.questions import questions
from grader.judging.world import World
from grader.models.evidence import Evidence, HostEvidence
from grader.models.report import Report
from grader.models.snapshot import Engine, Network, Snapshot, Subnet
from grader.rubric.model import Loaded

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_BRIDGE = Network(
    id="bridge", name="bridge", driver="bridge", subnets=(Subnet(subnet="172.17.0.0/16", gateway="172.17.0.1"),)
)


def empty_engine(loaded: Loaded, exercise: str) -> Evidence:
    """Return what engines show that have nothing but what Docker brings along."""
    snapshot = Snapshot(
        engine=Engine(
            id="empty", name="empty", version="28.5.2", api_version="1.51", os="linux", architecture="amd64", now=_NOW
        ),
        networks=(
            _BRIDGE,
            Network(id="host", name="host", driver="host"),
            Network(id="none", name="none", driver="null"),
        ),
    )
    world = World(dict.fromkeys(loaded.rubric.hosts, snapshot))
    asked = questions(loaded.rubric.wants, world.snapshots)
    return Evidence(
        tool_version=__version__,
        exercise=exercise,
        started_at=_NOW,
        hosts={
            name: HostEvidence(snapshot=snapshot, observations=world.observations(name, asked[name]))
            for name in loaded.rubric.hosts
        },
    )


def on_empty_engine(loaded: Loaded, exercise: str) -> Report:
    """Return the verdict on engines on which nothing was built."""
    return evaluate(loaded, empty_engine(loaded, exercise))
