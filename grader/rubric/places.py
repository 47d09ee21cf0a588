"""Where in its file each part of a sound rubric stands: what the loader knew and the rubric itself does not keep."""

from yaml import Node, ScalarNode

from grader.rubric.positions import Step, key_at, value_at
from grader.rubric.problems import at
from grader.rubric.tree import compose


class Places:
    """The lines and columns of a rubric's text, which has been loaded before."""

    def __init__(self, text: str) -> None:
        self._root: Node = compose(text) or ScalarNode("", "")

    def check(self, index: int, *path: Step) -> tuple[int, int]:
        """Return where a check begins, or the value at a path within it; the check itself where there is none."""
        return _position(value_at(self._root, ("checks", index, *path)))

    def role(self, name: str) -> tuple[int, int]:
        """Return where a role's name stands."""
        return _position(key_at(self._root, ("roles", name)))

    def top(self, key: str) -> tuple[int, int]:
        """Return where a key of the rubric stands, or the beginning of the file where it is left out."""
        return _position(key_at(self._root, (key,)))


def _position(node: Node) -> tuple[int, int]:
    return at(node, "").position
