"""What an engine tells of itself while somebody listens."""

from grader.models.base import Frozen


class Event(Frozen):
    """One line of an engine's event stream, reduced to what decides whether it matters.

    `kind` and `action` are Docker's words (`container`, `start`); an action's details, such as the command of an
    exec, are left out. `container` is whom an event of a network is about. `ours` marks sidecars of grade's.
    """

    kind: str
    action: str
    id: str
    name: str = ""
    container: str = ""
    ours: bool = False
