"""A real Rasa 3.6.21, in an environment of its own that `make rasa-peer` builds.

It lies in the user's cache folder, or where RASA_PEER says, so that every checkout finds it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

VERSION = "3.6.21"
REQUIREMENTS = (f"rasa=={VERSION}", "setuptools<81")  # it still imports pkg_resources
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
FOLDER = Path(os.environ.get("RASA_PEER") or CACHE / "collections-gateway" / "rasa-peer")
ABSENT = f"no Rasa {VERSION} in {FOLDER.name}/; `make rasa-peer` builds it where a Python 3.10 runs"
PATIENCE = 600.0
"""Seconds in which it trains a small model, or loads one, on a busy machine."""
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "NO_COLOR": "1"}

_BUILT = FOLDER / ".built"
PYTHON = FOLDER / "bin" / "python"


def there() -> bool:
    return _BUILT.is_file() and _BUILT.read_text(encoding="utf-8") == VERSION


def build() -> None:
    """Raises SystemExit, with what to do, where no Python 3.10 runs."""
    if there():
        print(f"Rasa {VERSION} is in {FOLDER} already")
        return
    python = _python310()
    if python is None:
        raise SystemExit(
            "No Python 3.10 that runs was found. Install one (`uv python install 3.10`, or"
            " `pyenv install 3.10`), or name it: PYTHON310=/path/to/python3.10 make rasa-peer"
        )
    print(f"Installing Rasa {VERSION} with {python} into {FOLDER} (a minute or two, 2.7 GB)")
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([python, "-m", "venv", FOLDER], check=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    subprocess.run([PYTHON, "-m", "rasa", "--version"], check=True, env=os.environ | QUIET)
    _BUILT.write_text(VERSION, encoding="utf-8")


def _python310() -> str | None:
    """The first that runs: one on PATH may be a version manager's shim that only complains."""
    for candidate in _candidates():
        try:
            command = [candidate, "-c", "import sys, venv; print(sys.version_info[:2])"]
            said = subprocess.run(command, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if said.returncode == 0 and said.stdout.strip() == "(3, 10)":
            return candidate
    return None


def _candidates() -> Iterator[str]:
    if named := os.environ.get("PYTHON310"):
        yield named
    yield "python3.10"
    yield _said(["uv", "python", "find", "--no-project", "3.10"])
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob("versions/3.10.*/bin/python3.10"), reverse=True))


def _said(command: Sequence[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def train(project: Path) -> tuple[int, str]:
    """`rasa train nlu` in a project's folder: its exit code and all that it said.

    A project that has been trained on before, to the letter, gets the model of that time.
    """
    kept = FOLDER / "trained" / _digest(project)
    if not (kept / "said.txt").is_file():
        command = ["nice", PYTHON, "-m", "rasa", "train", "nlu", "--fixed-model-name", "peer"]
        done = subprocess.run(
            command, cwd=project, env=os.environ | QUIET, capture_output=True, text=True,
            timeout=PATIENCE,
        )  # fmt: skip
        said = done.stdout + done.stderr
        if done.returncode:
            return done.returncode, said
        shutil.copytree(project / "models", kept, dirs_exist_ok=True)
        (kept / "said.txt").write_text(said, encoding="utf-8")
    shutil.copytree(kept, project / "models", dirs_exist_ok=True)
    return 0, (kept / "said.txt").read_text(encoding="utf-8")


def _digest(project: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(project.rglob("*.yml")):
        found.update(f"{path.relative_to(project)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


@contextmanager
def running(project: Path, port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The server of a trained project, once it answers; ended at the end."""
    command = [
        "nice",
        PYTHON,
        "-m",
        "rasa",
        "run",
        "--enable-api",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    url = f"http://127.0.0.1:{port}"
    with (project / "run.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=project, env=os.environ | QUIET, stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + PATIENCE
        while not _loaded(url):
            said = (project / "run.log").read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.25)
        yield url, process
    finally:
        process.kill()
        process.wait()


def _loaded(url: str) -> bool:
    try:
        with urlopen(f"{url}/status", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    build()
