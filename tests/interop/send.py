# SPDX-License-Identifier: MIT
"""smtp-send sends to other servers: they get what stood on its standard input."""
import json

import messages
from kit import aiosmtpd, check, same, sink, test, wait_for
from wire import Tap

EVERYTHING = dict(messages.PLAIN, eight_bit=messages.EIGHT_BIT, empty=messages.EMPTY,
                  big=messages.BIG)


def sent(result, what):
    check(result.status == 0 and not result.errors,
          f"{what}: smtp-send ended with status {result.status}: {' | '.join(result.errors)}")


def kept(folder, number):
    """A message that aiosmtpd got, and its envelope."""
    content, envelope = folder / f"{number}.content", folder / f"{number}.json"
    wait_for(envelope.exists, "aiosmtpd to keep the message")
    return content.read_bytes(), json.loads(envelope.read_text())


def to_aiosmtpd(env, names, server_options, *options, to=("b@server.example",)):
    """Sends messages to aiosmtpd and compares what it kept. Returns the last envelope."""
    port, folder = aiosmtpd(env, *server_options)
    for number, name in enumerate(names, 1):
        sent(env.send(port, EVERYTHING[name], *options, to=to), name)
        content, envelope = kept(folder, number)
        same(content, messages.canonical(EVERYTHING[name]), name)
        same((envelope["from"], envelope["to"]), ("a@client.example", list(to)), "envelope")
        same(envelope["hello"], "client.example", "argument of EHLO")
    return envelope


# --- aiosmtpd ------------------------------------------------------------------------------------

@test()
def aiosmtpd_plain(env):
    envelope = to_aiosmtpd(env, EVERYTHING, ())
    check(not envelope["tls"], "TLS where none is offered")


@test()
def aiosmtpd_no_pipelining(env):
    to_aiosmtpd(env, ("plain", "dots"), (), "--no-pipelining", to=("b@s.example", "c@s.example"))


@test()
def aiosmtpd_starttls(env):
    pem = env.certificate()
    envelope = to_aiosmtpd(env, ("plain", "dots", "big"), ("--tls", pem), "--tls", "required",
                           "--ca", pem)
    check(envelope["tls"], "STARTTLS was not used")


@test()
def aiosmtpd_opportunistic(env):
    """Where STARTTLS is offered it is used, also without a certificate that can be verified."""
    envelope = to_aiosmtpd(env, ("plain",), ("--tls", env.certificate()))
    check(envelope["tls"], "STARTTLS was not used")


@test()
def aiosmtpd_implicit_tls(env):
    pem = env.certificate()
    to_aiosmtpd(env, ("plain", "dots", "big"), ("--implicit", "--tls", pem), "--tls", "implicit",
                "--ca", pem)


@test()
def aiosmtpd_options(env):
    """BODY=8BITMIME is said for 8-bit messages, SMTPUTF8 for addresses that need it."""
    port, folder = aiosmtpd(env)
    sent(env.send(port, messages.EIGHT_BIT), "8-bit")
    check("BODY=8BITMIME" in kept(folder, 1)[1]["options"], "no BODY=8BITMIME")
    name = "grün@bücher.example"
    sent(env.send(port, messages.HEAD, to=(name,)), "UTF-8")
    envelope = kept(folder, 2)[1]
    same(envelope["to"], [name], "recipients")
    check("SMTPUTF8" in envelope["options"], "no SMTPUTF8")
    sent(env.send(port, messages.HEAD, sender="<>"), "null reverse-path")
    check(kept(folder, 3)[1]["from"] in ("", "<>"), "the reverse-path is not null")


@test()
def aiosmtpd_refused(env):
    """The message goes to those recipients that are accepted."""
    port, folder = aiosmtpd(env)
    for number, (refused, status) in enumerate((("refused", 69), ("later", 75)), 1):
        bad = f"{refused}@server.example"
        result = env.send(port, messages.HEAD, to=("b@server.example", bad, "c@server.example"))
        same(result.status, status, "exit status")
        check(len(result.errors) == 1 and result.errors[0].startswith(
            f"{bad}: {550 if status == 69 else 450} "), f"standard error: {result.errors}")
        same(kept(folder, number)[1]["to"], ["b@server.example", "c@server.example"], "recipients")


# --- Postfix's smtp-sink -------------------------------------------------------------------------

def undumped(file):
    """A dump of smtp-sink: its lines of envelope and trace, and the content with CRLF."""
    octets = file.read_bytes()
    check(octets.endswith(b"\n"), f"{file.name} is not complete")
    head, content = octets[:-1], b""
    lines = []
    while head.startswith((b"X-", b"Received:", b"\t")):
        line, _, head = head.partition(b"\n")
        lines.append(line)
    content = head.replace(b"\n", b"\r\n")
    return lines, content


@test()
def smtp_sink(env):
    port = sink(env, "-d", "one.")
    names = [name for name in EVERYTHING if name != "empty"]
    for name in names:
        sent(env.send(port, EVERYTHING[name], to=("b@server.example", "c@server.example")), name)
        file, = wait_for(lambda: list(env.folder.glob("one.*")), "a dump of smtp-sink")
        lines, content = undumped(file)
        check(content == messages.canonical(EVERYTHING[name]) or name == "dot first",
              f"{name}: smtp-sink got {len(content)} octets: {content[:200]!r}")
        for line in (b"X-Helo-Args: client.example", b"X-Mail-Args: <a@client.example>",
                     b"X-Rcpt-Args: <b@server.example>", b"X-Rcpt-Args: <c@server.example>"):
            check(any(got.startswith(line) for got in lines), f"{line!r} not in {lines!r}")
        file.unlink()


@test()
def smtp_sink_count(env):
    """--count on --connections: each message comes once."""
    port = sink(env, "-d", "many.")
    dots = messages.PLAIN["dots"]
    sent(env.send(port, dots, "--count", "7", "--connections", "5"), "35 messages")
    files = wait_for(lambda: (found := list(env.folder.glob("many.*")))[34:] and found, "35 dumps")
    same(len(files), 35, "messages")
    for file in files:
        same(undumped(file)[1], dots, "content")


@test()
def smtp_sink_old(env):
    """A server without EHLO gets HELO, and one command at a time."""
    port = sink(env, "-e", "-d", "old.")
    sent(env.send(port, messages.PLAIN["dots"]), "HELO")
    file, = wait_for(lambda: list(env.folder.glob("old.*")), "a dump of smtp-sink")
    lines, content = undumped(file)
    same(content, messages.PLAIN["dots"], "content")
    check(b"X-Client-Proto: SMTP" in lines, f"{lines!r}")


@test()
def smtp_sink_refuses(env):
    """Each command refused for now and for good: 75 and 69."""
    for command in ("MAIL", "RCPT", "DATA", ".", "CONNECT"):
        for option, status in (("-r", 75), ("-f", 69)):
            result = env.send(sink(env, option, command), messages.HEAD)
            same(result.status, status, f"exit status where smtp-sink has {option} {command}")
            check(result.errors, f"nothing is said where smtp-sink has {option} {command}")
    for command in ("MAIL", "RCPT", "DATA", "."):
        same(env.send(sink(env, "-q", command), messages.HEAD).status, 75,
             f"exit status where smtp-sink hangs up at {command}")


# --- smtp-receive --------------------------------------------------------------------------------

def to_receiver(env, *options, chunked):
    """Sends every message to smtp-receive; looks at the wire, and at what is stored."""
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        for name, message in EVERYTHING.items():
            sent(env.send(tap.port, message, *options), name)
            (client, _), = tap.take()
            content, = messages.on_wire(client)
            check((b"BDAT " in client) == chunked, f"{name}: BDAT is {'not ' * chunked}used")
            same(content, messages.canonical(message), f"{name} on the wire")
            stored, = receiver.take()
            same(stored.content, content, f"{name} stored")


@test()
def receive_chunking(env):
    to_receiver(env, chunked=True)


@test()
def receive_data(env):
    to_receiver(env, "--no-chunking", chunked=False)


@test()
def receive_one_by_one(env):
    to_receiver(env, "--no-chunking", "--no-pipelining", chunked=False)


@test()
def receive_tls(env):
    pem = env.certificate()
    for options, kind in (([], "required"), (["--implicit-tls"], "implicit")):
        with env.receiver("--tls-cert", pem, "--tls-key", pem, *options) as receiver:
            for name in ("plain", "dots", "eight_bit", "big"):
                sent(env.send(receiver.port, EVERYTHING[name], "--tls", kind, "--ca", pem), name)
                stored, = receiver.take()
                same(stored.content, EVERYTHING[name], name)
                check(b"ESMTPS" in stored.received, f"Received: {stored.received!r}")


@test()
def lf_lines(env):
    """Lines that end in LF are sent with CRLF (RFC 5321 2.3.8)."""
    with env.receiver() as receiver:
        for options in ([], ["--no-chunking"]):
            for name, message in dict(messages.PLAIN, big=messages.BIG).items():
                source = message.replace(b"\r\n", b"\n")
                sent(env.send(receiver.port, source, *options), name)
                stored, = receiver.take()
                same(stored.content, messages.canonical(message), name)


@test()
def many(env):
    """200 messages on 20 connections to smtp-receive: each stored once."""
    with env.receiver("--threads", "2") as receiver:
        sent(env.send(receiver.port, messages.PLAIN["dots"], "--count", "10", "--connections", "20",
                      to=("b@server.example", "c@server.example")), "200 messages")
        for stored in receiver.take(200):
            same(stored.content, messages.PLAIN["dots"], "content")
            same(stored.delivered_to, [b"b@server.example", b"c@server.example"], "recipients")


@test()
def smtp_sink_large(env):
    """What is larger than all buffers between the two."""
    port = sink(env)
    sent(env.send(port, messages.BIG, "--count", "10", "--connections", "3"), "30 large messages")
