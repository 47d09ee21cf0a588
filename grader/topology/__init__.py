"""What pictures are drawn from: the architecture that a rubric asks for, and the build that was seen."""

from grader.topology.seen import topology
from grader.topology.target import wanted

__all__ = ["topology", "wanted"]
