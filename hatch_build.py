"""Compiles the probe into `grader/probe/bin`, for wheels and editable installs alike.

The wheel stays `py3-none-any`: nothing in it runs on the machine that installs it, only on the engine.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProbeBuildHook(BuildHookInterface[BuilderConfig]):
    """Runs `grader/probe/build.py`, which the build environment cannot import by name."""

    def dependencies(self) -> list[str]:
        """Zig is hundreds of megabytes: it is fetched only where no local compiler will do."""
        build = _load_build(Path(self.root))
        return [build.ZIG_REQUIREMENT] if build.needs_zig(os.environ) else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say for which engines."""
        del version, build_data
        build = _load_build(Path(self.root))
        try:
            built = [path.name.removeprefix("probe-") for path in build.build()]
        except build.BuildError as error:
            raise SystemExit(f"grade: {error}") from None
        missing = sorted(set(build.ARCHITECTURES) - set(built))
        self.app.display_info(f"grade: compiled the probe for {', '.join(built)} engines")
        if missing:
            self.app.display_warning(
                f"grade: no probe for {', '.join(missing)} engines, which needs"
                f" {build.TARGETS_VARIABLE}={','.join(sorted(build.ARCHITECTURES))}"
            )


def _load_build(root: Path) -> ModuleType:
    path = root / "grader" / "probe" / "build.py"
    spec = importlib.util.spec_from_file_location("probe_build", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"grade: {path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
