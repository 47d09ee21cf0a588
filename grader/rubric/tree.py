"""From text to YAML nodes, each of which knows its line and column; bounded, whatever the text is."""

import yaml
from yaml.reader import Reader

from grader.rubric.problems import BrokenFile, Problem, at
from grader.rubric.syntax import explain, misplaced_character

LARGEST = 1_000_000
"""Characters or bytes of a file."""
MOST_NODES = 100_000
DEEPEST = 32
"""libyaml composes by recursion in C and crashes the whole process on some ten thousand open brackets."""

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str) -> yaml.Node | None:
    """Return the root of the one document, None where there is nothing; BrokenFile when it is no YAML."""
    if len(text) > LARGEST:
        raise BrokenFile(too_large())
    if odd := Reader.NON_PRINTABLE.search(text):
        raise BrokenFile(misplaced_character(text, odd.start()))
    try:
        _bound(text, _PARSER)
        root: yaml.Node | None = yaml.compose(text, Loader=_PARSER)
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):
            # libyaml has a bound of its own since PyYAML 6.0.4, and points behind the place that matters.
            _bound(text, yaml.SafeLoader)
        raise BrokenFile(explain(error, text)) from error
    return root


def too_large() -> Problem:
    """Return that the file is no rubric that anybody wrote."""
    return Problem(1, 1, "the file is larger than 1 MB: is it a rubric?")


def _bound(text: str, parser: type[yaml.SafeLoader]) -> None:
    """Look at the flat stream of events first: it tells of depth and number at no risk."""
    depth = count = 0
    for event in yaml.parse(text, Loader=parser):
        count += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise BrokenFile(at(event, f"this is nested more than {DEEPEST} levels deep"))
        if count > MOST_NODES:
            raise BrokenFile(at(event, f"there are more than {MOST_NODES:,} values"))
