# SPDX-License-Identifier: MIT
"""Connections by hand: a client of octets and replies, and a tap between two peers."""
import contextlib
import select
import socket
import ssl
import threading
import time

from kit import HOST, NAME, PATIENCE, Failure, check


class Client:
    """A connection to a server, on which everything is written by hand."""

    def __init__(self, port, greeting=True, tls=None):
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.code = 0
        if tls is not None:
            self.start_tls(tls)
        if greeting:
            self.expect(220)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def start_tls(self, certificate):
        context = ssl.create_default_context(cafile=str(certificate))
        self.socket = context.wrap_socket(self.socket, server_hostname=NAME)

    def write(self, octets):
        self.socket.sendall(octets)

    def line(self):
        """The next line, or b"" when the connection has ended."""
        while b"\r\n" not in self.buffer:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b""
            except socket.timeout:
                raise Failure(f"no reply within {PATIENCE} seconds, only {self.buffer!r}") from None
            if not more:
                check(not self.buffer, f"the connection ended within a line: {self.buffer!r}")
                return b""
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def reply(self):
        """The lines of the next reply, without their code; its code is in .code (0: none came)."""
        lines = []
        while True:
            line = self.line()
            if not line and not lines:
                self.code = 0
                return []
            check(len(line) >= 3 and line[:3].isdigit() and line[3:4] in (b" ", b"-", b""),
                  f"not a reply line: {line!r}")
            check(not lines or int(line[:3]) == self.code, f"another code: {line!r}")
            self.code = int(line[:3])
            lines.append(line[4:])
            if line[3:4] != b"-":
                return lines

    def replies(self, count):
        """The codes of the next replies."""
        codes = []
        for _ in range(count):
            self.reply()
            codes.append(self.code)
        return codes

    def expect(self, code, what="reply"):
        lines = self.reply()
        text = b" / ".join(lines).decode(errors="replace")
        check(self.code == code, f"{what}: {self.code} {text}, wanted {code}")
        return lines

    def ask(self, command, code=250):
        self.write(command + b"\r\n")
        return self.expect(code, command[:60].decode(errors="replace"))

    def hello(self, verb=b"EHLO"):
        return self.ask(verb + b" client.example")

    def envelope(self, *recipients, sender=b"a@client.example"):
        self.ask(b"MAIL FROM:<" + sender + b">")
        for recipient in recipients or (b"b@server.example",):
            self.ask(b"RCPT TO:<" + recipient + b">")

    def data(self, octets, code=250):
        """DATA with octets that are stuffed already, and hold the end."""
        self.ask(b"DATA", 354)
        self.write(octets)
        return self.expect(code, "end of data")

    def quit(self):
        self.ask(b"QUIT", 221)
        self.ended()

    def ended(self):
        line = self.line()
        check(line == b"", f"the connection goes on with {line!r}")


class Tap:
    """Stands between a client and a server and keeps what passes: sessions of [from, to] octets."""

    def __init__(self, port):
        self.target = port
        self.sessions = []
        self.pieces = []  # what clients sent, as it was read
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.threads = []

    def __enter__(self):
        self.start(self.accept)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def start(self, target, *arguments):
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.sessions.append([b"", b""])
                self.start(self.serve, client, self.sessions[-1])

    def serve(self, client, kept):
        parts = [bytearray(), bytearray()]
        with client, socket.create_connection((HOST, self.target)) as server:
            ends = [client, server]
            open_ends = [client, server]
            with contextlib.suppress(OSError):
                while open_ends:
                    for end in select.select(open_ends, [], [], PATIENCE)[0]:
                        side = ends.index(end)
                        octets = end.recv(1 << 20)
                        if not octets:
                            open_ends.remove(end)
                            ends[1 - side].shutdown(socket.SHUT_WR)
                            continue
                        parts[side] += octets
                        if side == 0:
                            self.pieces.append(octets)
                        ends[1 - side].sendall(octets)
        kept[:] = map(bytes, parts)

    def take(self):
        """What passed of the sessions so far, once they are over."""
        end = time.monotonic() + PATIENCE
        while any(thread.is_alive() for thread in self.threads[1:]) and time.monotonic() < end:
            time.sleep(0.005)
        sessions, self.sessions, self.threads[1:] = self.sessions, [], []
        return sessions

    def pipelined(self, first, then):
        """Whether two commands came in one piece."""
        return any(first in piece and then in piece.partition(first)[2] for piece in self.pieces)
