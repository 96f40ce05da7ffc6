# SPDX-License-Identifier: MIT
"""smtp-send to Dovecot by LMTP (RFC 2033), which delivers before it answers."""
import pathlib

from jail import MAIL, OWNER, Jail, fill
from kit import Skip, test
from scenarios import BOTH, FULL, LATER, Peer, Stored, opened, papers, run_steps

# In the format of Dovecot's 2.3 doc/example-config. Mailboxes are the names in etc/users.
CONFIGURATION = """
protocols = lmtp
hostname = dovecot.example
log_path = /var/log/dovecot.log
ssl = yes
ssl_cert = </etc/server.pem
ssl_key = </etc/server.pem
mail_location = maildir:/@MAIL@/%u
mail_plugins = quota
plugin {
  quota = maildir:the quota
}
mail_uid = @OWNER@
mail_gid = @OWNER@
first_valid_uid = 1
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = passwd-file
  args = username_format=%u /etc/users
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = @PORT@
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
"""
# In the format of its passwd-file: one whose mailbox is full, and one who is not to be found now.
USERS = "".join(f"{name}:::::::{more}\n" for name, more in (
    (BOTH[0], ""), (BOTH[1], ""), (FULL, "userdb_quota_rule=*:bytes=10"),
    (LATER, "userdb_tempfail=yes")))


def stored(jail):
    """Dovecot puts three fields on top, or two where there are several recipients."""
    for mailbox, octets in jail.stored():
        one = b"\r\nDelivered-To:" in octets.partition(b"\r\nReceived:")[0]
        fields, content = opened(octets, "return-path", *["delivered-to"][:one], "received")
        yield Stored(content, fields["return-path"].strip("<>"), (mailbox,))


@test(120)
def everything(env):
    certificates = papers(env)
    jail = Jail(env, ["dovecot-lmtpd"], ["usr/sbin/dovecot", "usr/lib/dovecot/*"],
                ["dovecot", "dovenull"])
    jail.write("etc/server.pem", pathlib.Path(certificates.server).read_bytes(), 0o600)
    jail.write("etc/users", USERS)
    jail.folder("run/dovecot")
    jail.folder("var/lib/dovecot")
    version = jail.call(["/usr/sbin/dovecot", "--version"]).split()[0]
    if not version.startswith("2.3."):
        raise Skip(f"peer dovecot-lmtpd is {version}, which is configured in another way than 2.3")
    port, = jail.start(["/usr/sbin/dovecot", "-F"], lambda port: jail.write(
        "etc/dovecot/dovecot.conf",
        fill(CONFIGURATION, PORT=port, MAIL=MAIL, OWNER=jail.number(OWNER))))
    return run_steps(Peer(
        env, f"Dovecot {version}", port, lambda: list(stored(jail)), certificates, lmtp=True,
        split=True, extensions=("PIPELINING", "8BITMIME", "CHUNKING", "STARTTLS")))
