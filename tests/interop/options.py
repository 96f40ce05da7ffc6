# SPDX-License-Identifier: MIT
"""Command lines that are wrong: status 64, one line on standard error, and nothing else."""
import subprocess

from kit import HOST, check, same, test

BOTH = (["--unknown"], ["--trace=yes"], ["-x"], ["word"], ["--"], [""], ["--timeout", "x"],
        ["--timeout", "0"], ["--timeout", "-1"], ["--timeout", "1.5"], ["--timeout", ""],
        ["--timeout", "99999999999999999999999"], ["--timeout", " 1"], ["--timeout", "0x10"],
        ["--timeout"], ["--lmtp=1"], ["--TRACE"], ["--trac"])
RECEIVE = (["--listen"], ["--listen", "nowhere"], ["--listen", ":"], ["--listen", "127.0.0.1:"],
           ["--listen", "::1:25"], ["--listen", "127.0.0.1:99999"], ["--listen", "127.0.0.1:x"],
           ["--listen", ":25"], ["--max-size", "1k"], ["--max-size", "-1"], ["--threads", "0"],
           ["--max-connections", "0"], ["--max-recipients", "4294967296"],
           ["--hostname", "not a name"], ["--hostname", "a..b"], ["--hostname", "a\r\nb"],
           ["--tls-key", "key.pem"], ["--implicit-tls"], ["--user", "nocolon"], ["--maildir"])
SEND = (["--server", "nowhere"], ["--server", ":25"], ["--server", "127.0.0.1:"],
        ["--server", "127.0.0.1:99999"], ["--tls", "maybe"], ["--tls", "REQUIRED"], ["--tls"],
        ["--count", "0"], ["--connections", "0"], ["--connections", "x"], ["--dsn-ret", "SOME"],
        ["--dsn-notify", "NEVER,SUCCESS"], ["--dsn-notify", "SOMETIMES"], ["--dsn-notify", ""],
        ["--dsn-notify", "SUCCESS,"], ["--ca", "x.pem", "--insecure"],
        ["--require-tls", "--tls", "none"], ["--to"], ["--mech", "NOTHING", "--user", "a"],
        ["--mech", "XOAUTH2", "--user", "a", "--password", "no token"])


def call(env, program, *arguments):
    """Runs it to its end, which a server that starts although it should not gets after a while."""
    command = [env.program(program), *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=5, cwd=env.folder)
    except subprocess.TimeoutExpired as late:
        return subprocess.CompletedProcess(command, "none, it runs", late.stdout or b"",
                                           late.stderr or b"")


def refused(env, program, usual, cases):
    """Tells of every case that is not refused as it should be, not of the first one only."""
    wrong = []
    for case in cases:
        done = call(env, program, *usual, *case)
        said = done.stderr.decode(errors="replace")
        one_line = said.endswith("\n") and said.count("\n") == 1 and len(said) > 10
        if done.returncode != 64 or not one_line or "\x1b" in said or done.stdout:
            wrong.append(f"{' '.join(case)!r}: status {done.returncode}, standard error {said!r}"
                         + (f", standard output {done.stdout!r}" if done.stdout else ""))
    check(not wrong, f"{program} {'; '.join(wrong)}")


@test()
def receive(env):
    usual = ["--listen", "127.0.0.1:0", "--maildir", "made"]
    refused(env, "smtp-receive", usual, [*BOTH, *RECEIVE])
    refused(env, "smtp-receive", [], [[]])  # nowhere to put a message


@test()
def send(env):
    usual = ["--server", "127.0.0.1:1", "--from", "a@client.example", "--to", "b@server.example"]
    refused(env, "smtp-send", usual, [*BOTH, *SEND])
    refused(env, "smtp-send", [], [[], usual[2:4], usual[4:]])


@test()
def control_characters(env):
    """A word that is shown does not command the terminal, nor make a second line."""
    for program in ("smtp-receive", "smtp-send"):
        refused(env, program, [], [["\x1b[31m\n--trace"]])


@test()
def help_and_version(env):
    for program in ("smtp-receive", "smtp-send"):
        for option in ("--help", "--version"):
            done = call(env, program, option)
            same((done.returncode, done.stderr), (0, b""), f"{program} {option}")
            check(program.encode() in done.stdout, f"{program} {option} says {done.stdout[:80]!r}")


@test()
def files(env):
    """Files that are not there, or not what they should be: told in one line, and not 0."""
    nothing, folder = env.path("nothing"), env.file("file", b"no certificate\n")
    for case in (["--maildir", folder], ["--maildir", nothing / "x"],
                 ["--maildir", nothing, "--tls-cert", nothing / "c", "--tls-key", nothing / "k"],
                 ["--maildir", nothing, "--tls-cert", folder, "--tls-key", folder]):
        done = call(env, "smtp-receive", "--listen", f"{HOST}:0", *map(str, case))
        check(done.returncode in range(64, 79), f"{case}: status {done.returncode}")
        same((done.stdout, done.stderr.count(b"\n")), (b"", 1), f"{case}: what it wrote")
    with env.receiver() as receiver:
        done = call(env, "smtp-receive", "--listen", f"{HOST}:{receiver.port}", "--discard")
        check(done.returncode in range(65, 79), f"a port that is taken: status {done.returncode}")
        same((done.stdout, done.stderr.count(b"\n")), (b"", 1), "a port that is taken")
