# SPDX-License-Identifier: MIT
"""smtp-send to Dovecot's submission service, whose SASL is its own: each mechanism that it has, with
what is right and with what is not."""
import messages
from auth import PASSWORD, USER, WRONG, refused
from jail import Jail, fill
from kit import Skip, check, same, test
from scenarios import opened
from send import sent

STORED, ACCENTED = "bob", "zoë"  # who is known by keys of SCRAM only; whose password is not ASCII
WORDS = "motörhead ½"
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
BY_KEYS = ("PLAIN", "LOGIN", "SCRAM-SHA-256")
TO = "c@elsewhere.example"

# In the format of Dovecot's 2.3 doc/example-config. Wrong passwords are answered at once.
CONFIGURATION = """
protocols = submission
hostname = dovecot.example
log_path = /var/log/dovecot.log
ssl = yes
ssl_cert = </etc/server.pem
ssl_key = </etc/server.pem
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_failure_delay = 0
auth_username_chars =
mail_location = maildir:/var/mail/%u
mail_uid = vmail
mail_gid = vmail
first_valid_uid = 1
submission_relay_host = 127.0.0.1
submission_relay_port = @RELAY@
submission_relay_trusted = no
passdb {
  driver = passwd-file
  args = username_format=%u /etc/users
}
userdb {
  driver = static
  args = uid=vmail gid=vmail home=/var/mail/%u
}
service submission-login {
  inet_listener submission {
    address = 127.0.0.1
    port = @PORT@
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
"""


def submission(env, relay):
    """Starts Dovecot. Returns its version and its port."""
    jail = Jail(env, ["dovecot-submissiond"],
                ["usr/sbin/dovecot", "usr/bin/doveadm", "usr/lib/dovecot/*"],
                ["dovecot", "dovenull"])
    jail.write("etc/server.pem", env.certificate().read_bytes(), 0o600)
    jail.folder("run/dovecot")
    jail.folder("var/lib/dovecot")
    version = jail.call(["/usr/sbin/dovecot", "--version"]).split()[0]
    if not version.startswith("2.3."):
        raise Skip(f"peer dovecot-submissiond is {version}, which is configured in another way")
    jail.write("etc/dovecot/dovecot.conf", "")
    keys = jail.call(["/usr/bin/doveadm", "pw", "-s", "SCRAM-SHA-256", "-p", PASSWORD]).strip()
    check(keys.startswith("{SCRAM-SHA-256}"), f"doveadm pw: {keys}")
    jail.write("etc/users", f"{USER}:{{PLAIN}}{PASSWORD}::::::\n{STORED}:{keys}::::::\n"
                            f"{ACCENTED}:{{PLAIN}}{WORDS}::::::\n")
    port, = jail.start(["/usr/sbin/dovecot", "-F"], lambda port: jail.write(
        "etc/dovecot/dovecot.conf", fill(CONFIGURATION, PORT=port, RELAY=relay)))
    return version, port


def trial(env, port, user, password, *options):
    return env.send(port, messages.HEAD, "--tls", "required", "--ca", env.certificate(),
                    "--timeout", "10", "--user", user, "--password", password, *options, to=(TO,))


@test(120)
def each_mechanism(env):
    with env.receiver("--domain", "elsewhere.example") as relay:
        version, port = submission(env, relay.port)

        def took(what):
            (stored,) = relay.take()
            _, content = opened(stored.content, "received")
            same(content, messages.HEAD, f"{what}: content")

        for user, password, names in ((USER, PASSWORD, ("", *MECHANISMS)),
                                      (STORED, PASSWORD, BY_KEYS), (ACCENTED, WORDS, MECHANISMS)):
            for name in names:
                options, what = (("--mech", name) if name else ()), f"{user} by {name or 'the best'}"
                result = trial(env, port, user, password, *options, "--trace")
                check(result.status == 0, f"{what}: smtp-send ended with status {result.status}: "
                                          f"{' | '.join(result.errors)}")
                check(any(f"AUTH {name or 'SCRAM-SHA-256'}" in line for line in result.errors),
                      f"{what}: another mechanism was used")
                took(what)
                refused(trial(env, port, user, WRONG, *options), what)
        for name in MECHANISMS:
            refused(trial(env, port, "nobody", PASSWORD, "--mech", name), f"nobody by {name}")
        relay.take(0)
        sent(trial(env, port, USER, PASSWORD), "after all that")
        took("after all that")
    return f"Dovecot {version}: {' '.join(MECHANISMS)}"
