"""Every mark is asked for, and nothing stands in the rubric for nobody."""

import re
from collections.abc import Iterator

from grader.models.verification import Finding
from grader.rubric.quotes import unquoted
from grader.rubric.suggest import quoted
from grader.verify.subject import Subject

_PICTURE = "target.svg"
_SHOWN = re.compile(r"!\[(?P<words>[^\]]*)\]\((?:\./)?target\.svg\)")


def brief_and_picture(subject: Subject) -> Iterator[Finding]:
    """Find a brief or a picture that is missing, and a picture that the brief does not show."""
    top = subject.places.top("title")
    if subject.brief is None:
        text = f"there is no brief, {_shown_path(subject, 'brief.md')}"
        yield Finding(*top, "brief", text, "write what learners are to build, and quote it in `brief:`")
    if not (subject.folder / _PICTURE).is_file():
        text = f"there is no picture, {_shown_path(subject, _PICTURE)}"
        yield Finding(*top, "picture", text, "draw what is to be built: networks, containers, who talks to whom")
    elif subject.brief is not None and not (shown := _SHOWN.search(subject.brief)):
        remedy = f"put ![what the picture shows]({_PICTURE}) into brief.md"
        yield Finding(*top, "picture", f"the brief does not show the picture {_PICTURE}", remedy)
    elif subject.brief is not None and shown and not shown["words"].strip():
        remedy = "say between the brackets what it shows, for those who cannot see it"
        yield Finding(*top, "picture", "the brief shows the picture without a word about it", remedy)


def quotations(subject: Subject) -> Iterator[Finding]:
    """Find marks that the brief does not ask for."""
    for check in unquoted(subject.rubric, subject.brief or ""):
        earns = f"`{check.id}` earns marks"
        if not check.brief.strip(" *`\n"):
            remedy = "quote in `brief:` the sentence that demands it, or take its points away"
            yield Finding(*subject.at(check), "unasked", f"{earns}, and no sentence of the brief is named", remedy)
        elif subject.brief is not None:
            text = f"{earns} for {quoted(check.brief)}, which brief.md does not say"
            remedy = "quote it word for word, in the same letters"
            yield Finding(*subject.at(check, "brief"), "unasked", text, remedy)


def roles(subject: Subject) -> Iterator[Finding]:
    """Find roles of which no check says a word."""
    used = {role for check in subject.rubric.checks for role in check.roles()}
    for role in subject.rubric.roles:
        if role not in used:
            text = f"no check uses the role `{role}`"
            yield Finding(*subject.places.role(role), "unused", text, "remove it, or check something of it")


def _shown_path(subject: Subject, name: str) -> str:
    return f"exercises/{subject.folder.name}/{name}"
