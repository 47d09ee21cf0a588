"""Two roles between which something should, or should not, pass."""

from collections.abc import Callable, Iterable

from grader.judging import causes, outside
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Part, failed, unknown


def judge_pairs(scene: Scene, source: str, target: str, want: str, judge: Callable[[Actor, Actor], Part]) -> list[Part]:
    """Return one part for all pairs of replicas: the first that fails, else one that is unknown, else a pass.

    A role that is absent or does not run has been seen, so the demand is failed, not unknown.
    """
    for role in (source, target):
        if idle := causes.idle(scene, role):
            return [failed(want, not_at_work(role), idle)]
    return [worst(_pair_parts(scene, source, target, want, judge))]


def not_at_work(role: str) -> str:
    """Return what is seen of a role whose container is absent or does not run."""
    return f"{role} is not at work"


def judge_from_outside(scene: Scene, target: str, want: str, judge: Callable[[Actor], Part]) -> list[Part]:
    """Return one part for all replicas of a role that is looked at from outside the engine."""
    if idle := causes.idle(scene, target):
        return [failed(want, not_at_work(target), idle)]
    parts = (
        judge(actor) if outside.is_seen(scene, actor) else unknown(want, "nothing could be tried from outside")
        for actor in scene.role(target).actors
    )
    return [worst(parts)]


def _pair_parts(
    scene: Scene, source: str, target: str, want: str, judge: Callable[[Actor, Actor], Part]
) -> Iterable[Part]:
    for one in scene.role(source).actors:
        for other in scene.role(target).actors:
            if scene.sandbox(one) is None:
                yield unknown(want, f"the sandbox of {one.label} could not be looked into: {scene.fault(one)}")
            else:
                yield judge(one, other)


def worst(parts: Iterable[Part]) -> Part:
    """Return the first part that fails, else one that is unknown, else a pass."""
    order = {"failed": 0, "error": 1, "passed": 2}
    return min(parts, key=lambda part: order[part.outcome])
