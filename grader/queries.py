"""JMESPath: what is wrong with a query, which roles it names, and what it finds. The library is loaded when needed."""

import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

_NULL = "null"
_TOO_EARLY = "it ends too early, after character {}"


class BadQuery(Exception):
    """A query that is none, whatever it is asked of."""


class FailedQuery(Exception):
    """A query that met a value which it cannot use; `on_nothing` where that value is missing."""

    def __init__(self, told: str, *, on_nothing: bool) -> None:
        super().__init__(told)
        self.on_nothing = on_nothing


def checked(text: str) -> None:
    """Raise BadQuery, with the position in the query, unless it can be asked."""
    for name, given in _calls(_tree(text)):
        _check_call(name, given)


def roles_in(text: str) -> tuple[str, ...]:
    """Return the roles that a query names as `roles.ROLE`, each once; none where it is no query."""
    try:
        return tuple(dict.fromkeys(_roles(_tree(text))))
    except BadQuery:
        return ()


def ask(text: str, document: dict[str, Any]) -> object:
    """Return what the query finds in the document; FailedQuery when it stumbles."""
    import jmespath
    from jmespath.exceptions import JMESPathTypeError

    try:
        return jmespath.search(text, document)
    except JMESPathTypeError as misfit:
        told = f"{misfit.function_name}() cannot use {_NULL if misfit.current_value is None else misfit.actual_type}"
        raise FailedQuery(told, on_nothing=misfit.current_value is None) from misfit
    except (ValueError, TypeError, ArithmeticError, RecursionError) as failure:
        raise FailedQuery(str(failure).partition("\n")[0] or "it is too deep", on_nothing=False) from failure


@cache
def _tree(text: str) -> dict[str, Any]:
    import jmespath
    from jmespath.exceptions import EmptyExpressionError, IncompleteExpressionError, LexerError, ParseError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PendingDeprecationWarning)
            return _as_dict(jmespath.compile(text).parsed)
    except EmptyExpressionError as empty:
        raise BadQuery("it is empty") from empty
    except IncompleteExpressionError as broken:
        raise BadQuery(_TOO_EARLY.format(len(text))) from broken
    except LexerError as broken:
        raise BadQuery(f"character {broken.lexer_position + 1} does not fit: {broken.message}") from broken
    except ParseError as broken:
        told = f"character {broken.lex_position + 1} does not fit: `{broken.token_value}`"
        raise BadQuery(told if broken.token_value else _TOO_EARLY.format(len(text))) from broken
    except PendingDeprecationWarning as literal:
        raise BadQuery("what stands in backticks has to be JSON; a text is written '…'") from literal
    except (ValueError, RecursionError) as broken:
        raise BadQuery(str(broken).partition("\n")[0]) from broken


def _as_dict(tree: Any) -> dict[str, Any]:
    return dict(tree)


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += reversed(node.get("children", []))


def _calls(tree: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for node in _nodes(tree):
        if node.get("type") == "function_expression":
            yield node["value"], len(node["children"])


def _check_call(name: str, given: int) -> None:
    from jmespath.functions import Functions

    table = Functions.FUNCTION_TABLE
    if name not in table:
        raise BadQuery(f"there is no function {name}()")
    signature = table[name]["signature"]
    variadic = bool(signature) and bool(signature[-1].get("variadic"))
    if given < len(signature) or (given > len(signature) and not variadic):
        least = "at least " if variadic else ""
        raise BadQuery(f"{name}() takes {least}{len(signature)} arguments, not {given}")


def _roles(tree: dict[str, Any]) -> Iterator[str]:
    for node in _nodes(tree):
        steps = node.get("children", []) if node.get("type") == "subexpression" else []
        match steps[1:] if steps and steps[0]["type"] == "current" else steps:
            case [{"type": "field", "value": "roles"}, {"type": "field", "value": str(name)}, *_]:
                yield name
            case _:
                pass
