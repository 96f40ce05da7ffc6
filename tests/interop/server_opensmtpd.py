# SPDX-License-Identifier: MIT
"""smtp-send to OpenSMTPD: smtpd, its queue, and its delivery to a Maildir."""
import pathlib
import re
import smtplib

from jail import MAIL, OWNER, Jail, fill
from kit import NAME, same, test
from receive import smtplib_client
from scenarios import (LIMIT, MEMBERS, PASSWORD, USER, Peer, Stored, opened, papers, report,
                       run_steps)

# In the format of smtpd.conf(5). One of its ports knows nothing of TLS.
CONFIGURATION = """
pki @NAME@ cert "/etc/server.pem"
pki @NAME@ key "/etc/server.pem"
table people { "@" = "@OWNER@" }
table words { "@USER@" = "@HASH@" }
smtp max-message-size "@LIMIT@"
filter refused phase rcpt-to match rcpt-to regex { "^refused" } reject "550 5.1.1 No such mailbox"
filter later phase rcpt-to match rcpt-to regex { "^later@" } reject "450 4.2.1 Try again later"
listen on 127.0.0.1 port @PORT@ tls pki @NAME@ auth-optional <words> hostname opensmtpd.example \\
    filter { refused later }
listen on 127.0.0.1 port @IMPLICIT@ smtps pki @NAME@ hostname opensmtpd.example \\
    filter { refused later }
listen on 127.0.0.1 port @CLEAR@ hostname opensmtpd.example filter { refused later }
action store maildir "/@MAIL@/all" virtual <people> user @OWNER@
match auth from any for rcpt-to "@MEMBERS@" action store
match from any for rcpt-to "@MEMBERS@" reject
match from any for domain { "server.example" "client.example" } action store
"""


# What it adds to a header that has none, below what is there.
ADDED = re.compile(rb"^(Date: [^\r]*\r\n)?Message-ID: <[0-9a-f]{16}@opensmtpd\.example>\r\n",
                   re.MULTILINE)


def stored(jail):
    """OpenSMTPD puts three fields on top, or two where the reverse-path is null."""
    for _, octets in jail.stored():
        null = not octets.startswith(b"Return-Path:")
        fields, content = opened(octets, *["return-path"][null:], "delivered-to", "received")
        content, added = ADDED.subn(b"", content)
        same(added, 1, "Message-ID that OpenSMTPD adds")
        yield Stored(content, fields.get("return-path", "").strip("<>"),
                     (fields["delivered-to"],))


def notification(peer):
    """As from others, but it forgets what the sender calls the message."""
    report(peer, identified=False)


def has_tls(port, authority):
    """Whether others can speak TLS with it: before 7.3 it cannot with OpenSSL 3."""
    try:
        smtplib_client(port, authority).quit()
        return True
    except (OSError, smtplib.SMTPException):
        return False


@test(120)
def everything(env):
    certificates = papers(env)
    jail = Jail(env, ["opensmtpd"], ["usr/sbin/*", "usr/libexec/opensmtpd/*"],
                ["opensmtpd", "opensmtpq"])
    jail.write("etc/server.pem", pathlib.Path(certificates.server).read_bytes(), 0o600)
    # Since 7.0 it does not start without.
    jail.write("etc/ssl/certs/ca-certificates.crt",
               pathlib.Path(certificates.authority).read_bytes())
    (jail.root / "var/run").symlink_to("../run")
    jail.folder("var/spool/smtpd", mode=0o711)
    jail.own("usr/sbin/smtpctl", "opensmtpq", 0o2755)
    words = jail.call(["/usr/sbin/smtpctl", "encrypt", PASSWORD]).strip()
    port, implicit, clear = jail.start(
        ["/usr/sbin/smtpd", "-d"], lambda *ports: jail.write("etc/smtpd.conf", fill(
            CONFIGURATION, **dict(zip(("PORT", "IMPLICIT", "CLEAR"), ports)), NAME=NAME,
            OWNER=OWNER, USER=USER, HASH=words, LIMIT=LIMIT, MAIL=MAIL, MEMBERS=MEMBERS)), 3)
    name = re.search(r"OpenSMTPD \S+", jail.log("var/log/server.log"))[0]
    peer = Peer(env, name, clear, lambda: list(stored(jail)), certificates, split=True,
                extensions=("SIZE", "8BITMIME", "DSN"), refuses=("dot first",),
                steps=(notification,))
    if has_tls(port, certificates.authority):
        peer.port, peer.implicit = port, implicit
        peer.extensions += ("STARTTLS", "AUTH")
        peer.mechanisms = ("PLAIN", "LOGIN")
    else:
        peer.out.append("its TLS fails with others, too")
    return run_steps(peer)
