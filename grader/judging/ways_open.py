"""Whether one role gets through to another: what `reaches` judges, and every open pair of a matrix."""

from functools import partial

from grader.judging import outside, ports
from grader.judging.names import in_words
from grader.judging.outside import OUTSIDE
from grader.judging.pairs import judge_from_outside, judge_pairs
from grader.judging.scene import Actor, Scene
from grader.judging.verdict import Part, Unexplained, failed, passed, unknown


def judge_open(scene: Scene, source: str, target: str, port: int | None, want: str) -> list[Part]:
    """Judge the connection at each of the target's addresses, or a ping without a port; one that is accepted will do.

    From outside, published ports are tried, and only words of the target itself count.
    """
    if source == OUTSIDE and port:
        return judge_from_outside(scene, target, want, partial(_from_outside, scene, want, port))
    return judge_pairs(scene, source, target, want, partial(_judge, scene, want, port))


def _judge(scene: Scene, want: str, port: int | None, source: Actor, target: Actor) -> Part:
    states = scene.reaches(source, target, port)
    accepted = [address for address, state in states.items() if state == "open"]
    if accepted:
        return passed(want, f"{in_words(accepted)} {'accepted' if port else 'answered'}")
    if "not-observed" in states.values():
        what = f"port {port} of {target.label}" if port else f"a ping to {target.label}"
        return unknown(want, f"{what} was not tried from {source.label}")
    how = ports.how_it_went(states)
    return failed(want, how, ports.unanswered(scene, source, target, port, how))


def _from_outside(scene: Scene, want: str, port: int, target: Actor) -> Part:
    found = outside.ways(scene, target, port)
    through = [way for way in found if outside.is_through(scene, target, way, port)]
    if through:
        return outside.stolen(scene, want, target, through) or passed(
            want, f"{in_words(way.shown for way in through)} answered"
        )
    if not found and (lan := outside.beside(scene, target)):
        return unknown(want, f"{target.label} is met on {lan}, where the engine's own host cannot look")
    if not found:
        return failed(want, "no address leads there", outside.closed(scene, target, port))
    if any(outside.said(scene, target, way, port).state == "not-observed" for way in found):
        return unknown(want, f"port {port} of {target.label} was not tried from outside")
    how = in_words(f"{way.shown}: no answer" for way in found)
    lost = Unexplained(f"{target.label} listens on port {port}, but nothing answers outside ({how})", "lost")
    return failed(want, how, ports.deaf(scene, target, port) or lost)
