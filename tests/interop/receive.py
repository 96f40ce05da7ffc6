# SPDX-License-Identifier: MIT
"""Other clients send to smtp-receive: what it stores is what they put on the wire."""
import smtplib
import ssl
import time

import maildir
import messages
from kit import HOST, NAME, PATIENCE, Failure, Skip, check, postfix, same, test, tool
from wire import Client, Tap

SENDER, RECIPIENT = "a@client.example", "b@server.example"


def check_trace(stored, protocol, hello=b"client.example", sender=b"<a@client.example>",
                recipients=(b"b@server.example",)):
    """Return-Path, Delivered-To and Received."""
    # Shows: R5321-4.4-1 R5321-4.4-14
    same(stored.return_path, sender, "Return-Path")
    same(stored.delivered_to, list(recipients), "Delivered-To")
    wrong = maildir.trace_complaints(stored, hello, NAME.encode(), protocol, time.time())
    check(not wrong, "; ".join(wrong))


def from_wire(env, send, names, faithful=lambda name: name != "empty"):
    """Lets a peer send each message, and compares what is stored with what passed the tap."""
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        for name, message in every(names):
            send(tap.port, message)
            (client, _), = tap.take()
            (content,) = messages.on_wire(client)
            if faithful(name):  # of others the peer makes what it likes
                same(content, messages.canonical(message), f"{name}: what the peer sent")
            (stored,) = receiver.take()
            same(stored.content, content, name)
            check_trace(stored, b"ESMTP")


def through_tls(env, send, implicit, names=("plain", "dots", "no final newline", "big")):
    """The same within TLS, where nothing can be seen: what each peer sends is known by now."""
    pem = env.certificate()
    options = ["--tls-cert", pem, "--tls-key", pem] + ["--implicit-tls"] * implicit
    with env.receiver(*options) as receiver:
        for name, message in every(names):
            send(receiver.port, message)
            (stored,) = receiver.take()
            same(stored.content, messages.canonical(message), name)
            check_trace(stored, b"ESMTPS")


def every(names):
    known = dict(messages.PLAIN, big=messages.BIG, empty=messages.EMPTY,
                 eight_bit=messages.EIGHT_BIT)
    return [(name, known[name]) for name in names]


EVERYTHING = (*messages.PLAIN, "eight_bit", "empty", "big")


# --- curl ----------------------------------------------------------------------------------------

def curl(env, *options, scheme="smtp", recipients=(RECIPIENT,), sender=SENDER, status=0):
    def send(port, message):
        source = env.file("curl", message)
        command = [tool("curl"), "-q", "-sS", "--noproxy", "*", "--resolve",
                   f"{NAME}:{port}:{HOST}", "-T", source, "--mail-from", sender, *options]
        for recipient in recipients:
            command += ["--mail-rcpt", recipient]
        got, said = env.call([*command, f"{scheme}://{NAME}:{port}/client.example"])
        check(got == status, f"curl ended with status {got}: {said}")
        source.unlink()
    return send


@test()
def curl_plain(env):
    from_wire(env, curl(env), EVERYTHING)


@test()
def curl_starttls(env):
    through_tls(env, curl(env, "--ssl-reqd", "--cacert", env.certificate()), False)


@test()
def curl_implicit_tls(env):
    through_tls(env, curl(env, "--cacert", env.certificate(), scheme="smtps"), True)


@test()
def curl_recipients(env):
    """Two recipients, of which one is refused; and the null reverse-path."""
    with env.receiver("--domain", "server.example") as receiver:
        two = (RECIPIENT, "c@elsewhere.example")
        curl(env, "--mail-rcpt-allowfails", recipients=two)(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP")
        curl(env, recipients=two[1:], status=55)(receiver.port, messages.HEAD)
        receiver.take(0)
        curl(env, sender="")(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP", sender=b"<>")


# --- swaks ---------------------------------------------------------------------------------------

def swaks(env, *options, recipients=(RECIPIENT,), sender=SENDER, status=0):
    def send(port, message):
        # It puts a line end behind what it reads.
        source = env.file("swaks", message[:-2] if message.endswith(b"\r\n") else message)
        got, said = env.call(
            [tool("swaks"), "--server", HOST, "--port", port, "--helo", "client.example", "--from",
             sender, "--to", ",".join(recipients), "--data", f"@{source}", *options])
        if "No support for TLS" in said or "TLS not available" in said or "Net::SSLeay" in said:
            raise Skip("peer swaks with TLS cannot be had (Net::SSLeay)")
        refusals = [line for line in said.splitlines() if line.startswith(("<**", "***"))]
        check(got == status, f"swaks ended with status {got}: {' | '.join(refusals)}")
        source.unlink()
    return send


def swaks_is_faithful(name):
    """It takes a dot as the last line for the end, and ends an empty text with another line."""
    return name not in ("dots", "no text")


@test()
def swaks_plain(env):
    from_wire(env, swaks(env), ("plain", "dots", "no text", "no final newline", "long lines",
                                "eight_bit"), faithful=swaks_is_faithful)


SWAKS_TLS = ("plain", "no final newline", "long lines")


@test()
def swaks_pipelined(env):
    from_wire(env, swaks(env, "--pipeline"), ("plain", "dots"), swaks_is_faithful)


@test()
def swaks_starttls(env):
    through_tls(env, swaks(env, "--tls"), False, SWAKS_TLS)


@test()
def swaks_implicit_tls(env):
    through_tls(env, swaks(env, "--tls-on-connect"), True, SWAKS_TLS)


@test()
def swaks_recipients(env):
    with env.receiver("--domain", "server.example") as receiver:
        two = (RECIPIENT, "c@elsewhere.example")
        swaks(env, recipients=two)(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP")
        swaks(env, recipients=two[1:], status=24)(receiver.port, messages.HEAD)
        receiver.take(0)
        swaks(env, sender="<>")(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP", sender=b"<>")


# --- Python's smtplib ----------------------------------------------------------------------------

class Here:
    """Mixed into smtplib's classes: they connect to HOST, and take the server for NAME."""

    def _get_socket(self, _, port, timeout):
        return super()._get_socket(HOST, port, timeout)


class PlainClient(Here, smtplib.SMTP):
    pass


class TlsClient(Here, smtplib.SMTP_SSL):
    pass


def smtplib_client(port, pem=None, implicit=False):
    more = {"local_hostname": "client.example", "timeout": PATIENCE}
    context = pem and ssl.create_default_context(cafile=str(pem))
    if implicit:
        return TlsClient(NAME, port, context=context, **more)
    client = PlainClient(NAME, port, **more)
    if pem:
        client.starttls(context=context)
    return client


def by_smtplib(pem=None, implicit=False, mail_options=(), recipients=(RECIPIENT,), sender=SENDER,
               refused=()):
    def send(port, message):
        with smtplib_client(port, pem, implicit) as client:
            if message == messages.EIGHT_BIT:
                got = client.sendmail(sender, recipients, message, ["BODY=8BITMIME"])
            else:
                got = client.sendmail(sender, recipients, message, mail_options)
            same(sorted(got), sorted(refused), "refused recipients")
    return send


@test()
def smtplib_plain(env):
    from_wire(env, by_smtplib(), EVERYTHING)


@test()
def smtplib_starttls(env):
    through_tls(env, by_smtplib(env.certificate()), False)


@test()
def smtplib_implicit_tls(env):
    through_tls(env, by_smtplib(env.certificate(), True), True)


@test()
def smtplib_recipients(env):
    with env.receiver("--domain", "server.example") as receiver:
        two = (RECIPIENT, "c@elsewhere.example")
        by_smtplib(recipients=two, refused=two[1:])(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP")
        try:
            by_smtplib(recipients=two[1:])(receiver.port, messages.HEAD)
            raise Failure("a recipient of another domain is accepted")
        except smtplib.SMTPRecipientsRefused as refused:
            same(refused.recipients[two[1]][0], 550, "code for a recipient of another domain")
        by_smtplib(sender="")(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP", sender=b"<>")
        both = ("b@server.example", "B.c@SERVER.example")
        by_smtplib(recipients=both)(receiver.port, messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTP", recipients=[name.encode() for name in both])


@test()
def smtplib_utf8(env):
    """Addresses and a header in UTF-8 (RFC 6531)."""
    sender, recipient = "jörg@bücher.example", "пётр@сервер.example"
    message = "Subject: Grüße\r\n\r\ntext\r\n".encode()
    with env.receiver() as receiver:
        send = by_smtplib(sender=sender, recipients=(recipient,),
                          mail_options=["SMTPUTF8", "BODY=8BITMIME"])
        send(receiver.port, message)
        (stored,) = receiver.take()
        same(stored.content, message, "content")
        check_trace(stored, b"UTF8SMTP", sender=f"<{sender}>".encode(),
                    recipients=(recipient.encode(),))


@test()
def smtplib_several(env):
    """Ten messages on one connection, with RSET between some, and HELO instead of EHLO."""
    with env.receiver() as receiver, smtplib_client(receiver.port) as client:
        for i in range(10):
            client.sendmail(SENDER, RECIPIENT, messages.HEAD + b"%d\r\n" % i)
            if i % 3 == 0:
                client.mail(SENDER)
                client.rset()
        stored = receiver.take(10)
        same(sorted(one.content for one in stored),
             sorted(messages.HEAD + b"%d\r\n" % i for i in range(10)), "contents")
        client.helo("old.example")
        client.mail(SENDER)
        client.rcpt(RECIPIENT)
        client.data(messages.HEAD)
        check_trace(receiver.take()[0], b"SMTP", hello=b"old.example")


# --- Postfix's smtp-source -----------------------------------------------------------------------

@test()
def smtp_source(env):
    """50 messages on 10 connections at once, with two recipients each."""
    with env.receiver() as receiver:
        status = postfix(env, "smtp-source", "-s", "10", "-m", "50", "-l", "9000", "-r", "2", "-N",
                         "-f", SENDER, "-t", RECIPIENT, "-M", "client.example",
                         f"{HOST}:{receiver.port}").wait(30)
        check(status == 0, f"smtp-source ended with status {status}")
        for stored in receiver.take(50):
            same(len(stored.delivered_to), 2, "recipients")
            check(len(stored.content) >= 9000, f"only {len(stored.content)} octets")
            same(stored.content, messages.canonical(stored.content), "content")


# --- by hand, what no peer can -------------------------------------------------------------------

@test()
def chunking(env):
    """BDAT carries each message as it is: no dots, no line end at the end (RFC 3030 2)."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        check(b"CHUNKING" in client.hello(), "CHUNKING is not offered")
        for name, message in every(EVERYTHING):
            for size in (len(message), env.random.randint(1, max(1, len(message) // 3))):
                body = b" BODY=8BITMIME" if name == "eight_bit" else b""
                client.ask(b"MAIL FROM:<a@client.example>" + body)
                client.ask(b"RCPT TO:<b@server.example>")
                send_chunks(client, message, max(size, 1))
                (stored,) = receiver.take()
                same(stored.content, message, f"{name} in chunks of {size}")
                check_trace(stored, b"ESMTP")
        client.quit()


def send_chunks(client, message, size):
    """All chunks at once, half of the time with an empty last one."""
    chunks = [message[at:at + size] for at in range(0, len(message), size)]
    if size % 2 or not chunks:
        chunks.append(b"")
    last = len(chunks) - 1
    client.write(b"".join(b"BDAT %d%s\r\n%s" % (len(chunk), b" LAST" * (i == last), chunk)
                          for i, chunk in enumerate(chunks)))
    same(client.replies(len(chunks)), [250] * len(chunks), "replies to chunks")


@test()
def chunking_refused(env):
    """A chunk that is refused is skipped by its size, and nothing of it is run (RFC 3030 2)."""
    evil = b"MAIL FROM:<evil@x.example>\r\nNOOP\r\n"
    with env.receiver("--domain", "server.example") as receiver, Client(receiver.port) as client:
        client.hello()
        client.write(b"BDAT %d LAST\r\n%sNOOP\r\n" % (len(evil), evil))
        codes = client.replies(2)
        check(codes[0] == 503 and codes[1] == 250, f"BDAT without MAIL, NOOP: {codes}")
        client.write(b"MAIL FROM:<a@client.example>\r\nRCPT TO:<c@elsewhere.example>\r\n"
                     b"BDAT %d LAST\r\n%sRSET\r\n" % (len(evil), evil))
        codes = client.replies(4)
        check(codes[:2] == [250, 550] and codes[2] in (503, 554) and codes[3] == 250, f"{codes}")
        client.envelope()
        client.ask(b"BDAT 0")
        client.write(b"BDAT 5\r\ntext\nDATA\r\n")  # no mixing (RFC 3030 3)
        codes = client.replies(2)
        check(codes[1] == 503, f"DATA behind BDAT: {codes}")
        client.quit()
        receiver.take(0)


@test()
def octet_by_octet(env):
    """The same session in pieces of one octet."""
    message = messages.PLAIN["dots"]
    with env.receiver() as receiver, Client(receiver.port) as client:
        for octet in (b"EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n"
                      b"RCPT TO:<b@server.example>\r\nDATA\r\n" + messages.stuff(message)
                      + b"QUIT\r\n"):
            client.write(bytes([octet]))
        same(client.replies(6), [250, 250, 250, 354, 250, 221], "replies")
        client.ended()
        same(receiver.take()[0].content, message, "content")


@test()
def unannounced_8bit(env):
    """Octets above 127 are stored as they came, though BODY=8BITMIME was not said."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        client.envelope()
        client.data(messages.stuff(messages.EIGHT_BIT))
        same(receiver.take()[0].content, messages.EIGHT_BIT, "content")


@test()
def unfinished(env):
    """A client that goes away within a message leaves nothing (RFC 5321 4.1.1.4)."""
    with env.receiver() as receiver:
        for begin in (b"", b"DATA\r\n", b"DATA\r\n" + messages.BIG[:300_000],
                      b"BDAT 1000000 LAST\r\n" + messages.BIG[:200_000],
                      b"BDAT 200000\r\n" + messages.BIG[:200_000],
                      b"DATA\r\n" + messages.HEAD + b"\r\n.", b"DATA\r\n" + messages.HEAD + b".\r"):
            with Client(receiver.port) as client:
                client.hello()
                client.envelope()
                client.write(begin)
                client.socket.shutdown(1)
                while client.reply():
                    check(client.code in (354, 250, 421), f"reply {client.code}")
        receiver.take(0)
        check(not receiver.unfinished(), f"left in tmp/: {receiver.unfinished()}")
