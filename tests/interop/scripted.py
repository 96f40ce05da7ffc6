# SPDX-License-Identifier: MIT
"""A server that answers as a test tells it: a reply for each verb, or none, or the end."""
import contextlib
import socket
import threading

from kit import HOST, PATIENCE

HANG_UP = None  # instead of a reply: the connection is closed
SILENCE = b""   # instead of a reply: nothing is said
EHLO = b"250-scripted.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n" \
       b"250 SIZE 1000000\r\n"
USUAL = {"greeting": b"220 scripted.example ESMTP\r\n", "EHLO": EHLO, "LHLO": EHLO,
         "HELO": b"250 scripted.example\r\n", "MAIL": b"250 2.1.0 OK\r\n",
         "RCPT": b"250 2.1.5 OK\r\n", "DATA": b"354 go on\r\n", "end": b"250 2.0.0 OK\r\n",
         "RSET": b"250 2.0.0 OK\r\n", "QUIT": b"221 2.0.0 bye\r\n", "NOOP": b"250 2.0.0 OK\r\n"}


class Server:
    """Answers each verb with what it was given: octets, or a list of them, one each time."""

    def __init__(self, **replies):
        self.replies = dict(USUAL, **replies)
        self.given = {}
        self.lines = []     # commands of all connections
        self.contents = []  # and messages
        self.connections = 0
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.running = []

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def verbs(self):
        return [line.split(b" ")[0].split(b":")[0].upper().decode() for line in self.lines]

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                connection.settimeout(PATIENCE)
                thread = threading.Thread(target=self.serve, args=(connection,), daemon=True)
                self.running.append(thread)
                thread.start()

    def serve(self, connection):
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as source:
            if not self.answer(connection, "greeting"):
                return
            while line := source.readline():
                self.lines.append(line.rstrip(b"\r\n"))
                verb = self.verbs_of(line)
                if not self.answer(connection, verb):
                    return
                if verb == "DATA" and self.given["DATA"].startswith(b"354"):
                    self.contents.append(read_data(source))
                    if not self.answer(connection, "end"):
                        return

    @staticmethod
    def verbs_of(line):
        return line.split(b" ")[0].strip().upper().decode(errors="replace")

    def answer(self, connection, verb):
        """Gives the reply. Returns whether the connection goes on."""
        reply = self.replies.get(verb, b"500 5.5.1 unknown\r\n")
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        self.given[verb] = reply
        if reply is HANG_UP:
            return False
        connection.sendall(reply)
        return not reply.startswith((b"421", b"221"))


def read_data(source):
    lines = []
    while (line := source.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b".") else line)
    return b"".join(lines)
