"""The project's own files, as tests of the house read them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "domain", "dialogs", "channels", "nlu", "payment_links", "compliance")
PURE = ("domain", "dialogs", "compliance")


def modules(packages: tuple[str, ...] = PACKAGES) -> list[Path]:
    """The packages' Python files."""
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def kept_files() -> list[Path]:
    """Every file that git keeps, as it stands in the work tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]
