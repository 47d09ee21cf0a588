"""The errors of the lab.

LabError            something the lab needs failed; the message says what
└── EngineBusyError another live process uses the engine of this name
"""


class LabError(Exception):
    """The lab could not do what it was asked to; the message is for a person."""


class EngineBusyError(LabError):
    """The name belongs to an engine that a live process is using."""
