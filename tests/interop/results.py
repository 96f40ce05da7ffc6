# SPDX-License-Identifier: MIT
"""smtp-send and servers that refuse, break off or talk nonsense: exit statuses and complaints."""
import functools
import socket
import ssl
import struct

import messages
from kit import HOST, Skip, check, free_port, same, test
from scripted import EHLO, HANG_UP, Server
from send_options import odd_server

OK, USAGE, DATAERR, UNAVAILABLE, TEMPFAIL, PROTOCOL, NOPERM = 0, 64, 65, 69, 75, 76, 77
BOTH = ("b@server.example", "c@server.example")
REFUSED, LATER, TAKEN = b"550 5.1.1 no such mailbox\r\n", b"450 4.2.1 busy\r\n", b"250 2.1.5 OK\r\n"


def outcome(env, status, *options, message=messages.HEAD, to=("b@server.example",), what="",
            **replies):
    """Runs smtp-send against a scripted server. Returns its result and the server."""
    with Server(**replies) as server:
        result = env.send(server.port, message, "--timeout", "10", *options, to=to)
    said = what or ", ".join(f"{verb} {reply!r:.70}" for verb, reply in replies.items())
    check(result.status == status, f"{said}: exit status {result.status}, wanted {status}; "
                                   f"it said {' | '.join(result.errors)}")
    check((status == OK) == (not result.errors), f"{said}: it said {result.errors}")
    return result, server


def complaints(result):
    """The lines about recipients, as {address: what is said}."""
    lines = [line.partition(": ") for line in result.errors if "@" in line.partition(": ")[0]]
    return {address: text for address, _, text in lines}


@test()
def recipients(env):
    """Recipients that fail are told one by one; the message goes to the others."""
    for replies, status in (([REFUSED], UNAVAILABLE), ([LATER], TEMPFAIL),
                            ([REFUSED, LATER], TEMPFAIL), ([TAKEN, REFUSED], UNAVAILABLE),
                            ([LATER, TAKEN], TEMPFAIL), ([TAKEN], OK)):
        for options in ((), ("--no-pipelining",)):
            result, server = outcome(env, status, *options, to=BOTH, RCPT=list(replies))
            failed = {address: reply.decode().rstrip() for address, reply
                      in zip(BOTH, replies * 2) if not reply.startswith(b"2")}
            if replies != [TAKEN]:
                same(complaints(result), failed, "standard error")
            # Where 354 came though nobody was accepted, an empty message ends it (RFC 2920 3.1).
            check(server.contents == [messages.HEAD] if TAKEN in replies
                  else server.contents in ([], [b""]), f"messages: {server.contents}")
            same(server.verbs().count("QUIT"), 1, "QUIT")


@test()
def replies(env):
    """Each command refused for now and for good."""
    for verb in ("MAIL", "DATA", "end"):
        for reply, status in ((b"451 4.3.0 error\r\n", TEMPFAIL), (b"452 4.3.1 full\r\n", TEMPFAIL),
                              (b"554 5.0.0 no\r\n", UNAVAILABLE),
                              (b"554-5.0.0 no\r\n554 5.0.0 never\r\n", UNAVAILABLE),
                              (b"421 4.3.2 bye\r\n", TEMPFAIL), (b"550\r\n", UNAVAILABLE)):
            outcome(env, status, **{verb: reply})
    for verb in ("MAIL", "RCPT", "end"):  # 2yz is success, whichever (RFC 5321 4.3.2)
        outcome(env, OK, **{verb: b"259 whatever\r\n"})
        outcome(env, OK, **{verb: b"250\r\n"})
    outcome(env, OK, RCPT=b"251 will forward\r\n")
    outcome(env, OK, QUIT=b"500 what?\r\n")  # the message is delivered all the same
    outcome(env, OK, QUIT=HANG_UP)


@test()
def greetings(env):
    for greeting, status in ((b"421 4.3.2 closing\r\n", TEMPFAIL), (b"554 5.3.2 no mail\r\n",
                             UNAVAILABLE), (b"521 5.3.2 no mail\r\n", UNAVAILABLE),
                             (b"450 4.3.2 busy\r\n", TEMPFAIL), (HANG_UP, TEMPFAIL)):
        _, server = outcome(env, status, greeting=greeting)
        check("MAIL" not in server.verbs(), f"MAIL after {greeting!r}")
    long = b"".join(b"220-line %d\r\n" % i for i in range(30)) + b"220 scripted.example\r\n"
    outcome(env, OK, greeting=long)


@test()
def hello(env):
    """A server that does not know EHLO gets HELO (RFC 5321 3.2), which may be refused as well."""
    for reply in (b"500 what?\r\n", b"501 5.5.2 no\r\n", b"502 5.5.1 no\r\n", b"504 no\r\n"):
        _, server = outcome(env, OK, EHLO=reply)
        same(server.verbs(), ["EHLO", "HELO", "MAIL", "RCPT", "DATA", "QUIT"], "commands")
        outcome(env, UNAVAILABLE, EHLO=reply, HELO=b"550 5.7.1 go away\r\n")
    for reply, status in ((b"550 5.7.1 no\r\n", UNAVAILABLE), (b"421 4.3.2 bye\r\n", TEMPFAIL)):
        _, server = outcome(env, status, EHLO=reply)
        check("HELO" not in server.verbs(), f"HELO after {reply!r}")


@test()
def nonsense(env):
    """What is no reply ends the session (RFC 5321 4.2), and nothing is guessed."""
    garbage = (b"hello\r\n", b"2x0 OK\r\n", b"250-a\r\n550 b\r\n", b"999 what\r\n",
               b"250_OK\r\n", b"\r\n", b"250 " + b"x" * 100_000 + b"\r\n", b"099 no\r\n",
               b"\x00\xff\xfe\r\n", b"25\r\n", b"2500 OK\r\n", b" 250 OK\r\n",
               b"250-x\r\n" * 50_000 + b"250 x\r\n")
    for verb in ("greeting", "EHLO", "MAIL", "RCPT", "end"):
        # What became of a message that was sent whole nobody knows: it is to be sent again.
        status = TEMPFAIL if verb == "end" else PROTOCOL
        for reply in garbage:
            replies = {verb: reply.replace(b"250", b"220") if verb == "greeting" else reply}
            _, server = outcome(env, status, **replies)
            if verb in ("greeting", "EHLO"):
                check("MAIL" not in server.verbs(), f"MAIL after {reply[:40]!r}")
        outcome(env, status, **{verb: b"550-no\r\n250 yes\r\n"})  # no refusal, since no reply


@test()
def unexpected(env):
    """Replies of a kind that a command cannot have."""
    for verb, reply in (("greeting", b"354 go on\r\n"), ("EHLO", b"354 go on\r\n"),
                        ("MAIL", b"354 go on\r\n"), ("RCPT", b"354 go on\r\n"),
                        ("DATA", b"250 OK\r\n")):
        outcome(env, PROTOCOL, **{verb: reply})
    outcome(env, PROTOCOL, "--no-pipelining", EHLO=EHLO + b"250 one too many\r\n")


@test()
def hang_ups(env):
    """The connection is lost: 75, at the end of data too, where nobody knows (RFC 1047)."""
    for verb in ("EHLO", "MAIL", "RCPT", "DATA", "end"):
        for options in ((), ("--no-pipelining",)):
            outcome(env, TEMPFAIL, *options, **{verb: HANG_UP})


@test()
def nobody(env):
    """Nobody listens: another time, perhaps (RFC 5321 4.5.4.1)."""
    result = env.send(free_port(), messages.HEAD)
    same(result.status, TEMPFAIL, "exit status")
    same(len(result.errors), 1, "lines on standard error")


@test()
def cannot_be_sent(env):
    """What the server cannot take is refused before anything of it goes out: 65."""
    bare = EHLO.replace(b"8BITMIME", b"XBITMIME")
    for what, message, to, options, ehlo in (
            ("8-bit without 8BITMIME", messages.EIGHT_BIT, BOTH, (), bare),
            ("UTF-8 address without SMTPUTF8", messages.HEAD, ("ü@x.example",), (), EHLO),
            ("more than SIZE", messages.large(1_000_100), BOTH, (), EHLO),
            ("DSN without DSN", messages.HEAD, BOTH, ("--dsn-notify", "NEVER"), EHLO)):
        _, server = outcome(env, DATAERR, *options, message=message, to=to, what=what, EHLO=ehlo)
        check(not {"RCPT", "DATA"} & set(server.verbs()), f"{what}: {server.verbs()}")
    outcome(env, OK, message=messages.large(999_000), EHLO=EHLO)
    outcome(env, OK, message=messages.large(2_000_000), EHLO=EHLO.replace(b"1000000", b"0"))


@test()
def injection(env):
    """Addresses and names that are no addresses never reach the wire."""
    evil = ("b@x.example>\r\nRCPT TO:<evil@x.example", "b@x.example\r\nDATA", "b\n@x.example",
            '"b\r\n"@x.example', "b c@x.example", "b@x..example", "b@", "@x.example", "", "b",
            "b@x.example> SIZE=1", "x" * 65 + "@x.example", "b@x.example\x7f", "b@[1.2.3.4.5]")
    for address in evil:
        for options in ({"to": (address,)}, {"sender": address or "b"}):
            with Server() as server:
                result = env.send(server.port, messages.HEAD, **options)
            check(result.status == DATAERR, f"{options}: exit status {result.status}")
            check(not {"MAIL", "RCPT", "DATA"} & set(server.verbs()), f"{options}: {server.lines}")
    for name in ("a b", "a\r\nMAIL FROM:<x@y>", "a>", "a\x01"):
        with Server() as server:
            result = env.send(server.port, messages.HEAD, "--helo", name)
        check(result.status in (USAGE, DATAERR), f"--helo {name!r}: exit status {result.status}")
        check(not server.lines, f"--helo {name!r}: {server.lines}")


@test()
def escapes(env):
    """What a server says cannot command the terminal of who reads it."""
    reply = b"550 5.1.1 \x1b[31mred\x07 \xff\x9b2J\r\n"
    result, _ = outcome(env, UNAVAILABLE, "--trace", RCPT=reply)
    said = "\n".join(result.errors)
    check("red" in said, "the text of the reply is not shown")
    check(not set(said) & set("\x1b\x07\x9b"), f"{said!r}")


@test()
def tls_required(env):
    """--tls required: never a message in the clear (RFC 3207 4.1)."""
    offer = EHLO.replace(b"250-PIPELINING", b"250-STARTTLS\r\n250-PIPELINING")
    for replies, status in (({}, UNAVAILABLE), ({"EHLO": offer}, UNAVAILABLE),
                            ({"EHLO": offer, "STARTTLS": b"454 4.7.0 not now\r\n"}, TEMPFAIL),
                            ({"EHLO": offer, "STARTTLS": b"220 go\r\nnot TLS"}, PROTOCOL),
                            ({"EHLO": offer, "STARTTLS": b"220 go\r\n250-evil\r\n"}, PROTOCOL),
                            ({"EHLO": b"500 what?\r\n"}, UNAVAILABLE)):
        _, server = outcome(env, status, "--tls", "required", **replies)
        check("MAIL" not in server.verbs(), f"{replies}: MAIL in the clear")
    _, server = outcome(env, OK, EHLO=offer, STARTTLS=b"454 4.7.0 not now\r\n",
                        what="opportunistic TLS that is refused")
    same(server.contents, [messages.HEAD], "messages")
    _, server = outcome(env, OK, "--tls", "none", EHLO=offer)
    check("STARTTLS" not in server.verbs(), "STARTTLS with --tls none")


@test()
def tls_verified(env):
    """A certificate that cannot be verified, or of another name, ends it before any message."""
    pem = env.certificate()
    with env.receiver("--tls-cert", pem, "--tls-key", pem) as receiver:
        for options, status in ((("--tls", "required"), UNAVAILABLE),
                                (("--tls", "required", "--ca", pem), OK),
                                (("--tls", "required", "--insecure"), OK),
                                (("--ca", pem), OK)):
            result = env.send(receiver.port, messages.HEAD, *options)
            check(result.status == status, f"{options}: exit status {result.status}, wanted "
                                           f"{status}; {result.errors}")
            receiver.take(status == OK)
        result = env.send(receiver.port, messages.HEAD, "--server", f"localhost:{receiver.port}",
                          "--tls", "required", "--ca", pem)  # whose name is not in the certificate
        same(result.status, UNAVAILABLE, "exit status for another name")
        receiver.take(0)


@test()
def count_ends(env):
    """--count goes on after a message that was refused, and one refusal makes the status."""
    ends = [b"250 OK\r\n", b"451 4.3.0 error\r\n", b"250 OK\r\n"]
    _, server = outcome(env, TEMPFAIL, "--count", "3", end=ends)
    same(len(server.contents), 3, "messages")
    same(server.connections, 1, "connections")
    # The second message was not refused: the session broke down before it.
    outcome(env, TEMPFAIL, "--count", "3", end=b"250 OK\r\n250 one too many\r\n")


@test()
def ipv6(env):
    """[::1]:PORT, where there is IPv6."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        raise Skip("IPv6 cannot be had") from None
    process = env.start([env.program("smtp-receive"), "--listen", "[::1]:0", "--maildir",
                         env.folder / "six"], stdout=-1)
    where = process.stdout.readline().decode().split()[-1]
    result = env.send(0, messages.HEAD, "--server", where)
    same((result.status, result.errors), (0, []), f"sending to {where}")
    stored, = (env.folder / "six/new").iterdir()
    check(b"([IPv6:::1])" in stored.read_bytes(), "the Received field has no [IPv6:::1]")


@test()
def descriptors(env):
    """More connections than descriptors: those that are had go on, the others are told of."""
    message = env.file("message", messages.HEAD)
    with env.receiver() as receiver:
        status, said = env.call(
            ["sh", "-c", f'ulimit -n 50; exec "$@" <{message}', "sh", env.program("smtp-send"),
             "--server", f"{HOST}:{receiver.port}", "--from", "a@client.example",
             "--to", "b@server.example", "--connections", "100"])
        same(status, TEMPFAIL, f"exit status ({said[:200]})")
        failed = said.count("Too many open files")
        check(10 < failed < 100, f"{failed} connections could not be made")
        receiver.take(100 - failed)


@test()
def closed_descriptors(env):
    """Where standard output or error is closed, nothing of what is said gets into the session."""
    message = env.file("message", messages.HEAD)
    for closed, options in (("2>&-", ()), ("2>&-", ("--trace",)), (">&- 2>&-", ("--trace",))):
        with Server(RCPT=[TAKEN, REFUSED]) as server:
            status, said = env.call(
                ["sh", "-c", f'exec "$@" <{message} {closed}', "sh", env.program("smtp-send"),
                 "--server", f"{HOST}:{server.port}", "--from", "a@client.example", "--to", BOTH[0],
                 "--to", BOTH[1], *options])
        same((status, said), (UNAVAILABLE, ""), f"{closed} {options}: exit status")
        same(server.contents, [messages.HEAD], "messages")
        same(server.verbs(), ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "QUIT"], "commands")
    status, _ = env.call(["sh", "-c", 'exec "$@" <&-', "sh", env.program("smtp-send"), "--from",
                          "a@client.example", "--to", BOTH[0]])
    same(status, 74, "exit status without standard input")


@test()
def too_many_recipients(env):
    """552 to RCPT is for now, whatever it looks like (RFC 5321 4.5.3.1.10)."""
    full = b"552 5.5.3 too many recipients\r\n"
    for replies in ([full], [TAKEN, full]):
        outcome(env, TEMPFAIL, to=BOTH, RCPT=replies)
    outcome(env, UNAVAILABLE, end=b"552 5.3.4 too much\r\n")


@test()
def early(env):
    """A server that says no in the midst of a message and goes is heard, though writing fails."""
    message = messages.HEAD + (b"x" * 998 + b"\r\n") * 30_000
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(env.certificate())

    def serve(connection, tls, ehlo, asked):
        if tls:
            connection = context.wrap_socket(connection, server_side=True)
        connection.sendall(b"220 odd.example ESMTP\r\n")
        source = connection.makefile("rb")
        source.readline()
        connection.sendall(ehlo)
        for _ in range(3 if asked else 2):  # too large a chunk waits for the answers
            source.readline()
        connection.sendall(b"250 OK\r\n250 OK\r\n" + asked)
        source.read(5_000)
        connection.sendall(b"552 5.3.4 too much\r\n")

    for tls in ("none", "implicit"):
        for word, asked in ((b"8BITMIME", b"354 go on\r\n"), (b"CHUNKING", b"")):
            ehlo = b"250-odd.example\r\n250-PIPELINING\r\n250 " + word + b"\r\n"
            talk = functools.partial(serve, tls=tls != "none", ehlo=ehlo, asked=asked)
            with odd_server(talk) as port:
                for _ in range(8):
                    result = env.send(port, message, "--tls", tls, "--insecure")
                    check(result.status == UNAVAILABLE, f"{tls}, {word}: exit status "
                                                        f"{result.status}; {result.errors}")
                    same(complaints(result), {"b@server.example": "552 5.3.4 too much"}, "errors")


@test()
def gone(env):
    """A server that talks nonsense and resets the connection keeps nobody: there is no more to hear."""
    def serve(connection):
        connection.sendall(b"220 odd.example ESMTP\r\nnonsense\r\n")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with odd_server(serve) as port:
        for _ in range(8):
            result = env.send(port, messages.HEAD, "--timeout", "60", seconds=20)
            check(result.status in (TEMPFAIL, PROTOCOL), f"exit status {result.status}")
