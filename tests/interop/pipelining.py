# SPDX-License-Identifier: MIT
"""Commands that do not wait for their replies (RFC 2920), and those that must be the last."""
import socket
import time

import messages
from kit import check, same, test, wait_for
from wire import Client

SESSION = (b"EHLO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<b@server.example>\r\n"
           b"RCPT TO:<c@server.example>\r\nDATA\r\n" + messages.stuff(messages.PLAIN["dots"])
           + b"MAIL FROM:<>\r\nRCPT TO:<b@server.example>\r\nRSET\r\nNOOP\r\n"
           b"MAIL FROM:<>\r\nRCPT TO:<b@server.example>\r\nBDAT 6 LAST\r\n.\r\n.\r\nQUIT\r\n")
CONTENTS = (messages.PLAIN["dots"], b".\r\n.\r\n")
CODES = [250, 250, 250, 250, 354, 250, 250, 250, 250, 250, 250, 250, 250, 221]


@test()
def one_write(env):
    """A whole session at once, behind the greeting and before it."""
    with env.receiver() as receiver:
        for early in (False, True):
            with Client(receiver.port, greeting=not early) as client:
                client.write(SESSION)
                same(client.replies(len(CODES) + early), [220] * early + CODES, "replies")
                client.ended()
            first, second = receiver.take(2)
            same((first.content, second.content), CONTENTS, "contents")


@test()
def random_cuts(env):
    """The same session in pieces gives the same replies and messages."""
    with env.receiver() as receiver:
        for _ in range(30):
            with Client(receiver.port) as client:
                at = 0
                while at < len(SESSION):
                    size = env.random.choice((1, 2, 3, 10, 100))
                    client.write(SESSION[at:at + size])
                    at += size
                    if env.random.random() < 0.2:
                        time.sleep(0.0005)
                same(client.replies(len(CODES)), CODES, f"replies, {env.seed_note()}")
                client.ended()
            first, second = receiver.take(2)
            same((first.content, second.content), CONTENTS, "contents")


@test()
def refused_group(env):
    """A group whose recipients are refused: DATA is, too, and the session goes on (RFC 2920 3)."""
    with env.receiver("--domain", "server.example") as receiver, Client(receiver.port) as client:
        client.hello()
        client.write(b"MAIL FROM:<a@client.example>\r\nRCPT TO:<x@elsewhere.example>\r\nDATA\r\n"
                     b"RSET\r\nNOOP\r\n")
        codes = client.replies(5)
        check(codes[:2] == [250, 550] and codes[2] in (503, 554) and codes[3:] == [250, 250],
              f"{codes}")
        client.quit()
        receiver.take(0)


@test()
def replies_not_read(env):
    """A client that reads nothing yet loses no reply, and the server waits for it."""
    count = 4000
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.write(b"HELP\r\n" * count)
        time.sleep(0.3)
        with Client(receiver.port) as other:  # who is served all the same
            other.hello()
            other.quit()
        same(set(client.replies(count)), {214}, "replies")
        client.quit()


STARTTLS = "--tls-cert {0} --tls-key {0}"


@test()
def starttls_injection(env):
    """Plain text behind STARTTLS ends the connection; nothing of it is run (RFC 3207 4.2, 5)."""
    options = STARTTLS.format(env.certificate()).split()
    with env.receiver(*options) as receiver:
        for behind in (b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<b@server.example>\r\nDATA\r\n.\r\n",
                       b"NOOP\r\n", b"NO", b"\n", b"\0"):
            with Client(receiver.port) as client:
                client.hello()
                client.write(b"STARTTLS\r\n" + behind)
                codes = []
                while client.reply():
                    codes.append(client.code)
                check(codes in ([], [220]) or (len(codes) == 1 and codes[0] >= 400),
                      f"{behind!r} behind STARTTLS: replies {codes}")
        receiver.take(0)


@test()
def starttls_forgets(env):
    """What was said before TLS is forgotten; STARTTLS is not offered twice (RFC 3207 4.2)."""
    pem = env.certificate()
    with env.receiver(*STARTTLS.format(pem).split()) as receiver, Client(receiver.port) as client:
        check(b"STARTTLS" in client.hello(), "STARTTLS is not offered")
        client.ask(b"STARTTLS now", 501)
        client.envelope()
        client.ask(b"STARTTLS", 503)  # out of order within a transaction
        client.ask(b"RSET")
        client.ask(b"STARTTLS", 220)
        client.start_tls(pem)
        client.write(b"RCPT TO:<c@server.example>\r\nDATA\r\nMAIL FROM:<a@client.example>\r\n")
        same(client.replies(3), [503, 503, 503], "RCPT, DATA and MAIL before EHLO")
        check(b"STARTTLS" not in client.hello(), "STARTTLS is offered within TLS")
        client.ask(b"STARTTLS", 503)
        client.envelope()
        client.data(messages.stuff(messages.HEAD))
        client.quit()
        check(b"with ESMTPS" in receiver.take()[0].received, "not with ESMTPS")


@test()
def starttls_broken(env):
    """A handshake that fails ends the connection, not the server."""
    options = STARTTLS.format(env.certificate()).split()
    with env.receiver(*options) as receiver:
        for nonsense in (b"this is no TLS at all\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b""):
            with Client(receiver.port) as client:
                client.hello()
                client.ask(b"STARTTLS", 220)
                client.write(nonsense)
                client.socket.shutdown(socket.SHUT_WR)
                wait_for(lambda: not client.socket.recv(4096), "the end of the connection")
        with Client(receiver.port) as client:
            client.hello()
            client.quit()
