"""A running `nkqa serve` or `nkqa mcp --http`: its process, and plain requests to it."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.campaign.command import COMMAND

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """The port of a server and its process."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def descriptors(self) -> int:
        """How many file descriptors the process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def memory(self) -> int:
        """How many bytes of memory the process holds."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")

    def connect(self, buffer: int | None = None) -> socket.socket:
        """A connection to the server; `buffer` is how many bytes it takes in that nobody reads."""
        connection = socket.socket()
        if buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(("127.0.0.1", self.port))
        except OSError:
            connection.close()
            raise
        return connection

    def exchange(self, sent: bytes, last: bool) -> tuple[int, str]:
        """Status and body of the answer to raw bytes; status 0 when the server hangs up instead."""
        with self.connect() as connection:
            with contextlib.suppress(OSError):  # It may hang up before all is sent.
                connection.sendall(sent.replace(b"PORT", str(self.port).encode()))
                if last:
                    connection.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(
                connection, method=sent.partition(b" ")[0].decode("latin-1")
            )
            try:
                answer.begin()
                return answer.status, answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                return 0, ""

    def get(
        self, target: str, connection: http.client.HTTPConnection | None = None
    ) -> tuple[int, str]:
        """Status and body of the answer to a GET, over `connection` where one is given."""
        used = connection or self.client()
        try:
            used.request("GET", target)
            answer = used.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            if connection is None:
                used.close()

    def client(self) -> http.client.HTTPConnection:
        """A connection for several requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)


@contextlib.contextmanager
def serving(faults: list[str], *words: object) -> Iterator[Server]:
    """A server of `nkqa WORDS`; what it logs or how it ends is added to `faults` if it is wrong."""
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*COMMAND, *map(str, words), "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            server = Server(port, process)
            _await(server)
            yield server
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(_SECONDS)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        told = log.read().decode("utf-8", "replace")
    if process.returncode not in (0, -signal.SIGTERM):
        faults.append(f"nkqa {words[0]} ended with status {process.returncode}: {told[-400:]}")
    if "Traceback" in told:
        first = told[told.index("Traceback") :].partition("\nnkqa: ")[0]
        faults.append(f"nkqa {words[0]} logged a traceback that ends: {first[-400:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _await(server: Server) -> None:
    """Returns once the server listens. Raises when it does not."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), server.connect():
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
