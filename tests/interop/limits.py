# SPDX-License-Identifier: MIT
"""The limits of smtp-receive: at them, above them, and what comes after."""
import socket
import time

import messages
from kit import check, same, test, wait_for
from wire import Client


def sized(octets):
    """A message of so many octets."""
    lines, rest = messages.HEAD, octets - len(messages.HEAD)
    full, last = divmod(rest - 3, 72)
    return lines + (b"x" * 70 + b"\r\n") * full + b"y" * (last + 1) + b"\r\n"


@test()
def max_size(env):
    """SIZE is offered and kept to, counted without dots, also across chunks (RFC 1870 6)."""
    limit = 10_000
    with env.receiver("--max-size", str(limit)) as receiver, Client(receiver.port) as client:
        check(b"SIZE %d" % limit in client.hello(), "SIZE is not offered with the limit")
        for size, code in ((limit - 1, 250), (limit, 250), (limit + 1, 552), (2 * limit, 552)):
            same(len(sized(size)), size, "octets of this test's message")
            client.envelope()
            client.data(messages.stuff(sized(size)), code)
            receiver.take(code == 250)
            client.envelope()
            whole = sized(size)
            client.write(b"BDAT %d\r\n%sBDAT %d LAST\r\n%s" % (
                size // 2, whole[:size // 2], size - size // 2, whole[size // 2:]))
            codes = client.replies(2)
            check(codes == [250, 250] if code == 250 else
                  552 in codes and codes[1] in (503, 552), f"two chunks of {size} octets: {codes}")
            if code != 250:
                client.ask(b"RSET")
            receiver.take(code == 250)
            client.ask(b"MAIL FROM:<a@client.example> SIZE=%d" % size, code)
            client.ask(b"RSET")
        dots = b"." * (limit - 2) + b"\r\n"
        client.envelope()
        client.data(messages.stuff(dots))
        same(receiver.take()[0].content, dots, "a message whose stuffed form is above the limit")
        client.quit()


@test()
def max_recipients(env):
    """One more than the limit gets 452, and the message goes to those before (4.5.3.1.10)."""
    with env.receiver("--max-recipients", "100") as receiver, Client(receiver.port) as client:
        client.hello()
        for _ in range(2):
            client.ask(b"MAIL FROM:<a@client.example>")
            client.write(b"".join(b"RCPT TO:<b%d@server.example>\r\n" % i for i in range(103)))
            same(client.replies(103), [250] * 100 + [452] * 3, "replies to RCPT")
            client.data(messages.stuff(messages.HEAD))
            same(receiver.take()[0].delivered_to, [b"b%d@server.example" % i for i in range(100)],
                 "Delivered-To")
        client.quit()


@test()
def max_connections(env):
    """One more than the limit gets 421 (RFC 5321 3.8), until another one goes."""
    with env.receiver("--max-connections", "5") as receiver:
        clients = [Client(receiver.port) for _ in range(5)]
        for _ in range(3):
            with Client(receiver.port, greeting=False) as more:
                more.expect(421, "greeting of one connection too many")
                more.ended()
        for client in clients:
            client.hello()
            client.envelope()
            client.data(messages.stuff(messages.HEAD))
        clients.pop().quit()

        def is_welcome():
            with Client(receiver.port, greeting=False) as client:
                client.reply()
                return client.code == 220
        wait_for(is_welcome, "a place to become free")
        for client in clients:
            client.quit()
            client.socket.close()
        receiver.take(5)


@test()
def timeout(env):
    """--timeout: 421 and the end, wherever the client stops (RFC 5321 4.5.3.2.7, 3.8)."""
    envelope = b"EHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<b@server.example>\r\n"
    with env.receiver("--timeout", "1") as receiver:
        begun = time.monotonic()
        clients = []
        for begin in (b"", b"EHLO client.exam", b"EHLO client.example\r\n",
                      envelope + b"DATA\r\n" + messages.HEAD,
                      envelope + b"DATA\r\n" + messages.BIG[:400_000],
                      envelope + b"BDAT 100 LAST\r\nonly this"):
            clients.append(Client(receiver.port))
            clients[-1].write(begin)
        for client in clients:
            codes = []
            while client.reply():
                codes.append(client.code)
            check(codes[-1:] == [421], f"the last reply is {codes[-1:]}, wanted 421")
            check(time.monotonic() - begun > 0.9, "the time was not over")
            client.socket.close()
        check(time.monotonic() - begun < 10, "the clients are not sent away in time")
        receiver.take(0)
        wait_for(lambda: not receiver.unfinished(), "tmp/ to be empty")


@test()
def timeout_busy(env):
    """A client that does something now and then is not sent away."""
    with env.receiver("--timeout", "1") as receiver, Client(receiver.port) as client:
        client.hello()
        client.envelope()
        client.ask(b"DATA", 354)
        for _ in range(8):
            time.sleep(0.3)
            client.write(b"a line\r\n")
        client.write(b".\r\n")
        client.expect(250)
        receiver.take()
        time.sleep(0.5)
        client.quit()


@test()
def errors(env):
    """A client that talks nonsense is sent away with 421 at some time; others are not."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        client.write(b"nonsense\r\n" * 1000)
        codes = []
        while client.reply():
            codes.append(client.code)
        check(set(codes[:-1]) == {500} and codes[-1] == 421 and len(codes) < 200,
              f"{len(codes)} replies, the last {codes[-1:]}")
        with Client(receiver.port) as other:
            other.hello()
            other.quit()


@test()
def domains(env):
    """--domain, without regard to case; Postmaster with and without it (RFC 5321 4.5.1)."""
    # Shows: R5321-4.5.1-2
    with env.receiver("--domain", "server.example", "--domain", "Other.Example") as receiver, \
            Client(receiver.port) as client:
        client.hello()
        client.ask(b"MAIL FROM:<a@client.example>")
        for address, code in ((b"b@server.example", 250), (b"b@SERVER.Example", 250),
                              (b"b@other.example", 250), (b"Postmaster", 250), (b"postMASTER", 250),
                              (b"postmaster@server.example", 250),
                              (b"@relay.example,@server.example:b@server.example", 250),
                              (b"b@sub.server.example", 550), (b"b@erver.example", 550),
                              (b"b%elsewhere.example@xserver.example", 550), (b"b", 501),
                              (b"b@[127.0.0.1]", 550), (b"", 501)):
            client.write(b"RCPT TO:<" + address + b">\r\n")
            client.reply()
            check(client.code == code or (code == 501 and client.code in (550, 553)),
                  f"RCPT TO:<{address.decode()}>: {client.code}, wanted {code}")
        client.data(messages.stuff(messages.HEAD))
        receiver.take()
        client.quit()


@test()
def sigterm(env):
    """SIGTERM with clients in all states: each gets 421 or the end, nothing half is stored, 0."""
    with env.receiver("--threads", "2") as receiver:
        clients = [Client(receiver.port) for _ in range(6)]
        envelope = b"MAIL FROM:<a@client.example>\r\nRCPT TO:<b@server.example>\r\n"
        states = (b"", b"MAIL FROM:<a@client.example>\r\n", b"NOO",
                  envelope + b"DATA\r\n" + messages.HEAD,
                  envelope + b"BDAT 500000 LAST\r\n" + messages.BIG[:300_000])
        for client, state in zip(clients[1:], states):
            client.hello()
            client.write(state)
        time.sleep(0.2)
        receiver.stop()
        for client in clients:
            codes = []
            while client.reply():
                codes.append(client.code)
            check(set(codes) <= {250, 354, 421}, f"replies {codes}")
            client.socket.close()
        receiver.take(0)
        check(not receiver.unfinished(), f"left in tmp/: {receiver.unfinished()}")
        with socket.socket() as probe:
            check(probe.connect_ex(("127.0.0.1", receiver.port)) != 0, "somebody still listens")
        receiver.begin()  # and is there again
