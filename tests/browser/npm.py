"""Programs of other people's that a page is held against, from the npm registry: fetched once, kept in the cache."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.lab.paths import cache_dir

_PATIENCE = 120
AXE = ("axe-core", "4.14.1", "axe.min.js")
"""The accessibility rules that most testers use."""
MERMAID = ("mermaid", "11.17.2", "dist/mermaid.min.js")
"""What draws Mermaid on GitHub and elsewhere."""


def script(package: tuple[str, str, str]) -> str:
    """Return one file of a package, or raise OSError with the reason in words; nothing of it is installed or run."""
    name, version, file = package
    kept = cache_dir() / "npm" / f"{name}-{version}.js"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _fetch(f"{name}@{version}", f"package/{file}", kept)
    return kept.read_text(encoding="utf-8")


def _fetch(package: str, member: str, target: Path) -> None:
    if not shutil.which("npm"):
        raise OSError("there is no npm")
    with TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        done = subprocess.run(
            ["npm", "pack", package, "--silent"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        if done.returncode:
            raise OSError(f"npm pack {package} failed: {done.stderr.strip()[-200:]}")
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            held = archive.extractfile(member)
            if held is None:
                raise OSError(f"{package} holds no {member}")
            part = folder / "part"
            part.write_bytes(held.read())
        part.replace(target)
