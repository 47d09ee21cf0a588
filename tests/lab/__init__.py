"""Isolated real Docker engines for tests and demonstrations, with images made without a registry."""

from .engine import Engine, link, start, stop
from .errors import EngineBusyError, LabError
from .packages import available

__all__ = ["Engine", "EngineBusyError", "LabError", "available", "link", "start", "stop"]
