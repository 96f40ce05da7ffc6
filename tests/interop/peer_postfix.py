# SPDX-License-Identifier: MIT
"""Postfix relays to smtp-receive: its smtp client and its lmtp client."""
import messages
from auth import PASSWORD, USER, WRONG
from jail import Jail
from kit import HOST, check, same, test
from receive import check_trace, every
from relay import Relay, arrived, original, relayed, reported
from wire import Tap

# As in postconf(5) and master(5). What it gets is not to be completed: no Date, no Message-Id.
MAIN = """
compatibility_level = 3.6
myhostname = client.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = /var/log/postfix.log
local_header_rewrite_clients =
message_size_limit = 0
smtputf8_enable = yes
smtp_dns_support_level = disabled
default_process_limit = 10
transport_maps = texthash:/etc/postfix/transport
smtp_tls_CAfile = /etc/server.pem
lmtp_tls_CAfile = /etc/server.pem
smtp_tls_verify_cert_match = server.example
smtp_sasl_password_maps = texthash:/etc/postfix/passwords
smtp_sasl_security_options = noanonymous
smtp_connection_cache_destinations = static:all
"""
MASTER = """
{where} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
          "private", "saved", "trace")
NAMES = ("plain", "dots", "empty lines", "long lines", "eight_bit", "big")


def postfix(env, target, password=PASSWORD, **ways):
    """Starts one. A way is a client of master.cf, and a recipient's domain chooses it."""
    jail = Jail(env, ["postfix", "libsasl2-modules", "libsasl2-modules-db", "sasl2-bin"],
                ["usr/lib/postfix/sbin/*", "usr/lib/*/sasl2/*"], ["postfix", "postdrop"])
    hop = f"[{HOST}]:{target}"
    clients = "".join(f"{name} unix - - n - 1 {words}\n" for name, words in ways.items())
    jail.write("etc/server.pem", env.certificate().read_bytes())
    jail.write("etc/postfix/main.cf", MAIN)
    jail.write("etc/postfix/passwords", f"{hop} {USER}:{password}\n", 0o600)
    jail.write("etc/postfix/transport", "".join(
        f"{name}.example {name}:{hop}\n" for name in ways) + f"* {next(iter(ways))}:{hop}\n")
    for name in QUEUES:
        jail.folder(f"var/spool/postfix/{name}", "postfix", 0o700)
    jail.folder("var/spool/postfix/pid")
    jail.folder("var/spool/postfix/public", "postfix", 0o710)
    jail.folder("var/spool/postfix/maildrop", "postfix", 0o730)
    jail.folder("var/lib/postfix", "postfix")
    port, = jail.start(["/usr/lib/postfix/sbin/master", "-d"], lambda port: jail.write(
        "etc/postfix/master.cf", MASTER.format(where=f"{HOST}:{port}") + clients))
    return Relay(jail, port, "var/log/postfix.log")


@test()
def plain(env):
    """Messages one after the other, in commands that are pipelined."""
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        relay = postfix(env, tap.port, plain="smtp -o smtp_connection_cache_destinations=")
        for name, message in every(NAMES):
            relay.give([message], ["b@plain.example"])
            (stored,) = arrived(receiver)
            (client, _), = tap.take()
            relayed(stored, message, name)
            same(messages.on_wire(client), [stored.content], f"{name}: what Postfix sent")
            check_trace(stored, b"ESMTP", recipients=(b"b@plain.example",))
            check(name != "eight_bit" or b" BODY=8BITMIME\r\n" in client, "no BODY=8BITMIME")
        check(tap.pipelined(b"MAIL FROM:", b"RCPT TO:"), "Postfix did not pipeline")


@test()
def cached(env):
    """Forty messages to forty recipients each, on one connection as long as that is kept."""
    names = [f"b{number:02}@plain.example" for number in range(40)]
    letters = [messages.HEAD + b".%d\r\n" % number for number in range(40)]
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        relay = postfix(env, tap.port, plain="smtp -o smtp_connection_cache_time_limit=1s")
        relay.give(letters, names)
        stored = arrived(receiver, len(letters))
        sessions = tap.take()
        check(len(sessions) < len(letters) / 4, f"{len(sessions)} connections")
        same(sorted(one.content for one in stored), sorted(
            content for client, _ in sessions for content in messages.on_wire(client)), "contents")
        same(sorted(map(original, stored)), sorted(letters), "contents that were given")
        for one in stored:
            check_trace(one, b"ESMTP", recipients=[name.encode() for name in names])


@test()
def starttls(env):
    """smtp_tls_security_level = encrypt, and verify."""
    pem = env.certificate()
    with env.receiver("--tls-cert", pem, "--tls-key", pem) as receiver:
        relay = postfix(env, receiver.port, encrypt="smtp -o smtp_tls_security_level=encrypt",
                          verify="smtp -o smtp_tls_security_level=verify")
        for way in ("encrypt", "verify"):
            recipient = f"b@{way}.example"
            for name, message in every(("plain", "dots", "big")):
                relay.give([message], [recipient])
                (stored,) = arrived(receiver)
                relayed(stored, message, name)
                check_trace(stored, b"ESMTPS", recipients=(recipient.encode(),))


@test()
def auth(env):
    """By each mechanism of Cyrus SASL, to domains that want it; then with a wrong password."""
    pem = env.certificate()
    names = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
    ways = {name.lower(): "smtp -o smtp_tls_security_level=encrypt "
            f"-o smtp_sasl_auth_enable=yes -o smtp_sasl_mechanism_filter={name.lower()}"
            for name in names}
    with env.receiver("--domain", "server.example", "--tls-cert", pem, "--user",
                      f"{USER}:{PASSWORD}") as receiver:
        relay = postfix(env, receiver.port, **ways)
        for name in ways:
            recipient = f"b@{name}.example"
            relay.give([messages.HEAD], [recipient])
            (stored,) = arrived(receiver)
            relayed(stored, messages.HEAD, name)
            check_trace(stored, b"ESMTPSA", recipients=(recipient.encode(),))
        wrong = postfix(env, receiver.port, password=WRONG, plain=ways["plain"])
        wrong.give([messages.HEAD], ["b@plain.example"])
        wrong.wait_for_log("SASL authentication failed")
        check("said: 535 5.7.8" in wrong.log(), "no 535 5.7.8 in its log")
        receiver.take(0)


@test()
def results(env):
    """What it tells the sender: of refused recipients, and of a success beyond DSN's reach."""
    with env.receiver("--domain", "plain.example", "--domain", "client.example") as receiver:
        relay = postfix(env, receiver.port, plain="smtp")
        relay.give([messages.HEAD], ["b@plain.example", "c@elsewhere.example"])
        first, bounce = arrived(receiver, 2)
        relayed(first, messages.HEAD)
        check_trace(first, b"ESMTP", recipients=(b"b@plain.example",))
        reported(bounce, b"failed", b"c@elsewhere.example", b"Status: 5.7.1",
                 b"550 5.7.1 Relaying denied")
        # The next hop does not know DSN, so this is as far as a promise goes (RFC 3461 5.2.2).
        relay.give([messages.HEAD], ["b@plain.example"], to_each=["NOTIFY=SUCCESS"])
        report, = (one for one in arrived(receiver, 2) if one.return_path == b"<>")
        reported(report, b"relayed", b"b@plain.example")


@test()
def too_large(env):
    """It sees SIZE (RFC 1870) and does not try; where it looks away, 552 comes through."""
    limit, whole = 100_000, dict(every(["big"]))["big"]
    with env.receiver("--max-size", str(limit)) as receiver:
        once = "smtp -o smtp_connection_cache_destinations="
        relay = postfix(env, receiver.port, sees=once,
                        blind=f"{once} -o smtp_discard_ehlo_keywords=size")
        for way, why in (("sees", b"exceeds size limit 100000 of"), ("blind", b"said: 552 5.3.4")):
            # A little above the limit, and so much that the server does not wait for the end.
            for length in (limit + 1000, len(whole)):
                relay.give([whole[:length]], [f"b@{way}.example"])
                (bounce,) = arrived(receiver)
                reported(bounce, b"failed", f"b@{way}.example".encode(), b"Status: 5.3.4")
                text = b" ".join(bounce.content.split())
                check(why in text, f"{way}, {length} octets: {text[-900:]!r}")


@test()
def utf8(env):
    """Addresses in UTF-8 (RFC 6531)."""
    sender, recipient = "jörg@bücher.example", "пётр@сервер.example"
    message = "Subject: Grüße\r\n\r\ntext\r\n".encode()
    with env.receiver() as receiver:
        relay = postfix(env, receiver.port, plain="smtp")
        relay.give([message], [recipient], sender, ["SMTPUTF8", "BODY=8BITMIME"])
        (stored,) = arrived(receiver)
        relayed(stored, message)
        check_trace(stored, b"UTF8SMTP", sender=f"<{sender}>".encode(),
                    recipients=(recipient.encode(),))


@test()
def lmtp(env):
    """Its lmtp client, with and without TLS: a reply for each recipient that was accepted."""
    pem = env.certificate()
    with env.receiver("--lmtp", "--domain", "clear.example", "--domain", "encrypt.example",
                      "--domain", "client.example", "--tls-cert", pem) as receiver:
        relay = postfix(env, receiver.port, clear="lmtp",
                          encrypt="lmtp -o lmtp_tls_security_level=encrypt")
        for way, protocol in (("clear", b"LMTP"), ("encrypt", b"LMTPS")):
            to = [f"{letter}@{way}.example" for letter in "bcd"]
            for name, message in every(("plain", "dots", "big")):
                relay.give([message], to)
                (stored,) = arrived(receiver)
                relayed(stored, message, name)
                check_trace(stored, protocol, recipients=[one.encode() for one in to])
        relay.wait_for_log("status=sent (250", 18)
        relay.give([messages.HEAD], ["b@clear.example", "c@elsewhere.example"])
        first, bounce = arrived(receiver, 2)
        relayed(first, messages.HEAD)
        reported(bounce, b"failed", b"c@elsewhere.example", b"Status: 5.7.1")
