# SPDX-License-Identifier: MIT
"""AUTH between the two programs and with others, by each mechanism, with and without TLS."""
import base64
import hashlib
import hmac
import smtplib
import ssl

import messages
import scripted
from kit import HOST, aiosmtpd, check, same, test, tool
from receive import RECIPIENT, SENDER, check_trace, smtplib_client, swaks
from send import kept, sent
from wire import Client

USER, PASSWORD, WRONG = "ann", "a long, =word= of hers", "another word"
AWAY = "c@elsewhere.example"  # only for who has authenticated
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
BINDING = ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS")
MSMTP = {"PLAIN": "plain", "LOGIN": "login", "CRAM-MD5": "cram-md5", "SCRAM-SHA-1": "scram-sha-1",
         "SCRAM-SHA-256": "scram-sha-256", "SCRAM-SHA-1-PLUS": "scram-sha-1-plus",
         "SCRAM-SHA-256-PLUS": "scram-sha-256-plus"}


def submission(env, *options):
    """A smtp-receive that has TLS and users."""
    pem = env.certificate()
    return env.receiver("--domain", "server.example", "--tls-cert", pem, "--tls-key", pem,
                        "--user", f"{USER}:{PASSWORD}", "--user", "bob:b", *options)


def in_clear(env):
    return env.receiver("--domain", "server.example", "--user", f"{USER}:{PASSWORD}",
                        "--auth-without-tls")


def send(env, port, *options, password=PASSWORD):
    """smtp-send to the domain that is not the server's own."""
    return env.send(port, messages.HEAD, "--user", USER, "--password", password, *options,
                    to=(AWAY,))


def took(receiver, protocol=b"ESMTPSA", message=messages.HEAD):
    (stored,) = receiver.take()
    same(stored.content, message, "content")
    check_trace(stored, protocol, recipients=(AWAY.encode(),))


def refused(result, what):
    check(result.status == 77, f"{what}: smtp-send ended with status {result.status}: "
          f"{' | '.join(result.errors)}")


# --- smtp-send to smtp-receive ------------------------------------------------------------------

@test()
def each_mechanism(env):
    """Under TLS, with the right password and a wrong one."""
    with submission(env) as receiver:
        tls = ("--tls", "required", "--ca", env.certificate())
        for mechanism in ((), *(("--mech", name) for name in MECHANISMS + BINDING)):
            sent(send(env, receiver.port, *tls, *mechanism), str(mechanism))
            took(receiver)
            refused(send(env, receiver.port, *tls, *mechanism, password=WRONG), str(mechanism))
            receiver.take(0)


@test()
def each_mechanism_in_clear(env):
    """Passwords go in the clear only when both sides are told to."""
    with in_clear(env) as receiver:
        for name in MECHANISMS:
            options = ("--tls", "none", "--mech", name)
            sent(send(env, receiver.port, *options, "--auth-without-tls"), name)
            took(receiver, b"ESMTPA")
        for name in ("PLAIN", "LOGIN", *BINDING):
            refused(send(env, receiver.port, "--tls", "none", "--mech", name), name)
        receiver.take(0)


@test()
def not_offered(env):
    """A mechanism that the server does not have, or AUTH that it does not offer."""
    with submission(env) as receiver:
        tls = ("--tls", "required", "--ca", env.certificate())
        for name in ("XOAUTH2", "OAUTHBEARER", "EXTERNAL"):
            refused(send(env, receiver.port, *tls, "--mech", name, password="a.token"), name)
        refused(send(env, receiver.port, "--tls", "none", "--auth-without-tls"), "in the clear")
        receiver.take(0)
    with env.receiver() as receiver:
        refused(send(env, receiver.port), "no AUTH")
        receiver.take(0)


@test()
def relaying(env):
    """Other domains are for who has authenticated; EHLO again does not change that."""
    with in_clear(env) as receiver, Client(receiver.port) as client:
        client.hello()
        client.ask(b"MAIL FROM:<a@client.example>")
        client.write(b"RCPT TO:<%s>\r\nRSET\r\n" % AWAY.encode())
        same(client.replies(2), [550, 250], "RCPT without AUTH, RSET")
        plain = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode())
        other = base64.b64encode(f"bob\0{USER}\0{PASSWORD}".encode())
        client.write(b"AUTH PLAIN %s\r\nAUTH PLAIN %s\r\n" % (other, plain))
        same(client.replies(2), [535, 235], "AUTH as somebody else, AUTH")
        client.write(b"EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n"
                     b"RCPT TO:<%s>\r\nQUIT\r\n" % AWAY.encode())
        same(client.replies(4), [250, 250, 250, 221], "RCPT after AUTH")


@test()
def too_many_failures(env):
    """Three wrong passwords, and the fourth ends the connection (RFC 4954 9)."""
    with in_clear(env) as receiver, Client(receiver.port) as client:
        client.hello()
        wrong = base64.b64encode(f"\0{USER}\0{WRONG}".encode())
        client.write(b"AUTH PLAIN %s\r\n" % wrong * 4)
        same(client.replies(4), [535, 535, 535, 421], "replies to wrong passwords")


@test()
def refusals(env):
    """What the server answers to AUTH decides about the next mechanism and the exit status."""
    offer = b"250-scripted.example\r\n250 AUTH PLAIN LOGIN\r\n"
    for replies, status, verbs in (([b"454 4.7.0 later\r\n"], 75, 1),
                                   ([b"432 4.7.12 change it\r\n"], 75, 1),
                                   ([b"421 4.3.2 bye\r\n"], 75, 1),
                                   ([b"535 5.7.8 no\r\n"], 77, 1),
                                   ([b"538 5.7.11 no TLS\r\n"], 77, 1),
                                   ([b"504 5.5.4 not this\r\n", b"535 5.7.8 no\r\n"], 77, 2),
                                   ([b"534 5.7.9 weak\r\n", b"454 4.7.0 later\r\n"], 75, 2),
                                   ([b"534 5.7.9 weak\r\n"], 77, 2)):
        with scripted.Server(EHLO=offer, AUTH=list(replies)) as server:
            result = send(env, server.port, "--tls", "none", "--auth-without-tls")
            said = f"{replies}: {result.errors}"
            same(result.status, status, said)
            same(server.verbs().count("AUTH"), verbs, f"{said}: AUTH commands")
            check(server.contents == [] and "MAIL" not in server.verbs(), f"{said}: went on")
            check(any(replies[-1].decode()[:3] in line for line in result.errors), said)
    for offer in (b"250 scripted.example\r\n", b"250-scripted.example\r\n250 AUTH GSSAPI\r\n"):
        with scripted.Server(EHLO=offer) as server:
            result = send(env, server.port, "--tls", "none", "--auth-without-tls")
            same(result.status, 77, f"{offer}: {result.errors}")
            check(not any("(250" in line for line in result.errors), f"{offer}: {result.errors}")


@test()
def password_not_in_trace(env):
    """--trace of the client shows neither the password nor its base64."""
    with submission(env) as receiver:
        for name in MECHANISMS:
            result = send(env, receiver.port, "--tls", "required", "--ca", env.certificate(),
                          "--mech", name, "--trace")
            shown = "\n".join(result.errors)
            check(result.status == 0 and f"AUTH {name}" in shown, f"{name}: {shown}")
            for secret in (PASSWORD.encode(), f"\0{USER}\0{PASSWORD}".encode()):
                check(base64.b64encode(secret).decode() not in shown, f"{name} shows a secret")
        receiver.take(len(MECHANISMS))


# --- other clients to smtp-receive --------------------------------------------------------------

@test()
def swaks_starttls(env):
    message = messages.canonical(messages.PLAIN["plain"])
    with submission(env) as receiver:
        for name in ("PLAIN", "LOGIN", "CRAM-MD5"):
            options = ("--tls", "--auth", name, "--auth-user", USER, "--auth-password")
            swaks(env, *options, PASSWORD, recipients=(AWAY,))(receiver.port, message)
            took(receiver, message=message)
            swaks(env, *options, WRONG, recipients=(AWAY,), status=28)(receiver.port, message)
            receiver.take(0)


@test()
def smtplib_starttls(env):
    with submission(env) as receiver:
        for name in ("PLAIN", "LOGIN", "CRAM-MD5"):
            with smtplib_client(receiver.port, env.certificate()) as client:
                client.ehlo()
                method = getattr(client, "auth_" + name.lower().replace("-", "_"))
                client.user, client.password = USER, WRONG
                try:
                    client.auth(name, method)
                    check(False, f"{name}: a wrong password is accepted")
                except smtplib.SMTPAuthenticationError as error:
                    same(error.smtp_code, 535, f"{name}: code for a wrong password")
                client.password = PASSWORD
                client.auth(name, method)
                client.sendmail(SENDER, (AWAY,), messages.HEAD)
                took(receiver)


@test()
def smtplib_login_asked(env):
    """LOGIN with the name in answer to the prompt: smtplib gives it before, unless told."""
    with submission(env) as receiver, smtplib_client(receiver.port, env.certificate()) as client:
        client.ehlo()
        client.user, client.password = USER, PASSWORD
        client.auth("LOGIN", client.auth_login, initial_response_ok=False)
        client.sendmail(SENDER, (AWAY,), messages.HEAD)
        took(receiver)


@test()
def smtplib_best(env):
    """What it takes by itself."""
    with submission(env) as receiver, smtplib_client(receiver.port, env.certificate()) as client:
        client.login(USER, PASSWORD)
        client.sendmail(SENDER, (RECIPIENT,), messages.HEAD)
        check_trace(receiver.take()[0], b"ESMTPSA")


@test()
def msmtp(env):
    """Mechanisms of GNU SASL, as far as the package has them."""
    program, pem = tool("msmtp"), env.certificate()
    _, said = env.call([program, "--version"])
    known = said.partition("authentication methods:")[2].lstrip().partition("\n")[0].split()
    names = [name for name in MSMTP if MSMTP[name] in known]
    check("PLAIN" in names, f"mechanisms of msmtp: {said}")
    with submission(env) as receiver:
        for name in names:
            for password, wanted in ((PASSWORD, 0), (WRONG, 77)):
                status, said = env.call(
                    [program, "--file=/dev/null", f"--host={HOST}", f"--port={receiver.port}",
                     "--tls=on", "--tls-starttls=on", f"--tls-trust-file={pem}",
                     f"--auth={MSMTP[name]}", f"--user={USER}",
                     f"--passwordeval=printf %s '{password}'", "--domain=client.example",
                     f"--from={SENDER}", "--", AWAY],
                    stdin=env.file("msmtp", messages.HEAD).open("rb"))
                same(status, wanted, f"status of msmtp with {name}: {said}")
                receiver.take(1 - bool(wanted))
    return " ".join(names)


# --- smtp-send to another server ----------------------------------------------------------------

@test()
def aiosmtpd_starttls(env):
    pem = env.certificate()
    port, folder = aiosmtpd(env, "--tls", pem, "--user", f"{USER}:{PASSWORD}")
    for number, name in enumerate(("PLAIN", "LOGIN"), 1):
        options = ("--tls", "required", "--ca", pem, "--mech", name)
        sent(send(env, port, *options), name)
        content, envelope = kept(folder, number)
        same(content, messages.HEAD, "content")
        same(envelope["user"], USER, "who aiosmtpd takes the client for")
        refused(send(env, port, *options, password=WRONG), name)


# --- by hand, what no peer can ------------------------------------------------------------------

def scram_plus(client, data, password):
    """SCRAM-SHA-256-PLUS bound to the server's certificate (RFC 5802 3, RFC 5929 4)."""
    def ask(text):
        client.write(base64.b64encode(text.encode()) + b"\r\n")
        return client.reply()

    def mac(key, text):
        return hmac.digest(key, text, "sha256")

    header, bare = "p=tls-server-end-point,,", f"n={USER},r=abcdefgh"
    client.ask(b"AUTH SCRAM-SHA-256-PLUS", 334)
    (challenge,) = ask(header + bare)
    same(client.code, 334, "reply to the first message")
    server = base64.b64decode(challenge).decode()
    values = dict(part.split("=", 1) for part in server.split(","))
    final = f"c={base64.b64encode(header.encode() + data).decode()},r={values['r']}"
    signed = f"{bare},{server},{final}".encode()
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(values["s"]),
                                 int(values["i"]))
    key = mac(salted, b"Client Key")
    proof = bytes(a ^ b for a, b in zip(key, mac(hashlib.sha256(key).digest(), signed)))
    (challenge,) = ask(f"{final},p={base64.b64encode(proof).decode()}")
    if client.code != 334:
        return client.code
    same(base64.b64decode(challenge), b"v=" + base64.b64encode(
        mac(mac(salted, b"Server Key"), signed)), "signature of the server")
    ask("")
    return client.code


@test()
def channel_binding(env):
    """The binding of the certificate is as RFC 5929 has it, and no other is taken."""
    pem = env.certificate()
    right = hashlib.sha256(ssl.PEM_cert_to_DER_cert(
        "-----BEGIN CERTIFICATE" + pem.read_text().partition("-----BEGIN CERTIFICATE")[2])).digest()
    with submission(env) as receiver, Client(receiver.port) as client:
        client.hello()
        client.ask(b"STARTTLS", 220)
        client.start_tls(pem)
        client.hello()
        same(scram_plus(client, bytes(32), PASSWORD), 535, "reply to another binding")
        same(scram_plus(client, right, WRONG), 535, "reply to a wrong password")
        same(scram_plus(client, right, PASSWORD), 235, "reply to the right one")
        client.quit()
