# SPDX-License-Identifier: MIT
"""LMTP by swaks: with and without TLS, with several recipients, of which one is refused."""
import messages
from auth import PASSWORD, USER
from kit import same, test
from receive import RECIPIENT, check_trace, every, swaks
from wire import Tap

TO = (RECIPIENT, "c@elsewhere.example", "d@server.example")
TAKEN = (RECIPIENT.encode(), b"d@server.example")


@test()
def lmtp(env):
    """A reply for each that was accepted (RFC 2033 4.2), to commands in groups and one by one."""
    with env.receiver("--lmtp", "--domain", "server.example") as receiver, \
            Tap(receiver.port) as tap:
        for options in ((), ("--pipeline",)):
            for name, message in every(("plain", "no final newline", "long lines", "eight_bit")):
                swaks(env, "--protocol", "LMTP", *options, recipients=TO)(tap.port, message)
                (client, _), = tap.take()
                (content,) = messages.on_wire(client)
                same(content, messages.canonical(message), f"{name}: what swaks sent")
                (stored,) = receiver.take()
                same(stored.content, content, name)
                check_trace(stored, b"LMTP", recipients=TAKEN)


def protected(env, protocol, *options, server=()):
    pem = env.certificate()
    with env.receiver("--lmtp", "--domain", "server.example", "--tls-cert", pem, *server) \
            as receiver:
        swaks(env, "--protocol", "LMTP", *options, recipients=TO)(receiver.port,
                                                                  messages.PLAIN["plain"])
        (stored,) = receiver.take()
        same(stored.content, messages.PLAIN["plain"], "content")
        check_trace(stored, protocol, recipients=TAKEN)


@test()
def lmtp_starttls(env):
    protected(env, b"LMTPS", "--tls")


@test()
def lmtp_implicit_tls(env):
    protected(env, b"LMTPS", "--tls-on-connect", server=["--implicit-tls"])


@test()
def lmtp_auth(env):
    # Who has authenticated may send to the domain that is refused elsewhere.
    pem = env.certificate()
    with env.receiver("--lmtp", "--domain", "server.example", "--tls-cert", pem, "--user",
                      f"{USER}:{PASSWORD}") as receiver:
        for name in ("PLAIN", "LOGIN", "CRAM-MD5"):
            swaks(env, "--protocol", "LMTP", "--tls", "--auth", name, "--auth-user", USER,
                  "--auth-password", PASSWORD, recipients=TO)(receiver.port,
                                                              messages.PLAIN["plain"])
            check_trace(receiver.take()[0], b"LMTPSA", recipients=[one.encode() for one in TO])
