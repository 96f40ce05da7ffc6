# SPDX-License-Identifier: MIT
"""smtp-send to Postfix: smtpd, its queue, and its delivery to a Maildir."""
import pathlib

from jail import MAIL, OWNER, Jail
from kit import check, test
from scenarios import (LIMIT, MEMBERS, PASSWORD, USER, Peer, Stored, opened, papers, report,
                       run_steps)

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")

# Its mailboxes, its parameters and its services, in the formats of postconf(5) and master(5).
MAIN = """
compatibility_level = 3.6
myhostname = postfix.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = /var/log/postfix.log
# What it gets is not to be completed: no Date, no Message-Id, no From.
local_header_rewrite_clients =
virtual_mailbox_domains = server.example, client.example
virtual_mailbox_base = /{mail}
virtual_mailbox_maps = static:all/
virtual_mailbox_limit = 0
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
message_size_limit = {limit}
smtputf8_enable = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/server.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = server.example
smtpd_tls_auth_only = yes
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_sasl_authenticated,
    check_recipient_access regexp:/etc/postfix/recipients, reject
"""
RECIPIENTS = f"""
/^refused/ 550 5.1.1 No such mailbox
/^later@/ 450 4.2.1 Try again later
/^{MEMBERS}$/ 550 5.7.1 Only for members
/./ OK
"""
MASTER = """
{} inet n - n - - smtpd
{} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
{} inet n - n - - smtpd -o smtpd_discard_ehlo_keywords=size
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
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
          "private", "saved", "trace")
SASL = f"""
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: {" ".join(MECHANISMS)}
"""


def configured(env, certificates):
    """Its root, with everything but the ports."""
    jail = Jail(env, ["postfix", "libsasl2-modules", "libsasl2-modules-db", "sasl2-bin"],
                ["usr/sbin/postconf", "usr/sbin/saslpasswd2", "usr/lib/postfix/sbin/*",
                 "usr/lib/*/sasl2/*"], ["postfix", "postdrop"])
    jail.write("etc/server.pem", pathlib.Path(certificates.server).read_bytes(), 0o600)
    jail.write("etc/postfix/main.cf", MAIN.format(mail=MAIL, owner=jail.number(OWNER),
                                                  limit=LIMIT))
    jail.write("etc/postfix/recipients", RECIPIENTS)
    jail.write("etc/postfix/sasl/smtpd.conf", SASL)
    jail.call(["/usr/sbin/saslpasswd2", "-p", "-c", "-u", "server.example", USER],
              stdin=env.file("password", PASSWORD.encode()).open())
    jail.own("etc/sasldb2", "postfix")
    for name in QUEUES:
        jail.folder(f"var/spool/postfix/{name}", "postfix", 0o700)
    jail.folder("var/spool/postfix/pid")
    jail.folder("var/spool/postfix/public", "postfix", 0o710)
    jail.folder("var/spool/postfix/maildrop", "postfix", 0o730)
    jail.folder("var/lib/postfix", "postfix")
    return jail


def stored(jail):
    """Postfix puts four fields on top."""
    for _, octets in jail.stored():
        fields, content = opened(octets, "return-path", "x-original-to", "delivered-to",
                                 "received")
        yield Stored(content, fields["return-path"].strip("<>"), (fields["x-original-to"],))


@test(120)
def everything(env):
    certificates = papers(env)
    jail = configured(env, certificates)
    ports = jail.start(["/usr/lib/postfix/sbin/master", "-d"], lambda *ports: jail.write(
        "etc/postfix/master.cf", MASTER.format(*(f"127.0.0.1:{port}" for port in ports))), 3)
    version = jail.call(["/usr/sbin/postconf", "-h", "mail_version"]).strip()
    said = run_steps(Peer(
        env, f"Postfix {version}", ports[0], lambda: list(stored(jail)), certificates,
        implicit=ports[1], unsized=ports[2],
        extensions=("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "STARTTLS",
                    "AUTH"), mechanisms=MECHANISMS, split=True,
        # Where the first line is no header field, it ends the header.
        alters={"dot first": lambda content: b"\r\n" + content}, steps=(report,)))
    for word in ("improper command pipelining", "non-SMTP command", "warning: Illegal"):
        check(word not in jail.log("var/log/postfix.log"), f"Postfix logs {word}")
    return said
