"""Chromium and axe-core, which the tests of the pages are looked at with.

`make browser-peer` installs both: Debian's chromium, where it is root on Debian, and axe-core from
npm into the user's cache folder, or where AXE_PEER says.
"""

import os
import shutil
import subprocess
from pathlib import Path

AXE_PACKAGE = "axe-core@4.14.1"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = Path(os.environ.get("AXE_PEER") or CACHE / "collections-gateway" / "axe-peer")
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def absent() -> str | None:
    """What is missing, and what installs it; None where all is there."""
    if chromium() is None:
        return "no Chromium: `make browser-peer` installs it, where it is root on Debian"
    if not AXE.is_file():
        npm = "" if shutil.which("npm") else ", which needs npm (there is none)"
        return f"no axe-core in {FOLDER.name}/: `make browser-peer` installs it{npm}"
    return None


def build() -> None:
    """Raises SystemExit, with what to do, where something can't be installed."""
    if chromium() is None:
        if os.geteuid() or not shutil.which("apt-get"):
            raise SystemExit("No Chromium was found. Install it, or run this as root on Debian.")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(wanted, check=True)
    if AXE.is_file():
        print(f"axe-core is in {FOLDER} already")
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("No npm was found. Install Node.js 20 or later, which brings it.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), AXE_PACKAGE]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    build()
