"""A server on loopback: files by ranges, a real STAC API behind it, and faults on demand."""

from __future__ import annotations

import http.server
import re
import socket
import struct
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Fault:
    """What goes wrong with requests whose path matches.

    Args:
        kind: "status", "reset" (in the middle of the body), "slow", "cut" (the file ends early).
        times: so often; then all is well. None: always.
    """

    pattern: str
    kind: str
    status: int = 404
    times: int | None = None
    retry_after: str = ""
    seconds: float = 0.0
    share: float = 0.5

    def strikes(self, path: str) -> bool:
        if not re.search(self.pattern, path) or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Shop:
    """What a server serves and how it fails; and what was asked of it.

    Args:
        api: address of a STAC API; what asks for it is passed on.
        wanted: headers without which nothing is given (401).
        signed: files are given only with the query that a token gave, as long as it is good.
        token_uses: so many requests does a token serve.
        token_says_s: how long the server says that it lasts.
    """

    folder: Path
    api: str = ""
    wanted: dict[str, str] = field(default_factory=dict)
    signed: bool = False
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    busy: int = 0
    most_busy: int = 0
    tokens: int = 0
    token_uses: int = 10**9
    token_says_s: float = 3600.0
    uses: dict[str, int] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shop: Shop

    def log_message(self, *_: Any) -> None:
        return

    def do_HEAD(self) -> None:
        self._serve(with_body=False)

    def do_GET(self) -> None:
        self._serve(with_body=True)

    def do_POST(self) -> None:
        self._serve(with_body=True)

    def _serve(self, with_body: bool) -> None:
        shop = self.shop
        with shop.lock:
            shop.busy += 1
            shop.most_busy = max(shop.most_busy, shop.busy)
            shop.asked.append(f"{self.command} {self.path}")
            shop.headers.append(dict(self.headers))
            fault = next((f for f in shop.faults if f.strikes(self.path)), None)
        try:
            self._answer(fault, with_body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with shop.lock:
                shop.busy -= 1

    def _answer(self, fault: Fault | None, with_body: bool) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        if any(self.headers.get(name) != value for name, value in self.shop.wanted.items()):
            self._send(401, b"", {"WWW-Authenticate": 'Basic realm="images"'})
        elif fault and fault.kind == "status":
            self._send(fault.status, b"", {"Retry-After": fault.retry_after})
        elif self.shop.api and re.match(r"/($|\?|search|collections|conformance)", self.path):
            self._forward(body)
        elif self.path.startswith("/token/"):
            self._token()
        else:
            self._file(fault, with_body)

    def _forward(self, body: bytes | None) -> None:
        """Pass a request on to the STAC API."""
        headers = {"Content-Type": "application/json"} if body else {}
        address = self.shop.api + self.path
        request = urllib.request.Request(address, body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                self._send(200, answer.read(), {"Content-Type": "application/json"})
        except urllib.error.HTTPError as error:
            self._send(error.code, error.read(), {})

    def _token(self) -> None:
        shop = self.shop
        shop.tokens += 1
        token = f"sig=signed{shop.tokens}"
        shop.uses[token] = shop.token_uses
        ends = time.gmtime(time.time() + shop.token_says_s)
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ", ends)
        self._send(200, f'{{"token": "{token}", "msft:expiry": "{text}"}}'.encode(), {})

    def _is_good(self, token: str) -> bool:
        with self.shop.lock:
            left = self.shop.uses.get(token, 0)
            self.shop.uses[token] = left - 1
        return left > 0

    def _file(self, fault: Fault | None, with_body: bool) -> None:
        path, _, query = self.path.partition("?")
        file = self.shop.folder / urllib.parse.unquote(path).lstrip("/")
        is_open = not self.shop.signed or not path.endswith(".tif")
        if not is_open and not self._is_good(query):
            return self._send(403, b"", {})
        if not file.is_file():
            return self._send(404, b"", {})
        content = file.read_bytes()
        if fault and fault.kind == "cut":
            content = content[: int(len(content) * fault.share)]
        start, end, status = 0, len(content), 200
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        headers = {"Accept-Ranges": "bytes"}
        if asked:
            start = int(asked[1])
            end = min(int(asked[2]) + 1, len(content)) if asked[2] else len(content)
            if start >= len(content):
                return self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
            status = 206
        part = content[start:end]
        if fault and fault.kind == "reset" and with_body:
            return self._break(status, part, headers)
        return self._send(status, part, headers, with_body)

    def _break(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Half of the body, then a reset of the connection."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], with_body: bool = True
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            with self.shop.lock:
                self.shop.sent += len(body)
            self.wfile.write(body)


@contextmanager
def serving(shop: Shop) -> Iterator[str]:
    """The address of a server that runs inside the block."""
    handler = type("Bound", (Handler,), {"shop": shop})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
