"""A real HTTP proxy on loopback: forwards requests, tunnels, and may want a password."""

from __future__ import annotations

import base64
import http.client
import http.server
import select
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Proxy:
    """What a proxy saw.

    Args:
        user, password: that it wants; no user: everybody may pass.
        passed: requests that it let through, as "GET http://...". refused: how many it did not.
    """

    user: str = ""
    password: str = ""
    passed: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def wanted(self) -> str:
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def log_message(self, *_: Any) -> None:
        return

    def do_GET(self) -> None:
        self._forward()

    def do_HEAD(self) -> None:
        self._forward()

    def do_POST(self) -> None:
        self._forward()

    def do_CONNECT(self) -> None:
        if not self._may_pass():
            return
        host, _, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as far:
            self.send_response(200)
            self.end_headers()
            self._tunnel(far)
        self.close_connection = True

    def _may_pass(self) -> bool:
        given = self.headers.get("Proxy-Authorization")
        if self.proxy.user and given != self.proxy.wanted:
            self.proxy.refused += 1
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        self.proxy.passed.append(f"{self.command} {self.path}")
        return True

    def _forward(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        if not self._may_pass():
            return
        parts = urllib.parse.urlsplit(self.path)
        far = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        left_out = ("proxy-authorization", "proxy-connection", "connection")
        headers = {k: v for k, v in self.headers.items() if k.lower() not in left_out}
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        far.request(self.command, target, body, headers)
        answer = far.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        size = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", size or "0")
        self.end_headers()
        self.wfile.write(content)
        far.close()

    def _tunnel(self, far: socket.socket) -> None:
        near = self.connection
        while True:
            readable, _, _ = select.select([near, far], [], [], 10)
            if not readable:
                return
            for one in readable:
                data = one.recv(65536)
                if not data:
                    return
                (far if one is near else near).sendall(data)


@contextmanager
def running(proxy: Proxy) -> Iterator[tuple[str, int]]:
    """Host and port of a proxy that runs inside the block."""
    handler = type("Bound", (Handler,), {"proxy": proxy})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield ("127.0.0.1", int(server.server_address[1]))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
