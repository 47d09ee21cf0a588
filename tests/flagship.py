"""Sketches of the flagship exercise, for tests that need no engine."""

from dataclasses import replace
from pathlib import Path

from grader.evaluate import evaluate
from grader.judging.sketch import Net, Place, Sketch
from grader.models.evidence import Evidence
from grader.models.report import Report
from grader.rubric.load import load

RUBRIC = load(Path(__file__).parents[1] / "rubrics" / "flask-nginx-mongo.yaml")
NETS = (Net("public-net-1"), Net("private-net-1"))
NGINX = Place(
    "nginx",
    "lab/nginx",
    ("public-net-1",),
    listens=("0.0.0.0:80",),
    exposes=(80,),
    publishes=("0.0.0.0:8080->80",),
    http=200,
)
FLASK = Place("flask-app", "lab/flask-app", ("public-net-1", "private-net-1"), listens=("0.0.0.0:9090",), http=200)
MONGO = Place("mongo", "mongo:7", ("private-net-1",), listens=("0.0.0.0:27017",), exposes=(27017,))


def evidence(*places: Place, nets: tuple[Net, ...] = NETS, roles: dict[str, str] | None = None) -> Evidence:
    """Return what an engine would show of these containers."""
    drawn = Sketch(nets=nets, places=places).evidence(RUBRIC.rubric.wants)
    return drawn.model_copy(update={"exercise": "flask-nginx-mongo", "roles": roles or {}})


def report(*places: Place, nets: tuple[Net, ...] = NETS, roles: dict[str, str] | None = None) -> Report:
    """Return the verdict on these containers."""
    return evaluate(RUBRIC, evidence(*places, nets=nets, roles=roles))


def renamed(place: Place, name: str) -> Place:
    """Return the same container under another name, with its old one as an alias."""
    return replace(place, name=name, aliases=(*place.aliases, place.name))
