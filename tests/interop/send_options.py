# SPDX-License-Identifier: MIT
"""Options of smtp-send that no foreign server is needed for: --timeout, --verbose, --helo."""
import contextlib
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import messages
from kit import HOST, PATIENCE, check, free_port, same, test
from scripted import EHLO, SILENCE, Server
from wire import Tap

BOTH = ("b@server.example", "c@server.example")
STARTTLS = EHLO.replace(b"250-PIPELINING", b"250-STARTTLS\r\n250-PIPELINING")
LARGE = messages.HEAD + (b"x" * 998 + b"\r\n") * 30_000  # than all buffers on the way
LIMIT = 1  # seconds


# --- --timeout ------------------------------------------------------------------------------------

def silent(env, what, port, *options, message=messages.HEAD):
    """smtp-send gives up in time, for now, and says why."""
    begun = time.monotonic()
    result = env.send(port, message, "--timeout", str(LIMIT), "--no-pipelining", *options)
    took = time.monotonic() - begun
    check(result.status == 75, f"{what}: exit status {result.status}; {result.errors}")
    check(any(line.endswith(("in time", "too long")) for line in result.errors),
          f"{what}: it said {result.errors}")
    check(LIMIT <= took < 8 * LIMIT, f"{what}: it took {took:.2f} seconds")


@contextlib.contextmanager
def odd_server(serve):
    """A server that does as it likes with each connection."""
    listener = socket.create_server((HOST, 0))

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=run, args=(connection,), daemon=True).start()

    def run(connection):
        with connection, contextlib.suppress(OSError):
            serve(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def says_nothing(connection):
    connection.settimeout(PATIENCE)
    while connection.recv(65536):
        pass


def hands_over_to_tls(connection):
    """And says nothing there."""
    connection.sendall(b"220 odd.example ESMTP\r\n")
    connection.recv(65536)
    connection.sendall(STARTTLS)
    connection.recv(65536)
    connection.sendall(b"220 go on\r\n")
    says_nothing(connection)


def reads_no_body(connection):
    """Answers up to 354, and then reads no more."""
    connection.sendall(b"220 odd.example ESMTP\r\n")
    source = connection.makefile("rb")
    while line := source.readline():
        connection.sendall({b"EHLO": b"250 odd.example\r\n", b"DATA": b"354 go on\r\n"}.get(
            line[:4].upper(), b"250 OK\r\n"))
        if line[:4].upper() == b"DATA":
            time.sleep(5 * LIMIT)


def dribbles(connection):
    """A reply that never ends, an octet at a time: no octet of it is an answer."""
    while True:
        for octet in b"220-still here\r\n":
            connection.sendall(bytes([octet]))
            time.sleep(LIMIT / 4)


@test()
def timeout(env):
    """A server that is silent, at each of its turns (RFC 5321 4.5.3.2)."""
    jobs = []
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(16) as pool:
        def job(what, server, *options, **more):
            port = stack.enter_context(server)
            jobs.append(pool.submit(silent, env, what, getattr(port, "port", port), *options,
                                    **more))

        for verb in ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "end"):
            job(f"silence at {verb}", Server(**{verb: SILENCE}))
        job("silence at STARTTLS", Server(EHLO=STARTTLS, STARTTLS=SILENCE))
        job("silence in the handshake of STARTTLS", odd_server(hands_over_to_tls))
        job("silence in the handshake", odd_server(says_nothing), "--tls", "implicit")
        job("a body that is not read", odd_server(reads_no_body), message=LARGE)
        job("a greeting that does not end", odd_server(dribbles))
        for done in jobs:
            done.result()


@test()
def timeout_while_it_goes_on(env):
    """A server that is slow, but not as slow as that, gets the message."""
    def slowly(connection):
        connection.sendall(b"220 odd.example ESMTP\r\n")
        source = connection.makefile("rb")
        while line := source.readline():
            time.sleep(0.6 * LIMIT)
            connection.sendall({b"EHLO": EHLO, b"DATA": b"354 go on\r\n"}.get(line[:4].upper(),
                                                                            b"250 OK\r\n"))
            while line[:4].upper() == b"DATA" and source.readline() != b".\r\n":
                pass
            if line[:4].upper() == b"DATA":
                connection.sendall(b"250 OK\r\n")

    with odd_server(slowly) as port:
        result = env.send(port, messages.HEAD, "--timeout", str(LIMIT), "--no-pipelining")
    same((result.status, result.errors), (0, []), "a slow server")


# --- --verbose ------------------------------------------------------------------------------------

LINE = re.compile(r"smtp-send: (?P<messages>\d+) messages for (?P<recipients>\d+) recipients "
                  r"\((?P<speed>\d+) a second\), (?P<content>\d+) octets of content; "
                  r"(?P<out>\d+) octets out and (?P<into>\d+) in, (?P<commands>\d+) commands, "
                  r"(?P<replies>\d+) replies; (?P<seconds>\d+\.\d+) seconds")


def counters(result):
    """The last line on standard error, as numbers."""
    match = LINE.fullmatch(result.errors[-1]) if result.errors else None
    check(match, f"--verbose: {result.errors}")
    return {name: float(value) if name == "seconds" else int(value)
            for name, value in match.groupdict().items()}


@test()
def verbose(env):
    """What it tells at the end is what passed, on all connections."""
    text = messages.PLAIN["dots"]
    for options in ((), ("--no-chunking",)):
        with env.receiver("--domain", "server.example") as receiver, Tap(receiver.port) as tap:
            begun = time.monotonic()
            result = env.send(tap.port, text, "--verbose", "--count", "3", "--connections", "2",
                              *options, to=(*BOTH, "x@elsewhere.example"))
            took = time.monotonic() - begun
            same(result.status, 69, "exit status")
            told, sessions = counters(result), tap.take()
            receiver.take(6)
        same(len(sessions), 2, "connections")
        same(told["out"], sum(len(client) for client, _ in sessions), "octets out")
        same(told["into"], sum(len(server) for _, server in sessions), "octets in")
        same((told["messages"], told["recipients"]), (6, 12), "messages and recipients")
        same(told["content"], 6 * len(text), "octets of content")
        # For each EHLO and QUIT, and three times MAIL, three RCPT, and BDAT or DATA.
        same(told["commands"], 2 * (2 + 3 * 5), "commands")
        # The greeting has no command, and the end of DATA has a reply of its own.
        same(told["replies"], 2 * (3 + 3 * (5 + bool(options))), "replies")
        check(0 < told["seconds"] <= took + 0.001, f"{told['seconds']} seconds of {took:.3f}")


@test()
def verbose_in_vain(env):
    """It tells as well where nothing went, and that changes nothing of the rest."""
    result = env.send(free_port(), messages.HEAD, "--verbose")
    same((result.status, len(result.errors)), (75, 2), "nobody listens")
    same({number for name, number in counters(result).items() if name != "seconds"}, {0},
         "counters where nobody listens")
    with Server(end=b"550 5.6.0 no\r\n") as server:
        result = env.send(server.port, messages.HEAD, "--verbose")
        told = counters(result)
    same((result.status, told["messages"], told["recipients"]), (69, 0, 1), "a refused message")


# --- --helo ---------------------------------------------------------------------------------------

@test()
def hello(env):
    """The name of EHLO: as told, and else this host's full name or its address (RFC 5321 4.1.4)."""
    host = socket.gethostname()
    usual = {host} if "." in host else {f"[{HOST}]"}
    for options, wanted in ((("--helo", "other.example"), {"other.example"}),
                            (("--helo", "[192.0.2.1]"), {"[192.0.2.1]"}), (None, usual)):
        with Server() as server:
            if options is None:
                status, said = env.call(
                    [env.program("smtp-send"), "--server", f"{HOST}:{server.port}", "--from",
                     "a@client.example", "--to", BOTH[0]],
                    stdin=env.file("message", messages.HEAD).open("rb"))
            else:
                result = env.send(server.port, messages.HEAD, *options)
                status, said = result.status, "".join(result.errors)
        same((status, said), (0, ""), f"{options}")
        same({line.decode().removeprefix("EHLO ") for line in server.lines[:1]}, wanted, "EHLO")
