# SPDX-License-Identifier: MIT
"""nodemailer sends to smtp-receive; its package is kept under build/peers/."""
import foreign
import messages
import npm
from auth import AWAY
from kit import check, same, test
from receive import EVERYTHING, RECIPIENT, check_trace, every
from wire import Tap

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")


def program():
    folder, node, _ = npm.package("nodemailer")
    return [node, foreign.PROGRAMS / "nodemailer.js", folder]


@test()
def plain(env):
    foreign.from_wire(env, program(), EVERYTHING)


@test()
def starttls(env):
    foreign.through_tls(env, program(), "starttls")


@test()
def implicit_tls(env):
    foreign.through_tls(env, program(), "implicit")


@test()
def recipients(env):
    foreign.recipients(env, program())


@test()
def auth(env):
    foreign.authenticates(env, program(), MECHANISMS)


@test()
def auth_in_clear(env):
    foreign.authenticates(env, program(), MECHANISMS, tls=False, protocol=b"ESMTPA")


@test()
def pooled(env):
    """Messages all given at once, over three connections that are used again."""
    letters = [(messages.HEAD + b".%d\r\n" % number, {}) for number in range(60)]
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        foreign.well(foreign.do(env, program(), tap.port, letters, pool=3))
        same(len(tap.take()), 3, "connections")
        stored = receiver.take(60)
        same(sorted(one.content for one in stored), sorted(text for text, _ in letters), "contents")
        for one in stored:
            check_trace(one, b"ESMTP")


@test()
def utf8(env):
    """Addresses in UTF-8 (RFC 6531)."""
    sender, recipient = "jörg@client.example", "пётр@server.example"
    message = "Subject: Grüße\r\n\r\ntext\r\n".encode()
    with env.receiver() as receiver:
        letters = [(message, {"from": sender, "to": [recipient]})]
        foreign.well(foreign.do(env, program(), receiver.port, letters))
        (stored,) = receiver.take()
        same(stored.content, message, "content")
        check_trace(stored, b"UTF8SMTP", sender=f"<{sender}>".encode(),
                    recipients=[recipient.encode()])


@test()
def dsn(env):
    """What it is told about notifications stays with it, since DSN is not offered."""
    wish = {"id": "x", "return": "headers", "notify": ["success"], "recipient": RECIPIENT}
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        foreign.well(foreign.do(env, program(), tap.port, [(messages.HEAD, {"dsn": wish})]))
        (client, _), = tap.take()
        check(b"NOTIFY" not in client and b"ENVID" not in client, f"DSN on the wire: {client!r}")
        check_trace(receiver.take()[0], b"ESMTP")


@test()
def lmtp(env):
    """To three recipients, of which one is refused: two replies at the end (RFC 2033 4.2)."""
    letters = every(("plain", "dots", "no final newline", "big"))
    to = {"to": [foreign.BOTH[0], AWAY, foreign.BOTH[1]]}
    with env.receiver("--lmtp", "--domain", "server.example") as receiver:
        foreign.well(foreign.do(env, program(), receiver.port,
                                [(message, to) for _, message in letters], lmtp=True),
                     refused=[AWAY] * len(letters))
        for (name, message), stored in zip(letters, receiver.take(len(letters))):
            same(stored.content, messages.canonical(message), name)
            check_trace(stored, b"LMTP", recipients=[one.encode() for one in foreign.BOTH])
