"""Who plays which role is seen without any label, as long as a build is nearly right."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judging.sketch import Net, Place
from tests.flagship import FLASK, MONGO, NETS, NGINX, renamed, report
from tests.laws.builds import nearly_right
from tests.laws.model import Build
from tests.laws.reports import cast, judged, meant


@given(build=nearly_right(labelled=False, most=1))
@settings(max_examples=100)
def test_one_change_hides_nobody(build: Build) -> None:
    """In a shared sandbox, and on the host, a socket may be anybody's: that may be ambiguous, but never mistaken."""
    found, wanted = cast(judged(build)), meant(build)
    shared = any(box.mode.startswith(("in:", "host")) for box in build.boxes)
    wrong = [role for role in wanted if found[role] != wanted[role] and not (shared and found[role] is None)]
    assert wrong == []


IMAGES = {"nginx": 80, "mongo:7": 27017, "lab/flask-app": 9090, "busybox": 0}
PARTS = [renamed(NGINX, "front"), renamed(FLASK, "site"), renamed(MONGO, "store")]


@st.composite
def strangers(draw: st.DrawFn) -> list[Place]:
    """Draw what other lessons and projects have left: they may look like anybody, and live elsewhere."""
    names = draw(st.lists(st.sampled_from(["nginx", "flask", "mongo", "web", "old"]), max_size=4, unique=True))
    return [_stranger(draw, name) for name in names]


def _stranger(draw: st.DrawFn, name: str) -> Place:
    image = draw(st.sampled_from([*IMAGES]))
    port = draw(st.sampled_from([80, 9090, 27017]))
    return Place(
        name,
        image,
        draw(st.sampled_from([(), ("shop",)])),
        listens=draw(st.sampled_from([(), (f"0.0.0.0:{IMAGES[image] or port}",)])),
        exposes=draw(st.sampled_from([(), (IMAGES[image] or port,)])),
        state=draw(st.sampled_from(["running", "exited", "created"])),
    )


@given(others=strangers(), at_rest=st.sampled_from([None, "front", "site", "store"]))
@settings(max_examples=150)
def test_whoever_lives_elsewhere_takes_nobodys_place(others: list[Place], at_rest: str | None) -> None:
    """However much they look like it, and even while the right one is at rest."""
    nets = (*NETS, Net("shop"))
    build = [replace(part, state="exited") if part.name == at_rest else part for part in PARTS]
    roles = report(*build, *others, nets=nets).roles
    assert {role: found.container for role, found in roles.items() if found} == {
        "nginx": "front", "flask": "site", "mongo": "store"
    }  # fmt: skip
