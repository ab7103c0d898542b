"""The benchmark of understanding, scaled down, and beside a server that answers as Rasa does."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import msgspec

COMMAND = (sys.executable, "-m", "gateway.cli", "benchmark", "nlu", "--seconds", "0.2")
FIGURES = {"per_s", "per_core_s", "one_by_one_per_s", "p50_ms", "p95_ms", "first_pass_per_s",
           "memory_mb", "load_s"}  # fmt: skip


def run(*more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *more], capture_output=True, text=True, timeout=120)


class Rasa(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = msgspec.json.decode(self.rfile.read(int(self.headers["Content-Length"])))
        body = msgspec.json.encode({"text": asked["text"], "intent": {"name": "deny"}})
        self.send_response(200 if self.path == "/model/parse" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def test_one_line_with_every_figure() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Rasa)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        result = run("--rasa", f"http://127.0.0.1:{server.server_port}")
        wrong = run("--rasa", f"http://127.0.0.1:{server.server_port}/elsewhere")
    finally:
        server.shutdown()
        server.server_close()
    assert result.returncode == 0, result.stderr
    [line] = result.stdout.splitlines()
    found = msgspec.json.decode(line)
    assert all(found[name] > 0 for name in FIGURES)
    assert found["p50_ms"] <= found["p95_ms"]
    assert found["memory_mb"] < 200
    assert set(found["rasa"]) == {"one_by_one_per_s", "p50_ms", "p95_ms"}
    assert (wrong.returncode, wrong.stdout) == (4, "")
    assert "answers 404" in wrong.stderr


def test_a_server_out_of_reach_is_exit_four() -> None:
    result = run("--rasa", "http://127.0.0.1:9")
    assert (result.returncode, result.stdout) == (4, "")
    assert "127.0.0.1:9" in result.stderr
