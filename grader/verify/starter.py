"""What learners have when they build the starter as it is delivered, as far as its files tell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from grader.judging import imageref
from grader.judging.sketch import Net, Place, Sketch
from grader.models.evidence import Evidence
from grader.rubric.model import Rubric
from grader.verify.engines import sketched

_COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_EXPOSE = re.compile(r"^\s*EXPOSE\s+(.+)$", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)", re.IGNORECASE | re.MULTILINE)
_STATUS = 200
Plain = Mapping[str, object]


def as_delivered(rubric: Rubric, folder: Path) -> Evidence | None:
    """Return what an engine shows after each Dockerfile was run and each Compose file brought up; None without any."""
    sketches = [_composed(rubric, file) for name in _COMPOSE for file in sorted(folder.rglob(name))]
    alone = [
        file for file in sorted(folder.rglob("Dockerfile")) if not any((file.parent / c).is_file() for c in _COMPOSE)
    ]
    if not sketches:
        sketches = [Sketch(places=tuple(_run(rubric, file) for file in alone))] if alone else []
    if not sketches:
        return None
    whole = Sketch(
        tuple({net.name: net for sketch in sketches for net in sketch.nets}.values()),
        tuple(place for sketch in sketches for place in sketch.places),
    )
    return sketched(rubric, {rubric.hosts[0]: whole})


def _run(rubric: Rubric, dockerfile: Path) -> Place:
    """Return the container that `docker build` and `docker run` make, without a word about networks."""
    image, ports = _built(dockerfile)
    return _at_work(rubric, Place(dockerfile.parent.name, image=image, exposes=ports, on=("bridge",)))


def _built(dockerfile: Path) -> tuple[str, tuple[int, ...]]:
    """Return the image that a Dockerfile begins with, which says most about its service, and the ports it names."""
    text = dockerfile.read_text(encoding="utf-8", errors="replace")
    bases = _FROM.findall(text)
    words = " ".join(_EXPOSE.findall(text)).split()
    return (bases[-1] if bases else "scratch"), tuple(int(p) for w in words if (p := w.partition("/")[0]).isdigit())


def _composed(rubric: Rubric, file: Path) -> Sketch:
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8", errors="replace"))
    except yaml.YAMLError:
        return Sketch()
    project = file.parent.name
    networks = {"default": {}, **_mapping(_mapping(said).get("networks"))}
    names = {key: str(_mapping(each).get("name") or f"{project}_{key}") for key, each in networks.items()}
    nets = (
        Net(
            names[key],
            str(_mapping(each).get("driver") or "bridge"),
            internal=_mapping(each).get("internal") is True,
        )
        for key, each in networks.items()
    )
    services = _mapping(_mapping(said).get("services")).items()
    places = (_service(rubric, file, name, _mapping(service), names) for name, service in services)
    return Sketch(tuple(nets), tuple(places))


def _service(rubric: Rubric, file: Path, name: str, said: Plain, networks: Mapping[str, str]) -> Place:
    build = said.get("build")
    context = _mapping(build).get("context", ".") if isinstance(build, dict) else build
    dockerfile = file.parent / str(context) / "Dockerfile"
    image, ports = _built(dockerfile) if build and dockerfile.is_file() else (str(said.get("image") or name), ())
    joined = said.get("networks") or ["default"]
    bindings = tuple(f"0.0.0.0:{host}->{inner}" for host, inner in _ports(said.get("ports")))
    aliases = {alias for each in _mapping(joined).values() for alias in _listed(_mapping(each).get("aliases"))}
    place = Place(
        str(said.get("container_name") or f"{file.parent.name}-{name}-1"),
        image=image,
        exposes=(*ports, *(int(word) for word in map(str, _listed(said.get("expose"))) if word.isdigit())),
        on=tuple(networks[key] for key in map(str, _listed(joined)) if key in networks),
        aliases=(name, *sorted(map(str, aliases))),
        publishes=bindings,
        hostname=str(said.get("hostname") or ""),
        mode=str(said.get("network_mode") or "default"),
    )
    return _at_work(rubric, place)


def _at_work(rubric: Rubric, place: Place) -> Place:
    """Return a container that works: it listens on what it exposes, and as the role does that its image is for."""
    image = imageref.parse(place.image)
    roles = (role for role in rubric.roles.values() if role.image and image.satisfies(imageref.parse(role.image)))
    ports = sorted({*place.exposes, *(role.listens for role in roles if role.listens)})
    return replace(place, listens=tuple(f"0.0.0.0:{port}" for port in ports), http=_STATUS)


def _ports(said: object) -> Iterator[tuple[int, int]]:
    for each in _listed(said):
        parts = str(each).partition("/")[0].split(":")
        if len(parts) > 1 and parts[-1].isdigit() and parts[-2].isdigit():
            yield int(parts[-2]), int(parts[-1])


def _mapping(said: object) -> Plain:
    return said if isinstance(said, dict) else {}


def _listed(said: object) -> list[object]:
    return list(said) if isinstance(said, (list, dict)) else []
