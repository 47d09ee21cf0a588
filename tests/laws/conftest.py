"""Repeatable runs: the same examples every time, and no clock that fails a slow machine.

`GRADE_LAWS=search` tries other examples at each run, and shows the first that fails as it was found.
"""

import os

from hypothesis import HealthCheck, Phase, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "laws", deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW, report_multiple_bugs=False
)
settings.register_profile("search", settings.get_profile("laws"), derandomize=False, phases=[Phase.generate])
settings.load_profile(os.environ.get("GRADE_LAWS", "laws"))
