# SPDX-License-Identifier: MIT
"""smtp-send to Exim: its daemon, and its delivery to a Maildir."""
import pathlib

from jail import MAIL, OWNER, Jail, fill
from kit import check, test
from scenarios import (LIMIT, MEMBERS, PASSWORD, USER, Peer, Stored, opened, papers, report,
                       run_steps)

# As in chapter 6 of Exim's specification. Its plaintext driver also stands in for the mechanisms
# with tokens, which are one message each.
CONFIGURATION = r"""
primary_hostname = exim.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = <, @PORT@, @IMPLICIT@
tls_on_connect_ports = @IMPLICIT@
daemon_startup_retries = 0
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%s
log_selector = +smtp_protocol_error +smtp_syntax_error
tls_certificate = /etc/server.pem
tls_privatekey = /etc/server.pem
tls_advertise_hosts = *
chunking_advertise_hosts = *
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
auth_advertise_hosts = ${if def:tls_in_cipher {*}}
message_size_limit = @LIMIT@
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = rcpt

begin acl
rcpt:
  deny    local_parts = ^refused
          message = No such mailbox
  defer   local_parts = later
          message = Try again later
  deny    recipients = @MEMBERS@
          !authenticated = *
          message = Only for members
  accept

begin routers
all:
  driver = accept
  transport = store

begin transports
store:
  driver = appendfile
  maildir_format
  directory = /@MAIL@/all
  user = @OWNER@
  return_path_add
  envelope_to_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and {{eq {$auth2}{@USER@}} {eq {$auth3}{@PASSWORD@}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${if and {{eq {$auth1}{@USER@}} {eq {$auth2}{@PASSWORD@}}}}
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${if eq {$auth1}{@USER@} {@PASSWORD@} fail}
external:
  driver = external
  public_name = EXTERNAL
  server_condition = ${if eq {$auth1}{@USER@}}
xoauth2:
  driver = plaintext
  public_name = XOAUTH2
  server_prompts = :
  server_condition = ${if eq {$auth1}{user=@USER@\001auth=Bearer @PASSWORD@\001\001}}
oauthbearer:
  driver = plaintext
  public_name = OAUTHBEARER
  server_prompts = :
  server_condition = ${if eq {$auth1} \
      {n,a=@USER@,\001host=127.0.0.1\001port=@PORT@\001auth=Bearer @PASSWORD@\001\001}}
"""
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "EXTERNAL", "XOAUTH2", "OAUTHBEARER")


def stored(jail):
    """Exim puts three fields on top."""
    for _, octets in jail.stored():
        fields, content = opened(octets, "return-path", "envelope-to", "received")
        yield Stored(content, fields["return-path"].strip("<>"), (fields["envelope-to"],))


@test(120)
def everything(env):
    certificates = papers(env)
    jail = Jail(env, ["exim4-daemon-heavy"], ["usr/sbin/exim4"], ["Debian-exim"])
    jail.write("etc/server.pem", pathlib.Path(certificates.server).read_bytes())
    jail.folder("var/log/exim4", "Debian-exim")
    jail.folder("var/spool/exim4", "Debian-exim")
    ports = jail.start(["/usr/sbin/exim4", "-bdf"], lambda port, implicit: jail.write(
        "etc/exim4/exim4.conf", fill(
            CONFIGURATION, PORT=port, IMPLICIT=implicit, LIMIT=LIMIT, MAIL=MAIL, OWNER=OWNER,
            MEMBERS=MEMBERS, USER=USER, PASSWORD=PASSWORD)), 2)
    version = jail.call(["/usr/sbin/exim4", "-bV"]).split()[2]
    said = run_steps(Peer(
        env, f"Exim {version}", ports[0], lambda: list(stored(jail)), certificates,
        implicit=ports[1],
        extensions=("SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "STARTTLS",
                    "AUTH"), mechanisms=MECHANISMS, split=True, steps=(report,),
        # A blank line ends the header, also where there is none.
        alters=dict.fromkeys(("dot first", "empty"), lambda content: b"\r\n" + content)))
    for word in ("protocol synchronization error", "syntax error", "SMTP protocol error"):
        check(word not in jail.log("var/log/exim4/main"), f"Exim logs {word}")
    return said
