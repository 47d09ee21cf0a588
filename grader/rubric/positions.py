"""Where in the file something stands, by its path from the root."""

from collections.abc import Iterator, Sequence

from yaml import MappingNode, Node, SequenceNode

from grader.rubric.plain import YAML_TAG

Step = str | int


def value_at(node: Node, path: Sequence[Step]) -> Node:
    """Return the node at the path, or the innermost one on the way to it when something is missing."""
    for step in path:
        inner = _child(node, step)
        if inner is None:
            break
        node = inner
    return node


def key_at(node: Node, path: Sequence[Step]) -> Node:
    """Return the node of the key that the path ends with, or of what it should stand in."""
    holder = value_at(node, path[:-1])
    pairs = holder.value if isinstance(holder, MappingNode) else ()
    return next((key for key, _ in pairs if key.value == path[-1]), holder)


def values_of(node: Node) -> dict[str, Node]:
    """Return the values of a mapping by their keys, the first one of each."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return {str(key.value): value for key, value in reversed(pairs)}


def holding(node: Node, text: str, first: Sequence[str], otherwise: str = "") -> Node:
    """Return the key or value within a mapping that is `text`, looking below the keys in `first` before others.

    Where there is none, it is what stands at the key `otherwise`, or the mapping itself.
    """
    pairs = [(key.value, value) for key, value in node.value] if isinstance(node, MappingNode) else []
    ranked = sorted(pairs, key=lambda pair: pair[0] not in first)
    return next(
        (inner for _, value in ranked for inner in _texts(value) if inner.value == text), value_at(node, (otherwise,))
    )


def is_text(node: Node) -> bool:
    """Return whether YAML reads the node as text."""
    return node.tag == YAML_TAG + "str"


def _texts(node: Node) -> Iterator[Node]:
    match node:
        case SequenceNode():
            for item in node.value:
                yield from _texts(item)
        case MappingNode():
            for key, value in node.value:
                yield key
                yield from _texts(value)
        case _:
            yield node


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None
