# SPDX-License-Identifier: MIT
"""A Maildir as smtp-receive fills it: what stands in it, and the trace fields of a message."""
import pathlib
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


@dataclass
class Stored:
    """A message of new/, taken apart."""
    file: pathlib.Path
    return_path: bytes  # with its brackets
    delivered_to: list
    received: bytes     # unfolded, without its name
    lines: list         # of the Received field, as they are folded
    content: bytes      # what the client sent


class Broken(Exception):
    """A file that is not what smtp-receive promises."""


def field(octets, name, file):
    """Takes the field with this name off the front. Returns its lines and the rest."""
    if not octets.startswith(name + b": "):
        raise Broken(f"{file.name}: {name.decode()} wanted, got {octets[:60]!r}")
    match = re.match(rb"[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", octets)
    if match is None:
        raise Broken(f"{file.name}: {name.decode()} has no CRLF: {octets[:80]!r}")
    lines = match.group()[len(name) + 2:].split(b"\r\n")[:-1]
    return lines, octets[match.end():]


def parse(file, octets):
    (return_path,), rest = field(octets, b"Return-Path", file)
    recipients = []
    while rest.startswith(b"Delivered-To: "):
        (recipient,), rest = field(rest, b"Delivered-To", file)
        recipients.append(recipient)
    lines, rest = field(rest, b"Received", file)
    return Stored(file, return_path, recipients, b"".join(lines), lines, rest)


def names(folder, part):
    try:
        return sorted((pathlib.Path(folder) / part).iterdir(),
                      key=lambda file: [int(number) for number in re.findall(r"\d+", file.name)])
    except FileNotFoundError:
        return []


def read(folder, known=()):
    """The messages in new/, by time; files whose names are known already are left out."""
    return [parse(file, file.read_bytes()) for file in names(folder, "new")
            if file.name not in known]


def unfinished(folder):
    return [file.name for file in names(folder, "tmp")]


RECEIVED = re.compile(
    rb"from\s+(?P<hello>\S+)\s+\((?P<peer>[^()]*)\)\s+by\s+(?P<by>\S+)\s+with\s+(?P<with>\S+)"
    rb"(?P<tls>\s+\([^()]*\))?\s+id\s+(?P<id>[^\s;]+)(?:\s+for\s+<(?P<for>[^>]+)>)?"
    rb"(?:\s+tls\s+(?P<cipher>[^\s;]+))?;\s*(?P<date>.+)")


def trace_complaints(stored, hello, by, protocol, now):
    """What is wrong with a Received field (RFC 5321 4.4, RFC 3848), as a list."""
    match = RECEIVED.fullmatch(stored.received)
    if match is None:
        return [f"Received: {stored.received!r}"]
    wrong = [f"{name} {match[name]!r}, wanted {value!r}"
             for name, value in (("hello", hello), ("by", by), ("with", protocol))
             if match[name] != value]
    if b"[127.0.0.1]" not in match["peer"]:
        wrong.append(f"peer {match['peer']!r}")
    if (match["tls"] is not None) != protocol.endswith((b"TPS", b"TPSA")):
        wrong.append(f"with {match['with']!r} and TLS comment {match['tls']!r}")
    alone = stored.delivered_to[0] if len(stored.delivered_to) == 1 else None
    if match["for"] not in (alone, None) or (alone and b"@" in alone and match["for"] is None):
        wrong.append(f"for {match['for']!r}, recipients {stored.delivered_to!r}")
    if max(map(len, [b"Received: " + stored.lines[0], *stored.lines[1:]])) > 78:
        wrong.append(f"a line of more than 78 columns: {stored.lines!r}")
    if len(stored.lines) < 2:
        wrong.append("it is not folded")
    stamp = parsedate_to_datetime(match["date"].decode())
    if stamp.tzinfo is None or abs(stamp.timestamp() - now) > 60:
        wrong.append(f"date {match['date']!r}")
    return wrong
