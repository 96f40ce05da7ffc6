# SPDX-License-Identifier: MIT
"""What smtp-send does with a foreign server, whichever it is: the steps of every server_*.py.

A server is started once and goes through all of them. What it does not offer is left out, and
the test says so. It has the users and the mailboxes that are named here.
"""
import contextlib
import re
import time
from dataclasses import dataclass, field

import messages
from kit import HOST, NAME, Failure, check, same, tool, wait_for

USER, PASSWORD, WRONG = "ann", "a-long=word+of/hers", "another-word"
SENDER = "a@client.example"
BOTH = ("b@server.example", "c@server.example")
REFUSED = ("refused@server.example", "refused.too@server.example")  # 5yz, as all that begin so
LATER = "later@server.example"      # 4yz
FULL = "full@server.example"        # in LMTP: 5yz, but after the message
MEMBERS = "members@server.example"  # only for who has authenticated
LIMIT = 2_000_000                   # octets of a message

MIB = 1 << 20
CONTENTS = dict(messages.PLAIN, empty=messages.EMPTY, **{"1 MiB": messages.large(MIB)})
UTF8 = messages.HEAD.replace(b"a test", "Grüße".encode()) + "Grüße\r\n".encode()
EXTENSIONS = ("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "STARTTLS", "AUTH",
              "REQUIRETLS")


@dataclass
class Papers:
    """Certificates: of an authority, of a server that it signs, and of nobody's authority."""
    authority: str
    server: str
    stranger: str


def papers(env):
    openssl = [tool("openssl"), "req", "-x509", "-days", "2", "-nodes"]
    names = authority, authority_key, cert, key, both = [
        env.path(name) for name in ("ca.pem", "ca-key.pem", "cert.pem", "key.pem", "server.pem")]
    for options in (
            ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout",
             authority_key, "-out", authority,
             "-subj", "/CN=an authority"],
            ["-newkey", "rsa:2048", "-keyout", key, "-out", cert, "-CA", authority,
             "-CAkey", authority_key, "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME},IP:{HOST}",
             "-addext", "basicConstraints=critical,CA:FALSE"]):
        status, said = env.call([*openssl, *options])
        check(status == 0, f"openssl req: {said}")
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return Papers(str(names[0]), str(both), str(env.certificate()))


@dataclass
class Stored:
    """A message as the server has it."""
    content: bytes
    sender: str = ""
    to: tuple = ()
    more: dict = field(default_factory=dict)


def opened(octets, *names):
    """Takes off the header fields that a server puts on top: these, and each once.

    Returns what they say, without their folding, and the message as it was before.
    """
    found = {}
    while len(found) < len(names):
        match = re.match(rb"([!-9;-~]+):[ \t]*(.*?)\r\n(?![ \t])", octets, re.DOTALL)
        name = match[1].decode().lower() if match else ""
        check(name in names and name not in found,
              f"a header field that the server does not add: {octets[:80]!r}")
        found[name] = match[2].replace(b"\r\n", b"").decode()
        octets = octets[match.end():]
    return found, octets


@dataclass
class Peer:
    """A server that runs."""
    env: object
    name: str
    port: int
    stored: object                 # takes what has come since: a list of Stored
    papers: Papers = None
    implicit: int = 0              # the port where TLS begins at once
    unsized: int = 0               # a port where it does not tell its limit
    extensions: tuple = ()         # of EXTENSIONS, those it offers in the clear and within TLS
    mechanisms: tuple = ()
    within_tls: bool = True        # AUTH is taken there only
    early_auth: bool = False       # but offered before, too
    lmtp: bool = False
    split: bool = False            # it stores a message once for each recipient
    alters: dict = field(default_factory=dict)  # what it makes of a message, by its name
    refuses: tuple = ()                         # names of those that it does not want at all
    spared: tuple = ()                          # and of those that it dies of
    steps: tuple = ()              # its own
    out: list = field(default_factory=list)     # what was left out

    def has(self, *extensions):
        return set(extensions) <= set(self.extensions)

    def send(self, message, *options, to=BOTH[:1], tls="none", port=None, **more):
        """Runs smtp-send, with a trace. Returns what became of it, and the trace apart."""
        options = [*(["--lmtp"] if self.lmtp else []), "--trace", "--timeout", "10", "--tls", tls,
                   *options]
        return Traced(self.env.send(port or self.port, message, *options, to=to, **more))

    def take(self, count, what):
        """So many messages that have come since the last call, no more and no fewer."""
        found = []
        wait_for(lambda: found.extend(self.stored()) or len(found) >= count, what + " to be stored")
        same(len(found), count, f"{what}: messages that are stored")
        return found

    def deliver(self, name, message, *options, to=BOTH[:1], sender=SENDER, **more):
        """Sends a message that is to arrive, and looks whether it did, unchanged."""
        what = f"{name} {' '.join(map(str, options))}".rstrip()
        result = self.send(message, *options, to=to, sender=sender, **more)
        if name in self.refuses:
            result.expect(69, what)
            return result, []
        result.expect(0, what)
        wanted = self.alters.get(name, lambda content: content)(messages.canonical(message))
        found = self.take(len(to) if self.split else 1, what)
        for stored in found:
            same(stored.content, wanted, what)
            same(stored.sender, sender.strip("<>"), f"{what}: reverse-path")
        same(sorted(address for stored in found for address in stored.to), sorted(to),
             f"{what}: recipients")
        return result, found

    def nothing(self, what):
        """What was refused is not stored. Another message shows that it would be by now."""
        self.deliver(f"after {what}", messages.HEAD, to=BOTH[1:])


class Traced:
    """What smtp-send said: the trace, and the rest."""

    def __init__(self, sent):
        self.status = sent.status
        self.trace = [line for line in sent.errors if line.startswith(("C: ", "S: "))]
        self.said = [line for line in sent.errors if not line.startswith(("C: ", "S: "))]

    def commands(self, *verbs):
        return [line[3:] for line in self.trace if line.startswith("C: ")
                and (not verbs or line[3:].split(" ")[0] in verbs)]

    def replies(self):
        return [line[3:] for line in self.trace if line.startswith("S: ")]

    def expect(self, status, what):
        """The exit status, and that a word is said exactly where it is not 0."""
        check(self.status == status and (status == 0) == (not self.said),
              f"{what}: exit status {self.status}, wanted {status}; it said "
              f"{' | '.join(self.said)}; last of the trace: {' | '.join(self.trace[-4:])}")

    def keywords(self):
        """Of the last EHLO, and the mechanisms of AUTH."""
        hello = max(at for at, line in enumerate(self.trace) if line[3:7] in ("EHLO", "LHLO"))
        lines = []
        for line in self.trace[hello + 1:]:
            if not line.startswith("S: 250"):
                break
            lines.append(line[7:].split(" "))
        return {words[0].upper(): words[1:] for words in lines[1:]}


# --- steps ----------------------------------------------------------------------------------------

def offers(peer):
    """It offers what the steps are chosen by: none of them is left out by mistake."""
    clear = peer.deliver("plain", messages.HEAD)[0].keywords()
    wanted = set(peer.extensions)
    if peer.has("STARTTLS"):
        tls = peer.deliver("plain", messages.HEAD, tls="opportunistic")[0].keywords()
        same(sorted(set(tls) & set(EXTENSIONS)), sorted(wanted - {"STARTTLS"}),
             "extensions within TLS")
        wanted -= {"REQUIRETLS", *(["AUTH"] if peer.within_tls and not peer.early_auth else [])}
    same(sorted(set(clear) & set(EXTENSIONS)), sorted(wanted), "extensions in the clear")
    if peer.has("SIZE"):
        same(clear["SIZE"], [str(LIMIT)], "SIZE")


def contents(peer):
    """Every message by every way that leads there."""
    ways = [()]
    if peer.has("CHUNKING"):
        ways.append(("--no-chunking",))
    if peer.has("PIPELINING"):
        ways.append(("--no-pipelining", "--no-chunking"))
    for options in ways:
        for name, message in CONTENTS.items():
            if name in peer.spared:
                continue
            result, _ = peer.deliver(name, message, *options)
            chunked = peer.has("CHUNKING") and not options
            check(bool(result.commands("BDAT")) == chunked != bool(result.commands("DATA")),
                  f"{name} {options}: {result.commands()}")


def line_ends(peer):
    """LF on standard input is CRLF in the message (RFC 5321 2.3.8)."""
    message = CONTENTS["dots"]
    peer.send(message.replace(b"\r\n", b"\n")).expect(0, "lines that end in LF")
    same(peer.take(1, "lines that end in LF")[0].content, message, "lines that end in LF")


def pipelining(peer):
    """Commands go out together where that is offered, and one by one where it is not."""
    for options in ((), ("--no-pipelining",)):
        result, _ = peer.deliver("plain", messages.HEAD, *options, to=BOTH)
        verbs = [line[:7] for line in result.trace]
        together = verbs[verbs.index("C: MAIL") + 1] == "C: RCPT"
        same(together, peer.has("PIPELINING") and not options, f"MAIL and RCPT {options}")


def count(peer):
    """20 messages on one connection."""
    result = peer.send(CONTENTS["dots"], "--count", "20", to=BOTH)
    result.expect(0, "--count 20")
    same(len(result.commands("EHLO", "LHLO")), 1, "connections")
    for stored in peer.take(40 if peer.split else 20, "--count 20"):
        same(stored.content, CONTENTS["dots"], "--count 20")


def connections(peer):
    """Two messages on each of three connections."""
    result = peer.send(CONTENTS["1 MiB"], "--connections", "3", "--count", "2")
    result.expect(0, "--connections 3 --count 2")
    same(len(result.commands("EHLO", "LHLO")), 3, "connections")
    for stored in peer.take(6, "--connections 3 --count 2"):
        same(stored.content, CONTENTS["1 MiB"], "--connections 3 --count 2")


def failed(result, to, what):
    """Each of these recipients has a line on standard error, with the reply that it got."""
    told = {}
    for line in result.said:
        match = re.fullmatch(r"(\S+@\S+): (\d\d\d) (.*)", line)
        check(match, f"{what}: standard error has {line!r}")
        told[match[1]] = match[2]
        check(any(reply.startswith(match[2]) and reply.endswith(match[3])
                  for reply in result.replies()), f"{what}: nobody said {line!r}")
    same(told.keys(), set(to), f"{what}: recipients that failed")
    for address, code in told.items():
        same(code[0], "4" if address == LATER else "5", f"{what}: code for {address}")


def refused(peer):
    """One of three, for good and for now; all of them. Exit statuses 69 and 75."""
    for options in ((), ("--no-pipelining", "--no-chunking")):
        for bad, status in ((REFUSED[0], 69), (LATER, 75)):
            what = f"{bad} among three {' '.join(options)}"
            result = peer.send(CONTENTS["plain"], *options, to=(BOTH[0], bad, BOTH[1]))
            result.expect(status, what)
            failed(result, [bad], what)
            found = peer.take(2 if peer.split else 1, what)
            same({stored.content for stored in found}, {CONTENTS["plain"]}, what)
            same(sorted(address for stored in found for address in stored.to), list(BOTH), what)
        for bad, status in ((REFUSED, 69), ((REFUSED[0], LATER), 75)):
            what = f"nobody but {' and '.join(bad)} {' '.join(options)}"
            result = peer.send(CONTENTS["plain"], *options, to=bad)
            result.expect(status, what)
            failed(result, bad, what)
            peer.nothing(what)


def results(peer):
    """Each recipient has a result of its own, after the message (RFC 2033 4.2)."""
    for options in ((), ("--no-chunking",)):
        to = (BOTH[0], FULL, REFUSED[0], BOTH[1])
        result = peer.send(messages.HEAD, *options, to=to)
        result.expect(69, f"{to} {options}")
        failed(result, [FULL, REFUSED[0]], f"{to} {options}")
        found = peer.take(2 if peer.split else 1, f"{to} {options}")
        same(sorted(address for stored in found for address in stored.to), list(BOTH), "recipients")
        result = peer.send(messages.HEAD, *options, to=(FULL,))
        result.expect(69, f"{FULL} {options}")
        failed(result, [FULL], f"{FULL} {options}")
        peer.nothing("a full mailbox")


def reverse_path(peer):
    """The null one, written in both ways."""
    for sender in ("", "<>"):
        result, _ = peer.deliver("null reverse-path", messages.HEAD, sender=sender)
        check(result.commands("MAIL")[0].startswith("MAIL FROM:<>"), f"{result.commands()}")


def size(peer):
    """What is larger than the server takes is not sent: 65. Where it does not tell: 69."""
    large = messages.large(LIMIT)
    check(LIMIT < len(large) < LIMIT + 2000, "it is larger, but not by much")
    if peer.has("SIZE"):
        result = peer.send(large)
        result.expect(65, "over SIZE")
        check(not result.commands("MAIL"), f"over SIZE: {result.commands()}")
    if peer.unsized:
        for options in ((), ("--no-chunking",)):
            result = peer.send(large, *options, port=peer.unsized)
            result.expect(69, f"over a limit that is not told {options}")
            check(any(reply.startswith("552") for reply in result.replies()),
                  f"over a limit that is not told {options}: {result.replies()}")
    peer.nothing("too much")


def eight_bit(peer):
    """BODY=8BITMIME where it must be and where it is asked for; 65 where it is not known."""
    for message, options in ((messages.EIGHT_BIT, ()), (messages.HEAD, ("--8bitmime",))):
        if peer.has("8BITMIME"):
            result, _ = peer.deliver("8-bit", message, *options)
            check("BODY=8BITMIME" in result.commands("MAIL")[0], f"{result.commands()}")
        else:
            peer.send(message, *options).expect(65, "8-bit without 8BITMIME")


def utf8(peer):
    """Addresses and header fields in UTF-8 with SMTPUTF8; 65 without."""
    cases = (({"to": ("grün@server.example",)}, ()), ({"sender": "ä@client.example"}, ()),
             ({}, ("--smtputf8",)))
    for addresses, options in cases:
        if peer.has("SMTPUTF8"):
            result, _ = peer.deliver("UTF-8", UTF8, *options, **addresses)
            check("SMTPUTF8" in result.commands("MAIL")[0].split(" "), f"{result.commands()}")
        else:
            result = peer.send(UTF8, *options, **addresses)
            result.expect(65, f"{addresses} {options} without SMTPUTF8")
            check(not result.commands("RCPT", "DATA"), f"{result.commands()}")


DSN = ("--dsn-notify", "SUCCESS,FAILURE", "--dsn-ret", "HDRS", "--dsn-envid", "an+id=1")


def dsn(peer):
    """The parameters of RFC 3461, with DSN; 65 without. What comes of them: the server's own."""
    if not peer.has("DSN"):
        for option in (DSN[:2], DSN[2:4], DSN[4:]):
            result = peer.send(messages.HEAD, *option)
            result.expect(65, f"{option} without DSN")
            check(not result.commands("RCPT", "DATA"), f"{result.commands()}")
        return
    for notify in ("NEVER", "FAILURE,DELAY"):
        result, _ = peer.deliver("DSN", messages.HEAD, "--dsn-notify", notify, "--dsn-ret", "FULL")
        check(result.commands("RCPT")[0].endswith(f" NOTIFY={notify}"), f"{result.commands()}")
        check("RET=FULL" in result.commands("MAIL")[0].split(" "), f"{result.commands()}")


def starttls(peer):
    """Messages within TLS; no other authority than the one that signed, and no other name."""
    trusted = ("--ca", peer.papers.authority)
    for options in ((), ("--no-chunking", "--no-pipelining")):
        for name in ("plain", "dots", "no final newline", "1 MiB"):
            result, _ = peer.deliver(name, CONTENTS[name], *trusted, *options, tls="required")
            check(result.commands("STARTTLS"), f"{result.commands()}")
            same(len(result.commands("EHLO", "LHLO")), 2, "EHLO before and within TLS")
    peer.deliver("plain", CONTENTS["plain"], "--insecure", tls="required")
    check(peer.deliver("plain", CONTENTS["plain"], tls="opportunistic")[0].commands("STARTTLS"),
          "TLS is offered and not taken")
    for options, what in ((("--ca", peer.papers.stranger), "another authority"), ((), "no --ca"),
                          ((*trusted, "--server", f"localhost:{peer.port}"), "another name")):
        result = peer.send(messages.HEAD, *options, tls="required")
        result.expect(69, what)
        check(not result.commands("MAIL"), f"{what}: {result.commands()}")
    peer.nothing("a certificate that cannot be trusted")


def implicit(peer):
    """TLS from the first octet (RFC 8314 3)."""
    for name in ("plain", "dots", "1 MiB"):
        peer.deliver(name, CONTENTS[name], "--ca", peer.papers.authority, tls="implicit",
                     port=peer.implicit)
    result = peer.send(messages.HEAD, "--ca", peer.papers.stranger, tls="implicit",
                       port=peer.implicit)
    result.expect(69, "another authority")
    same(result.trace, [], "what was said before TLS")
    peer.nothing("a certificate that cannot be trusted")


def auth(peer):
    """Each mechanism, with the right word and with a wrong one: 77."""
    options = ("--ca", peer.papers.authority) if peer.within_tls else ("--auth-without-tls",)
    more = {"tls": "required" if peer.within_tls else "none", "to": (MEMBERS,)}
    result = peer.send(messages.HEAD, *options[:2 * peer.within_tls], **more)
    result.expect(69, "without AUTH")
    for mechanism in (None, *peer.mechanisms):
        named = ("--mech", mechanism) if mechanism else ()
        result, _ = peer.deliver("AUTH", messages.HEAD, *options, "--user", USER, "--password",
                                 PASSWORD, *named, **more)
        check(result.commands("AUTH")[0].split(" ")[1] in (peer.mechanisms if not mechanism
                                                           else (mechanism,)),
              f"{mechanism}: {result.commands()}")
        user = "nobody" if mechanism == "EXTERNAL" else USER  # it has no password
        result = peer.send(messages.HEAD, *options, "--user", user, "--password", WRONG, *named,
                           **more)
        result.expect(77, f"{mechanism}: a wrong password")
        check(not result.commands("MAIL"), f"{mechanism}: {result.commands()}")
    if peer.within_tls:
        peer.send(messages.HEAD, "--user", USER, "--password", PASSWORD,
                  to=(MEMBERS,)).expect(77, "a password in the clear")
    peer.nothing("a wrong password")


def require_tls(peer):
    """REQUIRETLS where the server takes it (RFC 8689); 69 where it does not, as without TLS."""
    if peer.has("REQUIRETLS"):
        result, _ = peer.deliver("REQUIRETLS", messages.HEAD, "--require-tls", "--ca",
                                 peer.papers.authority, tls="required")
        check("REQUIRETLS" in result.commands("MAIL")[0].split(" "), f"{result.commands()}")
        return
    result = peer.send(messages.HEAD, "--require-tls", "--ca", peer.papers.authority,
                       tls="required")
    result.expect(69, "--require-tls without REQUIRETLS")
    check(not result.commands("RCPT", "DATA"), f"{result.commands()}")


def report(peer, identified=True):
    """A notification of success comes back, and is what the parameters asked for (RFC 3461 6)."""
    message = CONTENTS["plain"]
    result = peer.send(message, *DSN)
    result.expect(0, "NOTIFY=SUCCESS")
    mail, = result.commands("MAIL")
    check({"RET=HDRS", "ENVID=an+2Bid+3D1"} <= set(mail.split(" ")), mail)
    found = peer.take(2, "a message and the notification of its success")
    message_there, notification = sorted(found, key=lambda stored: stored.to == (SENDER,))
    same(message_there.content, message, "the message")
    same((notification.sender, notification.to), ("", (SENDER,)), "who gets the notification")
    # Some repeat the identifier in xtext, as it came.
    for part, there in ((rb"\nOriginal-Envelope-I[dD]: an(\+id=|\+2Bid\+3D)1\r", identified),
                        (rb"\r\nSubject: a test\r", True), (rb"\r\nAction: delivered\r", True),
                        (rb"\r\nSome text\.\r", False)):
        same(re.search(part, notification.content) is not None, there,
             f"{part!r} in {notification.content!r}")


def left(peer):
    """Nothing has come that was not waited for."""
    time.sleep(0.2)
    same([stored.content[:60] for stored in peer.stored()], [], "messages left over")


# Each with what it needs to be offered.
STEPS = ((offers, ()), (contents, ()), (line_ends, ()), (pipelining, ()), (count, ()),
         (connections, ()), (refused, ()), (reverse_path, ()), (size, ()), (eight_bit, ()),
         (utf8, ()), (dsn, ()), (starttls, ("STARTTLS",)), (require_tls, ("STARTTLS",)),
         (auth, ("AUTH",)))


def run_steps(peer):
    """All that the peer has a side for. Tells of every step that failed, not of the first only."""
    wrong = []
    steps = [step for step, needs in STEPS if peer.has(*needs)]
    steps += [implicit] * bool(peer.implicit) + [results] * peer.lmtp
    for step in (*steps, *peer.steps, left):
        try:
            step(peer)
        except Failure as failure:
            wrong.append(f"{step.__name__.replace('_', ' ')}: {failure!s:.600}")
            time.sleep(0.3)
            with contextlib.suppress(Failure):
                peer.stored()
    check(not wrong, f"{peer.name}: {'; '.join(wrong)}")
    missing = [name for name in EXTENSIONS if not peer.has(name)] + peer.out \
        + [f"message '{name}', of which it dies" for name in peer.spared]
    return f"{peer.name}, {len(steps) + len(peer.steps)} steps; not there: {', '.join(missing)}"
