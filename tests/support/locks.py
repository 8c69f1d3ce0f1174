"""`make lock` and its part of `make check`: do the lock files say what pyproject.toml asks for?"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_LOCKS = {"": "requirements.txt", "demo": "requirements-demo.txt", "dev": "requirements-dev.txt"}
_ADDRESS = re.compile(r"https?://|^--(?:extra-)?index|^--find-links|file:", re.MULTILINE)


def _compile(extra: str, target: Path) -> None:
    """Write a lock for every system, keeping the versions that are in the file already. No address goes into it."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "-q", "pyproject.toml", "-o", str(target)]
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    only = ["--extra", extra] if extra else []
    subprocess.run([*command, *options, *only], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)


def mistakes() -> list[str]:
    """The lock files that would come out otherwise, or that name an address."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for extra, name in _LOCKS.items():
            fresh = Path(folder) / name
            shutil.copy(_ROOT / name, fresh)
            _compile(extra, fresh)
            if fresh.read_text() != (_ROOT / name).read_text():
                found.append(f"{name} is not what pyproject.toml asks for: run make lock")
            if _ADDRESS.search((_ROOT / name).read_text()):
                found.append(f"{name} names an address")
    return found


if __name__ == "__main__":
    if "--write" in sys.argv:
        for wanted, file in _LOCKS.items():
            _compile(wanted, _ROOT / file)
    sys.exit("\n".join(mistakes()) or None)
