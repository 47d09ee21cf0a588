"""JMESPath queries: slips, the roles that are named, and what is found."""

import subprocess
import sys

import pytest

from grader import queries


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("a.", "it ends too early, after character 2"),
        ("a[", "it ends too early, after character 2"),
        ("foo bar", "character 5 does not fit: `bar`"),
        ("'abc", "character 1 does not fit: Unclosed ' delimiter"),
        ("`x`", "what stands in backticks has to be JSON; a text is written '…'"),
        ("a || lenght(b)", "there is no function lenght()"),
        ("length(a, b)", "length() takes 1 arguments, not 2"),
        ("not_null()", "not_null() takes at least 1 arguments, not 0"),
    ],
)
def test_a_query_that_is_none_is_told_of(text: str, told: str) -> None:
    with pytest.raises(queries.BadQuery) as caught:
        queries.checked(text)
    assert str(caught.value) == told
    assert queries.roles_in(text) == () or "(" in text


def test_brackets_without_end_are_no_traceback() -> None:
    with pytest.raises(queries.BadQuery):
        queries.checked("(" * 5000)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("roles.web.state", ("web",)),
        ("@.roles.web.state", ("web",)),
        ("[roles.web, roles.\"my-db\".endpoints[?network=='a'] | [0]]", ("web", "my-db")),
        ("containers[?name == 'x' && state == roles.web.state]", ("web",)),
        ("keys(roles)", ()),
        ("networks[*].name", ()),
    ],
)
def test_the_roles_that_a_query_names_are_known(text: str, roles: tuple[str, ...]) -> None:
    queries.checked(text)
    assert queries.roles_in(text) == roles


@pytest.mark.parametrize(
    ("text", "told", "on_nothing"),
    [
        ("length(nobody)", "length() cannot use null", True),
        ("length(number)", "length() cannot use number", False),
        ("list[::0]", "slice step cannot be zero", False),
        ("contains('abc', `5`)", "'in <string>' requires string as left operand, not int", False),
    ],
)
def test_a_query_that_stumbles_says_over_what(text: str, told: str, on_nothing: bool) -> None:
    with pytest.raises(queries.FailedQuery) as caught:
        queries.ask(text, {"number": 1, "list": [1]})
    assert (str(caught.value), caught.value.on_nothing) == (told, on_nothing)


def test_the_library_is_loaded_by_queries_only() -> None:
    """`grade --help` and every exercise without a query do without it."""
    told = (
        "import sys, grader.cli; from grader.rubric.load import load; from grader.course import builtin;"
        "load(builtin().rubric('isolation')); sys.exit('jmespath' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
