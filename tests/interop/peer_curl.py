# SPDX-License-Identifier: MIT
"""What curl can do beside: AUTH, addresses in UTF-8, commands, several messages a connection."""
import messages
from auth import AWAY, PASSWORD, USER, WRONG, in_clear, submission, took
from kit import HOST, NAME, check, same, test, tool
from receive import RECIPIENT, SENDER, check_trace, curl
from wire import Tap

DENIED = 67  # its exit status


def authenticates(env, receiver, protocol, *options):
    for name in ("PLAIN", "LOGIN", "CRAM-MD5"):
        for password, status in ((PASSWORD, 0), (WRONG, DENIED)):
            curl(env, "--user", f"{USER}:{password}", "--login-options", f"AUTH={name}", *options,
                 recipients=(AWAY,), status=status)(receiver.port, messages.HEAD)
            if not status:
                took(receiver, protocol)
    receiver.take(0)


@test()
def auth(env):
    with submission(env) as receiver:
        authenticates(env, receiver, b"ESMTPSA", "--ssl-reqd", "--cacert", env.certificate())


@test()
def auth_in_clear(env):
    """With the initial response in the AUTH command and without it (RFC 4954 4)."""
    with in_clear(env) as receiver:
        authenticates(env, receiver, b"ESMTPA", "--sasl-ir")
        authenticates(env, receiver, b"ESMTPA")


@test()
def utf8(env):
    """Addresses in UTF-8 (RFC 6531); curl turns the domain into ASCII (RFC 5890)."""
    message = "Subject: Grüße\r\n\r\ntext\r\n".encode()
    with env.receiver() as receiver:
        curl(env, recipients=("пётр@server.example",), sender="jörg@client.example")(
            receiver.port, message)
        (stored,) = receiver.take()
        same(stored.content, message, "content")
        check_trace(stored, b"UTF8SMTP", sender="<jörg@client.example>".encode(),
                    recipients=["пётр@server.example".encode()])


def run(env, port, *options):
    command = [tool("curl"), "-q", "-sS", "--noproxy", "*", "--resolve", f"{NAME}:{port}:{HOST}"]
    return env.call([*command, *options])


@test()
def kept_open(env):
    """Several messages of one run go over one connection."""
    letters = list(messages.PLAIN.values())
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        where = f"smtp://{NAME}:{tap.port}/client.example"
        options = ["--mail-from", SENDER, "--mail-rcpt", RECIPIENT]
        for letter in letters:
            options += ["-T", env.file("letter", letter), where]
        status, said = run(env, tap.port, *options)
        same((status, said), (0, ""), "curl")
        (client, _), = tap.take()
        for letter, content, stored in zip(letters, messages.on_wire(client),
                                           receiver.take(len(letters))):
            same(content, messages.canonical(letter), "what curl sent")
            same(stored.content, content, "content")


@test()
def commands(env):
    """VRFY answers neither yes nor no (RFC 5321 3.5.3), HELP and NOOP answer; EXPN is not known."""
    with env.receiver() as receiver:
        where = f"smtp://{NAME}:{receiver.port}/client.example"
        for options, code in ((["--mail-rcpt", "b"], "252"), (["-X", "HELP"], "214"),
                              (["-X", "NOOP"], "250")):
            status, said = run(env, receiver.port, where, *options)
            check(status == 0 and said.startswith(code), f"{options}: status {status}: {said!r}")
        status, said = run(env, receiver.port, where, "-X", "EXPN", "--mail-rcpt", "list")
        check(status == 8 and "502" in said, f"EXPN: status {status}: {said!r}")
