# SPDX-License-Identifier: MIT
"""Exim relays to smtp-receive by its smtp transport, which knows CHUNKING."""
import messages
from auth import PASSWORD, USER, WRONG
from jail import Jail, fill
from kit import NAME, check, same, test
from receive import check_trace, every
from relay import Relay, arrived, original, relayed, reported
from wire import Tap

# As in Exim's specification. For each way a router, which a recipient's domain chooses, and a
# transport; the first is for all other domains.
CONFIGURATION = r"""
primary_hostname = client.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = @PORT@
daemon_startup_retries = 0
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%s
log_selector = +smtp_protocol_error +smtp_syntax_error
tls_advertise_hosts =
chunking_advertise_hosts =
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
message_size_limit = 100M
acl_smtp_rcpt = accept
queue_only = @QUEUE@
begin routers
@ROUTERS@
begin transports
@TRANSPORTS@
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  client_condition = ${if eq {$transport_name}{plain}}
  client_send = ^@USER@^@PASSWORD@
login:
  driver = plaintext
  public_name = LOGIN
  client_condition = ${if eq {$transport_name}{login}}
  client_send = : @USER@ : @PASSWORD@
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  client_condition = ${if eq {$transport_name}{cram}}
  client_name = @USER@
  client_secret = @PASSWORD@
"""
ROUTER = """
{name}:
  driver = manualroute
  domains = {domains}
  route_list = * server.example byname
  self = send
  transport = {transport}
"""
TRANSPORT = """
{name}:
  driver = smtp
  port = {port}
  allow_localhost
  helo_data = client.example
  {more}
"""
TLS = ("hosts_require_tls = *", "tls_verify_certificates = /etc/server.pem", "tls_verify_hosts = *")
NAMES = ("plain", "dots", "empty lines", "long lines", "eight_bit", "big")


def exim(env, target, password=PASSWORD, queue="false", **ways):
    """Starts one. A way is the options of a transport, and a recipient's domain chooses it."""
    jail = Jail(env, ["exim4-daemon-heavy"], ["usr/sbin/exim4"], ["Debian-exim"])
    jail.write("etc/hosts", f"127.0.0.1 localhost {NAME}\n")
    jail.write("etc/server.pem", env.certificate().read_bytes())
    jail.folder("var/log/exim4", "Debian-exim")
    jail.folder("var/spool/exim4", "Debian-exim")
    routers = [ROUTER.format(name=name, domains=f"{name}.example", transport=name)
               for name in ways]
    routers.append(ROUTER.format(name="others", domains="*", transport=next(iter(ways))))
    transports = [TRANSPORT.format(name=name, port=target, more="\n  ".join(more))
                  for name, more in ways.items()]
    port, = jail.start(["/usr/sbin/exim4", "-bdf"], lambda port: jail.write(
        "etc/exim4/exim4.conf", fill(CONFIGURATION, PORT=port, ROUTERS="".join(routers),
                                     TRANSPORTS="".join(transports), USER=USER, QUEUE=queue,
                                     PASSWORD=password)))
    return Relay(jail, port, "var/log/exim4/main")


@test()
def chunking(env):
    """BDAT (RFC 3030), in the same group as the envelope, against DATA where it is left off."""
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        relay = exim(env, tap.port, bdat=(), data=["hosts_try_chunking ="])
        for way in ("bdat", "data"):
            for name, message in every(NAMES):
                relay.give([message], [f"b@{way}.example"])
                (stored,) = arrived(receiver)
                (client, _), = tap.take()
                relayed(stored, message, name)
                same(messages.on_wire(client), [stored.content], f"{name}: what Exim sent")
                check_trace(stored, b"ESMTP", recipients=(f"b@{way}.example".encode(),))
                same((b"\r\nBDAT " in client, b"\r\nDATA\r\n" in client),
                     (way == "bdat", way == "data"), "BDAT, DATA")
        check(tap.pipelined(b"MAIL FROM:", b"RCPT TO:"), "Exim did not pipeline")
        check(tap.pipelined(b"RCPT TO:", b"BDAT "), "Exim did not pipeline BDAT")


@test()
def starttls(env):
    pem = env.certificate()
    with env.receiver("--tls-cert", pem) as receiver:
        relay = exim(env, receiver.port, tls=TLS)
        for name, message in every(("plain", "dots", "big")):
            relay.give([message], ["b@tls.example"])
            (stored,) = arrived(receiver)
            relayed(stored, message, name)
            check_trace(stored, b"ESMTPS", recipients=(b"b@tls.example",))


@test()
def implicit_tls(env):
    pem = env.certificate()
    with env.receiver("--tls-cert", pem, "--implicit-tls") as receiver:
        relay = exim(env, receiver.port, tls=("protocol = smtps", *TLS))
        for name, message in every(("plain", "dots", "big")):
            relay.give([message], ["b@tls.example"])
            (stored,) = arrived(receiver)
            relayed(stored, message, name)
            check_trace(stored, b"ESMTPS", recipients=(b"b@tls.example",))


@test()
def auth(env):
    """By each of its mechanisms, to domains that want it; then with a wrong password."""
    pem = env.certificate()
    ways = dict.fromkeys(("plain", "login", "cram"), ("hosts_require_auth = *", *TLS))
    with env.receiver("--domain", "server.example", "--tls-cert", pem, "--user",
                      f"{USER}:{PASSWORD}") as receiver:
        relay = exim(env, receiver.port, **ways)
        for name in ("plain", "login", "cram"):
            relay.give([messages.HEAD], [f"b@{name}.example"])
            (stored,) = arrived(receiver)
            relayed(stored, messages.HEAD)
            check_trace(stored, b"ESMTPSA", recipients=(f"b@{name}.example".encode(),))
        wrong = exim(env, receiver.port, password=WRONG, **ways)
        wrong.give([messages.HEAD], ["b@plain.example"])
        wrong.wait_for_log("authenticator failed")
        receiver.take(0)


@test()
def queue_run(env):
    """A run of the queue: messages for one host go over one connection, one after the other."""
    letters = [messages.HEAD + b".%d\r\n" % number for number in range(20)]
    with env.receiver() as receiver, Tap(receiver.port) as tap:
        relay = exim(env, tap.port, queue="true", plain=["connection_max_messages = 0"])
        relay.give(letters, ["b@plain.example", "c@plain.example"])
        relay.jail.call(["/usr/sbin/exim4", "-qq"])
        stored = arrived(receiver, len(letters))
        sessions = tap.take()
        same(sorted(map(original, stored)), sorted(letters), "contents")
        same(sorted(one.content for one in stored), sorted(
            content for client, _ in sessions for content in messages.on_wire(client)),
            "contents on the wire")
        for one in stored:
            check_trace(one, b"ESMTP", recipients=(b"b@plain.example", b"c@plain.example"))
        check(len(sessions) < len(letters) / 2, f"{len(sessions)} connections")


@test()
def results(env):
    """What it tells the sender: of refused recipients, and of a success beyond DSN's reach."""
    with env.receiver("--domain", "plain.example", "--domain", "client.example") as receiver:
        relay = exim(env, receiver.port, plain=())
        relay.give([messages.HEAD], ["b@plain.example", "c@elsewhere.example"])
        first, bounce = arrived(receiver, 2)
        relayed(first, messages.HEAD)
        reported(bounce, b"failed", b"c@elsewhere.example", b"550 5.7.1 Relaying denied")
        # The next hop does not know DSN, so this is as far as a promise goes (RFC 3461 5.2.2).
        relay.give([messages.HEAD], ["b@plain.example"], to_each=["NOTIFY=SUCCESS"])
        report, = (one for one in arrived(receiver, 2) if one.return_path == b"<>")
        # Its Action is another, but it says so in words.
        reported(report, b"delivered", b"b@plain.example", b"(relayed to non-DSN-aware mailer)")


@test()
def utf8(env):
    """Addresses in UTF-8 (RFC 6531)."""
    sender, recipient = "jörg@bücher.example", "пётр@сервер.example"
    message = "Subject: Grüße\r\n\r\ntext\r\n".encode()
    with env.receiver() as receiver:
        relay = exim(env, receiver.port, plain=())
        relay.give([message], [recipient], sender, ["SMTPUTF8", "BODY=8BITMIME"])
        (stored,) = arrived(receiver)
        relayed(stored, message)
        check_trace(stored, b"UTF8SMTP", sender=f"<{sender}>".encode(),
                    recipients=(recipient.encode(),))


@test()
def lmtp(env):
    """LMTP by the same transport, with BDAT: a reply for each recipient at its last chunk."""
    with env.receiver("--lmtp", "--domain", "lmtp.example", "--domain",
                      "client.example") as receiver:
        relay = exim(env, receiver.port, lmtp=["protocol = lmtp"])
        to = [f"{letter}@lmtp.example" for letter in "bcd"]
        for name, message in every(("plain", "dots", "big")):
            relay.give([message], to)
            (stored,) = arrived(receiver)
            relayed(stored, message, name)
            check_trace(stored, b"LMTP", recipients=[one.encode() for one in to])
        relay.give([messages.HEAD], ["b@lmtp.example", "c@elsewhere.example"])
        first, bounce = arrived(receiver, 2)
        relayed(first, messages.HEAD)
        reported(bounce, b"failed", b"c@elsewhere.example")
