# SPDX-License-Identifier: MIT
"""Postfix's smtp-source, which says HELO, sends to smtp-receive in several of its modes."""
import messages
from kit import HOST, check, postfix, same, test
from receive import RECIPIENT, SENDER, check_trace
from wire import Tap


def source(env, port, *options, limit=30):
    status = postfix(env, "smtp-source", "-f", SENDER, "-t", RECIPIENT, "-M", "client.example",
                     *options, f"{HOST}:{port}").wait(limit)
    same(status, 0, f"status of smtp-source {' '.join(options)}")


def mode(env, count, recipients, connections, *options):
    """What is stored is what passed, each message once; and each recipient is another one."""
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        source(env, tap.port, "-m", str(count), "-r", str(recipients), *options)
        sessions = tap.take()
        sent = [content for client, _ in sessions for content in messages.on_wire(client)]
        stored = receiver.take(count)
        same(len(sessions), connections, "connections")
        same(sorted(one.content for one in stored), sorted(sent), "contents")
        for one in stored:
            check_trace(one, b"SMTP", recipients=one.delivered_to)
            same(len(one.delivered_to), recipients, "recipients of a message")
        return stored


@test()
def lengths(env):
    """Messages of each length, a connection for each (without -d)."""
    for length in (1, 999, 4096, 65_537, 1_000_000):
        (stored,) = mode(env, 1, 1, 1, "-l", str(length))
        check(len(stored.content) >= length, f"{len(stored.content)} octets of {length}")


@test()
def sessions(env):
    """Twenty at once, each for one message and then the next session."""
    mode(env, 200, 1, 200, "-s", "20", "-l", "700")


@test()
def kept_open(env):
    """-d: ten sessions that are used again for all messages."""
    mode(env, 300, 1, 10, "-d", "-s", "10", "-l", "3000")


@test()
def numbered(env):
    """-N: fifty recipients a message, of which none is another's."""
    stored = mode(env, 40, 50, 40, "-N", "-s", "8", "-l", "500")
    names = {name for one in stored for name in one.delivered_to}
    check(len(names) >= 50, f"only {len(names)} recipients")


@test()
def small_window(env):
    """-T: a TCP window so small that each write is cut."""
    with env.receiver() as receiver:
        source(env, receiver.port, "-T", "200", "-s", "4", "-m", "12", "-l", "20000")
        sizes = {len(stored.content) for stored in receiver.take(12)}
        check(min(sizes) >= 20_000 and max(sizes) - min(sizes) < 100, f"sizes {sizes}")


@test()
def file(env):
    """-F: messages of a file, with dots and lines of 998 octets, in one session."""
    with env.receiver() as receiver:
        for name in ("plain", "dots", "dot first", "long lines", "empty lines"):
            letter = env.file("letter", messages.PLAIN[name].replace(b"\r\n", b"\n"))
            source(env, receiver.port, "-F", str(letter), "-d", "-m", "3")
            for stored in receiver.take(3):
                # It puts a line end behind what it reads.
                same(stored.content, messages.PLAIN[name] + b"\r\n", name)
                check_trace(stored, b"SMTP")


@test()
def lmtp(env):
    """-L with recipients of many sessions, each with its own reply (RFC 2033 4.2)."""
    with env.receiver("--lmtp") as receiver, Tap(receiver.port) as tap:
        source(env, tap.port, "-L", "-d", "-s", "5", "-m", "50", "-r", "7", "-N", "-l", "5000")
        sent = [content for client, _ in tap.take() for content in messages.on_wire(client)]
        stored = receiver.take(50)
        same(sorted(one.content for one in stored), sorted(sent), "contents")
        for one in stored:
            check_trace(one, b"LMTP", recipients=one.delivered_to)
            same(len(one.delivered_to), 7, "recipients of a message")
