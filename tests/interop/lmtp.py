# SPDX-License-Identifier: MIT
"""LMTP (RFC 2033), both ways: one reply for each recipient that was accepted."""
import smtplib

import messages
from kit import HOST, NAME, PATIENCE, aiosmtpd, check, postfix, same, sink, test, wait_for
from receive import Here, check_trace, swaks
from results import complaints, outcome
from scripted import HANG_UP
from send import EVERYTHING, kept, sent, undumped
from wire import Client

BOTH = ("b@server.example", "c@server.example")


# --- others to smtp-receive ----------------------------------------------------------------------

class LmtpClient(Here, smtplib.LMTP):
    pass


@test()
def smtplib_to_receive(env):
    with env.receiver("--lmtp", "--domain", "server.example") as receiver:
        for name in ("plain", "dots", "no final newline", "big"):
            with LmtpClient(NAME, receiver.port, local_hostname="client.example") as peer:
                to = ["b@server.example", "c@elsewhere.example"]
                refused = peer.sendmail("a@client.example", to, EVERYTHING[name])
            same(list(refused), to[1:], "refused recipients")
            stored, = receiver.take()
            same(stored.content, messages.canonical(EVERYTHING[name]), name)
            check_trace(stored, b"LMTP")


@test()
def swaks_to_receive(env):
    with env.receiver("--lmtp") as receiver:
        swaks(env, "--protocol", "LMTP")(receiver.port, messages.PLAIN["plain"])
        check_trace(receiver.take()[0], b"LMTP")


@test()
def smtp_source_to_receive(env):
    with env.receiver("--lmtp") as receiver:
        status = postfix(env, "smtp-source", "-L", "-s", "5", "-m", "20", "-l", "3000", "-f",
                         "a@client.example", "-t", "b@server.example", "-r", "3", "-M",
                         "client.example", f"{HOST}:{receiver.port}").wait(PATIENCE)
        same(status, 0, "status of smtp-source")
        receiver.take(20)


@test()
def by_hand(env):
    """One reply for each accepted recipient, with DATA and BDAT; LHLO alone says hello."""
    text = messages.PLAIN["dots"]
    with env.receiver("--lmtp", "--domain", "server.example") as receiver, \
            Client(receiver.port) as client:
        client.write(b"EHLO client.example\r\nHELO client.example\r\nLHLO client.example\r\n")
        same(client.replies(3), [500, 500, 250], "EHLO, HELO, LHLO")
        client.write(b"MAIL FROM:<a@client.example>\r\nRCPT TO:<b@server.example>\r\n"
                     b"RCPT TO:<x@elsewhere.example>\r\nRCPT TO:<c@server.example>\r\nDATA\r\n")
        same(client.replies(5), [250, 250, 550, 250, 354], "MAIL, three RCPT, DATA")
        client.write(messages.stuff(text) + b"NOOP\r\n")
        same(client.replies(3), [250, 250, 250], "one reply for each recipient, and NOOP")
        stored, = receiver.take()
        same(stored.content, text, "content")
        check_trace(stored, b"LMTP", recipients=[name.encode() for name in BOTH])

        # The same mailbox twice is two recipients; BDAT is answered so by its last chunk only.
        client.write(b"MAIL FROM:<>\r\n" + b"RCPT TO:<b@server.example>\r\n" * 2
                     + b"BDAT 5\r\n12345BDAT 2 LAST\r\n\r\nNOOP\r\n")
        same(client.replies(7), [250] * 7, "MAIL, two RCPT, BDAT, two for BDAT LAST, NOOP")
        receiver.take()

        # Nobody accepted: DATA is refused, and no reply follows (RFC 2033 4.2).
        client.write(b"MAIL FROM:<>\r\nRCPT TO:<x@elsewhere.example>\r\nDATA\r\nNOOP\r\n")
        codes = client.replies(4)
        check(codes[:2] == [250, 550] and codes[2] in (503, 554) and codes[3] == 250, f"{codes}")
        client.quit()


# --- smtp-send to others -------------------------------------------------------------------------

@test()
def to_aiosmtpd(env):
    port, folder = aiosmtpd(env, "--lmtp")
    for number, (name, message) in enumerate(EVERYTHING.items(), 1):
        sent(env.send(port, message, "--lmtp", to=BOTH), name)
        content, envelope = kept(folder, number)
        same(content, messages.canonical(message), name)
        same(envelope["to"], list(BOTH), "recipients")


@test()
def to_smtp_sink(env):
    port = sink(env, "-L", "-d", "lmtp.")
    sent(env.send(port, messages.PLAIN["dots"], "--lmtp", to=BOTH), "dots")
    file, = wait_for(lambda: list(env.folder.glob("lmtp.*")), "a dump of smtp-sink")
    lines, content = undumped(file)
    same(content, messages.PLAIN["dots"], "content")
    check(b"X-Client-Proto: LMTP" in lines, f"{lines!r}")


@test()
def to_receive(env):
    with env.receiver("--lmtp", "--domain", "server.example") as receiver:
        for options in ((), ("--no-chunking",), ("--no-chunking", "--no-pipelining")):
            for name, message in EVERYTHING.items():
                sent(env.send(receiver.port, message, "--lmtp", *options, to=BOTH), name)
                stored, = receiver.take()
                same(stored.content, messages.canonical(message), name)
                same(len(stored.delivered_to), 2, "recipients")
            result = env.send(receiver.port, messages.HEAD, "--lmtp", *options,
                              to=(BOTH[0], "x@elsewhere.example", BOTH[1]))
            same(result.status, 69, "exit status")
            same(list(complaints(result)), ["x@elsewhere.example"], "standard error")
            receiver.take()


@test()
def results(env):
    """Each recipient has its own result, and those accepted are done."""
    ok, busy, no = b"250 2.1.5 OK\r\n", b"452 4.2.2 full\r\n", b"550 5.2.1 no\r\n"
    for end, status, failed in ((ok + ok, 0, {}),
                                (ok + busy, 75, {BOTH[1]: "452 4.2.2 full"}),
                                (no + ok, 69, {BOTH[0]: "550 5.2.1 no"}),
                                (no + busy, 75, {BOTH[0]: "550 5.2.1 no",
                                                 BOTH[1]: "452 4.2.2 full"}),
                                (no + no, 69, dict.fromkeys(BOTH, "550 5.2.1 no"))):
        result, server = outcome(env, status, "--lmtp", to=BOTH, end=end)
        same(complaints(result), failed, f"standard error after {end!r}")
        same(len(server.contents), 1, "messages")
    # Only the second recipient is accepted: the one reply is its own.
    result, _ = outcome(env, 75, "--lmtp", to=BOTH, RCPT=[no, ok], end=busy)
    same(complaints(result), {BOTH[0]: "550 5.2.1 no", BOTH[1]: "452 4.2.2 full"}, "standard error")
    # Nobody is, and the server says 354 all the same: then nothing is sent but the end.
    _, server = outcome(env, 69, "--lmtp", to=BOTH, RCPT=no, DATA=b"503 5.5.1 no recipients\r\n")
    same(server.contents, [], "messages")
    outcome(env, 75, "--lmtp", to=BOTH, end=HANG_UP)
    outcome(env, 69, "--lmtp", LHLO=b"500 5.5.1 what?\r\n")
