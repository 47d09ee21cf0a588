"""Who plays which role on the engines at this moment, as the grade would see it."""

from collections.abc import Mapping

from grader.identify import identify
from grader.models.evidence import Evidence
from grader.reset.plan import Part
from grader.rubric.model import Rubric
from grader.signs import ROLE_LABEL


def parts(
    rubric: Rubric, evidence: Evidence, wishes: Mapping[str, str]
) -> tuple[dict[str, dict[str, Part]], list[str]]:
    """Return by engine and container's id who was taken for what; and in words who may be and is not."""
    found: dict[str, dict[str, Part]] = {name: {} for name in evidence.hosts}
    doubts = []
    for name, match in identify(rubric, evidence).items():
        for actor in match.actors:
            labelled = actor.container.labels.get(ROLE_LABEL) == name
            because = next(iter(match.because), "")
            found[actor.host][actor.container.id] = Part(name, because, name in wishes, labelled)
        if match.rivals:
            doubts.append(
                f"{' and '.join(match.rivals)}: any of them may be {name}; say --role {name}={match.rivals[0]} if it is"
            )
    return found, doubts
