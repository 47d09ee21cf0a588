"""From YAML nodes to plain data, without YAML's surprises: what an author cannot have meant is a problem.

YAML 1.1 reads `no` as false, `0777` as 511, `22:22` as 1342 and `2026-10-03` as a date.
"""

import re
from math import isfinite

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from grader.rubric.problems import BrokenFile, Problem, at
from grader.rubric.suggest import quoted
from grader.rubric.tree import DEEPEST, MOST_NODES

YAML_TAG = "tag:yaml.org,2002:"

_TEXTS = frozenset(YAML_TAG + name for name in ("str", "timestamp", "value"))
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?")


class Reading:
    """One pass over a tree: the data, and the problems met on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._visits = 0
        self._within: list[yaml.Node] = []

    def data(self, node: yaml.Node) -> object:
        """Return the plain value of a node; aliases are followed as often as they are used, within bounds."""
        self._enter(node)
        match node:
            case yaml.MappingNode():
                value: object = self._mapping(node)
            case yaml.SequenceNode():
                value = [self.data(item) for item in node.value]
            case yaml.ScalarNode():
                value = self._scalar(node)
            case _:
                value = None
        self._within.pop()
        return value

    def _enter(self, node: yaml.Node) -> None:
        self._visits += 1
        if any(outer is node for outer in self._within):
            raise BrokenFile(at(node, "an alias in here leads back to where it stands"))
        if self._visits > MOST_NODES:
            raise BrokenFile(at(node, f"with its aliases, the file has more than {MOST_NODES:,} values"))
        if len(self._within) > DEEPEST:
            raise BrokenFile(at(node, f"with its aliases, this is nested more than {DEEPEST} levels deep"))
        self._within.append(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, object]:
        self._own(node, "map")
        found: dict[str, object] = {}
        lines: dict[str, int] = {}
        for key, value in node.value:
            word, inner = self._key(key), self.data(value)
            if word is None:
                continue
            if word in found:
                told = f"the key {quoted(word)} stands here a second time: the first is on line {lines[word]}"
                self.problems.append(at(key, told))
            lines.setdefault(word, key.start_mark.line + 1)
            found.setdefault(word, inner)
        return found

    def _key(self, key: yaml.Node) -> str | None:
        if not isinstance(key, yaml.ScalarNode):
            self.problems.append(at(key, "a key has to be text"))
            return None
        word = str(key.value)
        if key.tag == YAML_TAG + "merge":
            self.problems.append(at(key, "a rubric knows no merge keys: write the keys out"))
        elif key.tag not in _TEXTS:
            told = f"a key has to be text, and YAML does not read {quoted(word)} as text: quote it"
            self.problems.append(at(key, told))
        return word

    def _scalar(self, node: yaml.ScalarNode) -> object:
        match node.tag.removeprefix(YAML_TAG):
            case "null":
                self.problems.append(at(node, "a value is missing here: give one, or leave the key out"))
                return None
            case "bool" if node.value.lower() in SafeConstructor.bool_values:
                return SafeConstructor.bool_values[node.value.lower()]
            case "int" | "float":
                return self._number(node)
            case _:
                self._own(node, "str", "timestamp", "value")
                return str(node.value)

    def _number(self, node: yaml.ScalarNode) -> object:
        number = _as_yaml_counts(node)
        if number is None:
            self.problems.append(at(node, f"{quoted(node.value)} is no number"))
        elif not isfinite(number):
            self.problems.append(at(node, f"{quoted(node.value)} is no finite number"))
        elif not (_WHOLE.fullmatch(node.value) or _DECIMAL.fullmatch(node.value)):
            told = f"YAML reads {quoted(node.value)} as the number {number}: quote it, or write plain digits"
            self.problems.append(at(node, told))
        return number if number is not None and isfinite(number) else None

    def _own(self, node: yaml.Node, *names: str) -> None:
        """Note a tag that YAML did not choose itself, or that has no meaning here."""
        if node.tag not in {YAML_TAG + name for name in names}:
            tag = quoted(node.tag.replace(YAML_TAG, "!!"))
            self.problems.append(at(node, f"the tag {tag} means nothing in a rubric: remove it, or quote a text"))


def _as_yaml_counts(node: yaml.ScalarNode) -> int | float | None:
    """Return the number that YAML 1.1 makes of it; an int that is too long to print is none."""
    make = SafeConstructor()
    construct = make.construct_yaml_int if node.tag == YAML_TAG + "int" else make.construct_yaml_float
    try:
        number: int | float = construct(node)
        str(number)
    except (ValueError, IndexError, OverflowError, ConstructorError):
        return None
    return number
