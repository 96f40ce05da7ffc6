# SPDX-License-Identifier: MIT
"""A message within a message: whatever stands around the dot, only CRLF "." CRLF ends it."""
import time

import messages
from kit import check, same, test
from wire import Client

# Shows: R5321-4.1.1.4-6 R5321-4.1.1.4-7 R5321-2.3.8-1
BEFORE = (b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\r", b"\n\n", b"\r\n\n", b"\r\0\n", b"\0\r\n",
          b"\x0b", b"\x0c", b"\x85", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1c", b"")
DOT = (b".", b"..", b". ", b" .", b".\0", b"\0.")
AFTER = (b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\r", b"\n\n", b"\r\0\n", b"\r \n", b"\x85",
         b"\0\r\n", b" \r\n", b"\x0b", b"\xe2\x80\xa8", b"\\r\\n", b"")
INNER = (b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<evil@y.example>\r\nDATA\r\n"
         b"From: evil@x.example\r\n\r\nsmuggled\r\n.\r\n")
FIRST = b"Subject: one\r\n\r\nfirst"


def sequences():
    """All that is not the end. What contains it is the end, and shown elsewhere."""
    for before in BEFORE:
        for dot in DOT:
            for after in AFTER:
                sequence = before + dot + after
                if b"\r\n.\r\n" not in sequence + b"MAIL":
                    yield sequence


def attack(client, sequence, pieces=False):
    """Sends one message with the sequence in it. Returns the code of its only reply."""
    client.envelope()
    client.ask(b"DATA", 354)
    if pieces:
        for octet in FIRST[-1:] + sequence:
            client.write(bytes([octet]))
            time.sleep(0.001)
        client.write(INNER + b"NOOP\r\n")
    else:
        client.write(FIRST + sequence + INNER + b"NOOP\r\n")
    codes = client.replies(2)
    check(codes[0] != 354 and codes[0] >= 250 and codes[1] == 250,
          f"{sequence!r}: replies {codes}, wanted one for the message and 250 for NOOP")
    return codes[0]


@test()
def end_of_data(env):
    """Each sequence in one write: one message or none, and nothing in it is run."""
    with env.receiver() as receiver:
        client = Client(receiver.port)
        client.hello()
        for number, sequence in enumerate(sequences()):
            code = attack(client, sequence)
            if code == 250:
                stored, = receiver.take()
                content, rest = messages.unstuff(FIRST + sequence + INNER)
                same((stored.content, rest), (content, b""), f"{sequence!r}: content")
            else:
                check(code in (550, 554, 500, 552), f"{sequence!r}: {code}")
            bare = sequence.replace(b"\r\n", b"")
            check(code != 250 or not (b"\r" in bare or b"\n" in bare),
                  f"{sequence!r}: a message with bare CR or LF is accepted")
            if number % 15 == 14:  # fewer than make too many errors for one session
                client.quit()
                client.socket.close()
                client = Client(receiver.port)
                client.hello()
        client.quit()
        client.socket.close()
        receiver.take(0)


@test()
def in_pieces(env):
    """The sequences that others have fallen for, octet by octet."""
    with env.receiver() as receiver:
        for sequence in (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n",
                         b"\r\r\n.\r\r\n", b"\n\n.\r\n", b"\r\n.\r\r\n", b"\r\n\0.\r\n",
                         b"\r\n.\0\r\n", b"\r\n..\r\n", b"\r\n. \r\n"):
            with Client(receiver.port) as client:
                client.hello()
                if attack(client, sequence, pieces=True) == 250:
                    receiver.take()
                client.quit()
        receiver.take(0)


@test()
def true_end(env):
    """What does end a message, also with a CR in front of it, and in every cut."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        whole = FIRST + b"\r\n.\r\nNOOP\r\n"
        for cut in range(len(FIRST) - 1, len(whole)):
            client.envelope()
            client.ask(b"DATA", 354)
            client.write(whole[:cut])
            time.sleep(0.002)
            client.write(whole[cut:])
            same(client.replies(2), [250, 250], f"end of data and NOOP, cut at {cut}")
            same(receiver.take()[0].content, FIRST + b"\r\n", f"content, cut at {cut}")
        client.envelope()
        client.ask(b"DATA", 354)
        client.write(FIRST + b"\r\r\n.\r\nNOOP\r\n")
        codes = client.replies(2)
        check(codes[0] in (550, 554) and codes[1] == 250, f"CR CRLF . CRLF: {codes}")
        receiver.take(0)


@test()
def commands(env):
    """A bare LF or CR ends no command, and what stands behind it is not run."""
    with env.receiver() as receiver:
        for line in (b"NOOP\nMAIL FROM:<evil@x.example>\r\n", b"NOOP\rMAIL FROM:<evil@x>\r\n",
                     b"MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\r\n",
                     b"NOOP \0\r\n", b"N\0OOP\r\n", b"NOOP\r\r\n",
                     b"x" * 5000 + b"\nMAIL FROM:<evil@x.example>\r\n",
                     b"NOOP " + b"x" * 100_000 + b"\r\n"):
            with Client(receiver.port) as client:
                client.hello()
                client.write(line + b"RSET\r\n")
                codes = client.replies(2)
                check(codes[0] in (500, 501) and codes[1] == 250, f"{line[:60]!r}: replies {codes}")
                client.quit()


@test()
def chunks(env):
    """In BDAT nothing ends a message but its count."""
    with env.receiver() as receiver, Client(receiver.port) as client:
        client.hello()
        content = FIRST + b"\r\n.\r\n" + INNER
        client.envelope()
        client.write(b"BDAT %d LAST\r\n%sNOOP\r\n" % (len(content), content))
        same(client.replies(2), [250, 250], "BDAT and NOOP")
        same(receiver.take()[0].content, content, "content")
        for size in (b"+5", b"-5", b"0x5", b"5x", b"", b"99999999999999999999999", b"4294967301",
                     b"18446744073709551617"):
            with Client(receiver.port) as other:
                other.hello()
                other.envelope()
                other.write(b"BDAT " + size + b" LAST\r\nNOOP\r\nMAIL FROM:<evil@x.example>\r\n"
                            b"RCPT TO:<b@server.example>\r\nBDAT 4 LAST\r\nevil")
                other.socket.shutdown(1)
                while other.reply():
                    check(other.code >= 400, f"BDAT {size.decode()}: reply {other.code} behind it")
        receiver.take(0)
