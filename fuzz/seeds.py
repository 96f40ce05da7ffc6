#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first inputs of the fuzz targets to fuzz/corpus: fuzz/seeds.py

They come out of the conversations in tests/transcripts. An input is an octet that says how many choices follow, the
choices, and text (support.h)."""
import hashlib
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRANSCRIPTS = HERE.parent / "tests" / "transcripts"
CORPUS = HERE / "corpus"

ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", "#": b"0"}


def decode(written):
    """The octets of a line, without its CRLF, and whether one follows."""
    octets, at = b"", 0
    while at < len(written):
        if written[at] != "\\":
            octets += written[at].encode()
            at += 1
        elif at + 1 == len(written):
            return octets, False
        elif repeat := re.match(r"\\\{(\d+)\*(.*?)\}", written[at:]):
            octets += min(int(repeat[1]), 700) * decode(repeat[2])[0]
            at += repeat.end()
        elif code := re.match(r"\\x([0-9a-fA-F]{2})", written[at:]):
            octets += bytes([int(code[1], 16)])
            at += 4
        else:
            octets += ESCAPES.get(written[at + 1], b"")
            at += 2
    return octets, True


def conversations(path):
    """(what the client says, what the server says) of each heading, as lists of lines with their ends."""
    before, talks, inside, prefix = ([], []), [], False, False
    for line in path.read_text().splitlines():
        if line.startswith("## "):
            prefix = line == "## Before each"
            talks.append(([*before[0]], [*before[1]]))
        if line.startswith("```"):
            inside = not inside
        said = re.match(r"(C|S)(?:\*(\d+))?: (.*)$", line.strip())
        if said and talks and (inside or line.startswith("    ")):
            octets, ended = decode(said[3].removesuffix("...") if said[1] == "S" else said[3])
            side = 0 if said[1] == "C" else 1
            lines = min(int(said[2] or 1), 5) * [octets + (b"\r\n" if ended else b"")]
            talks[-1][side].extend(lines)
            if prefix:
                before[side].extend(lines)
    return [talk for talk in talks if talk[0] or talk[1]]


def write(name, octets, choices=b""):
    if name != "base":
        octets = bytes([len(choices)]) + choices + octets
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    if len(octets) <= 3000:
        (folder / ("seed-" + hashlib.sha256(octets).hexdigest()[:12])).write_bytes(octets)


def choose(items, count):
    """Some of them, evenly, and always the same."""
    items = sorted(set(items))
    return [items[i * len(items) // count] for i in range(min(count, len(items)))] if len(items) > count else items


def server_choices(flags=0, offer=0, mechanisms=None, answers=b"", absent=0, withhold=0, delay=0, store=0,
                   message_max=0, recipients_max=0, transactions_max=0):
    """As draw_serving() draws them."""
    sasl = b"\0" if mechanisms is None else b"\1\1" + mechanisms.to_bytes(2, "big")
    limits = bytes([message_max, recipients_max, transactions_max]) + 5 * b"\0"
    return (bytes([flags, 0, 0, offer, withhold]) + limits + bytes([delay]) + sasl + b"\0" + absent.to_bytes(2, "big")
            + bytes([0, store, 0, 0, len(answers)]) + answers)


def letter(recipients=1, mail=0, rcpt=0, flags=0, piece=0, source=0, body=0):
    """As draw_letter() draws them; the recipients are the first rows of the table."""
    return bytes([recipients - 1, 0, *range(recipients), mail, rcpt, flags, 0, piece, source, 0, body])


def client_choices(tls=2, flags=0, mechanisms=None, habits=0, letters=(letter(),)):
    """As draw_sending() draws them."""
    sasl = b"\0" if mechanisms is None else b"\1\1" + mechanisms.to_bytes(2, "big")
    return bytes([tls, flags, 0, 0, 0, 0]) + sasl + bytes([habits, 0, len(letters) - 1]) + b"".join(letters)


def write_servers(talks):
    """What a server has learnt to do: each conversation under settings that make it work. `talks` is by transcript."""
    plain, auth_in_clear, submission, refuse_early = 1, 16, 128, 64
    for text in choose(talks["burl"], 6):
        write("server", text, server_choices(offer=plain))
        write("server", text, server_choices(offer=plain, answers=bytes([0, 0, 0, 0, 10, 12, 8]), store=1))
    for text in choose(talks["atrn"], 5):
        write("server", text, server_choices(auth_in_clear, plain, 1))
        write("server", text, server_choices(auth_in_clear, plain, 1, bytes([0, 12])))
    for text in choose(talks["submission"] + talks["require-auth"], 6):
        write("server", text, server_choices(submission | auth_in_clear, plain, 3))
    for text in choose(talks["early-talker"] + talks["strangers"], 8):
        write("server", text, server_choices(offer=plain, delay=2))
        write("server", text, server_choices(refuse_early, plain, answers=bytes([12])))
    for number, text in enumerate(choose(talks["lmtp"], 8)):  # 1: all is accepted, and a body refused in words
        write("server", text, server_choices(1, plain, answers=b"\1", store=number % 2))
    hello, signed = b"EHLO c.example\r\n", b"AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"
    write("server", hello + signed + b"ETRN x.example\r\nATRN\r\n",
          server_choices(submission | auth_in_clear, plain, 1))
    write("server", hello + signed + b"STARTTLS\r\n" + hello + b"MAIL FROM:<>\r\n",
          server_choices(8 | auth_in_clear, plain, 1))
    write("server", hello + b"GET / HTTP/1.1\r\nNOOP\r\n", server_choices())
    mail, rcpt = b"MAIL FROM:<a@c.example>\r\n", b"RCPT TO:<b@c.example>\r\n"
    for refused in (8, 0, 12):  # limits count what was refused
        answers = bytes([0, 0, 0, refused, refused, 0, 0])
        write("server", hello + mail + 4 * rcpt, server_choices(answers=answers, recipients_max=2))
        write("server", hello + 4 * (mail + b"RSET\r\n"), server_choices(answers=answers[1:4], transactions_max=2))
    for verb in (b"VRFY ", b"EXPN "):
        for words in range(4):
            write("server", hello + verb + b"ann\r\n", server_choices(answers=bytes([0, 0, 10 + 16 * words])))
    for limit in (1, 2):  # who goes on behind the end of what is borne
        text = b"EHLO c.example\r\nMAIL FROM:<a@c.example>\r\nRCPT TO:<b@c.example>\r\nDATA\r\n" + 60 * b"x\r\n"
        write("server", text, server_choices(message_max=limit))
        write("server", text.replace(b"DATA", b"BDAT 99"), server_choices(message_max=limit))


def write_pairs():
    """Conversations of the two roles: each mechanism, TLS, LMTP, content of each kind, answers that are late."""
    body = b"Subject: x\r\n\r\n.\r\n..dots\r\nthe end"
    for bit in range(11):
        write("pair", body, server_choices(16, 1, 1 << bit) + client_choices(2, 16, 1 << bit))
        write("pair", body, server_choices(0, 1, 1 << bit) + client_choices(0, 0, 1 << bit))
    late = bytes([12, 12, 12, 2, 12, 13, 0])
    for answers in (b"", late, bytes([0, 0, 0, 8, 0, 9, 0]), bytes([0, 0, 11, 10, 140]), bytes([0, 0, 0, 0, 3])):
        for flags in (0, 1, 2, 3):
            for lmtp in (0, 1):
                write("pair", body, server_choices(lmtp, 1, None, answers) + client_choices(
                    2, flags << 1 & 6 | lmtp, None, flags, (letter(3, flags), letter(2, 0, flags, flags, 5, flags, 1))))
    for flags in range(8, 16):
        letters = [letter(2, 0, 0, 0, flags % 3 * 5, flags % 8, flags % 8)] * 3
        client = client_choices(2, flags & 5, None, flags, letters)
        for answers in (b"", late):
            write("pair", body, server_choices(flags & 1, 1, None, answers) + client)
    for row in range(18):
        first, second = letter(2, row, row % 9, row % 8, row, row % 8), letter(1, 0, 0, 1, 0, row % 8, row % 10)
        write("pair", body, server_choices(0, 1) + client_choices(2, 0, None, row % 8, (first, second)))


def write_pumps(talks):
    """Conversations of either role and over the turn from one to the other, with buffers of some sizes."""
    def pump_choices(is_client=0, tls=0, ends=0, buffer=255, close=0, shakes=0):
        return bytes([is_client, tls, ends, close, shakes, buffer])

    in_clear, offer = 16, 1
    turned = (b"EHLO c.example\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\nATRN\r\n220 c.example\r\n"
              b"250-c.example\r\n250 PIPELINING\r\n250 OK\r\n250 OK\r\n354 Go on\r\n250 OK\r\n221 Bye\r\n")
    for number, text in enumerate(choose(talks["client-transaction"] + talks["client-starttls"], 12)):
        client = client_choices(2 - number % 3, 0, None, number % 8, (letter(1 + number % 3, body=number % 10),))
        write("pump", text, pump_choices(1, number % 4, number % 3, 7 * number) + server_choices() + client)
    for number, text in enumerate(choose(talks["scenarios"] + talks["chunking"] + talks["pipelining"], 12)):
        answers = bytes([0, 12, 0, 140, 8, 10, 13, number % 16])[number % 4:]
        server = server_choices(0, offer, None, answers, store=number % 2)
        wire = pump_choices(0, number % 4, number % 3, 11 * number, number % 4)
        write("pump", text, wire + server + client_choices())
    for buffer in (0, 20, 255):
        for late in (b"", b"\0\14"):
            wire, server = pump_choices(buffer=buffer), server_choices(in_clear, offer, 1, late)
            write("pump", turned, wire + server + client_choices())
            server = server_choices(0, offer, 1, late)
            write("pump", b"EHLO c.example\r\nSTARTTLS\r\n" + turned, wire + server + client_choices(3))
    for rest in (b"", 9 * b"\xff"):  # implicit TLS, and a peer that does not wait for its answer
        write("pump", turned, pump_choices() + server_choices(2, offer, 1) + client_choices(0) + rest)


# What a client and a server say, by the place of the mechanism in its table; the examples of the RFCs.
CLIENT_SAYS = {
    0: [b"\0tim\0tanstaaftanstaaf"], 1: [b"ann", b"correct horse battery"], 2: [b"tim b913a602c7eda7a495b4e6e7334d3890"],
    3: [b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
        b"p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="],
    6: [b"p=tls-exporter,a=bob,n=ann,r=rOprNGfwEbeRWgbNEkqO,x=y", b"c=cD10bHMtZXhwb3J0ZXIsYT1ib2Is,r=x,p=AAAA"],
    7: [b"n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEu\1\1",
        b"\1"],
    8: [b"user=someuser@example.com\1auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1", b""],
    9: [b"fred@example.com"], 10: [b"sirhc"],
}
SERVER_SAYS = {
    1: [b"Username:", b"Password:"], 2: [b"<1896.697170952@postoffice.reston.mci.net>"],
    3: [b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="],
    6: [b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", b"e=other-error"],
    7: [b'{"status":"invalid_token","scope":"example_scope"}'], 8: [b'{"status":"401","schemes":"bearer"}'],
}


def write_sasl():
    """An exchange that goes well, some that do not, and messages of others, for each mechanism."""
    for place in range(11):
        for bits in (0, 2, 4 + 1):
            write("sasl_server", b"", bytes([place, 0, bits]))
            write("sasl_client", b"", bytes([place, bits, bits % 4]))
        write("sasl_server", b"", bytes([place, 64 + 32 + 7, 0, 0, 1]))
    for answer in range(1, 8):
        for place in (0, 2, 5, 7):
            write("sasl_server", b"", bytes([place, 0, 0, 0, place == 2, answer, 0, answer]))
    for turn in range(3):
        for place in (1, 3, 6, 8):
            edit = [2, 0, turn, 0, 5 * turn, 65 + turn]
            write("sasl_server", b"", bytes([place, 0, 0] + turn * [0, 0] + edit))
            write("sasl_client", b"", bytes([place, 0] + turn * [0, 0] + edit))
    for place in range(11):
        write("sasl_server", b"\n".join(CLIENT_SAYS.get(place, [])), bytes([place, 0, 0, 1, place in (1, 2), 0, 1, 0, 1, 0]))
        write("sasl_client", b"\n".join(SERVER_SAYS.get(place, [])), bytes([place, 0, 1, 1, 1, 1, 1]))
    for octets in (255, 256):  # the longest names that are taken, and longer ones
        name = octets * b"n"
        write("sasl_server", b"\0" + name + b"\0password", bytes([0, 0, 0, 1]))
        write("sasl_server", b"n,," + b"n=" + name + b",r=nonce", bytes([3, 0, 0, 1]))
        write("sasl_server", b"user=" + name + b"\1auth=Bearer token\1\1", bytes([8, 0, 0, 1]))
    first_digit = len("r=,s=,i=") + 3 * 24  # of the iteration count of SCRAM
    for digit in b"0159-":
        write("sasl_client", b"", bytes([5, 0, 0, 2, 0, 0, 0, first_digit, digit]))


def main():
    for old in CORPUS.glob("*/seed-*"):
        old.unlink()
    client, server, commands, replies, ehlos, bodies, talks = [], [], [], [], [], [], {}
    for path in sorted(TRANSCRIPTS.glob("*/*.md")):
        for said, answered in conversations(path):
            commands += said
            replies += [b"".join(answered)]
            ehlos += re.findall(rb"(?:250[- ][^\r\n]*\r\n)+", b"".join(answered))
            bodies += re.findall(rb"DATA\r\n(.*?\r\n\.\r\n)", b"".join(said), re.S)
            if path.parent.name == "client":
                client.append(b"".join(answered))
                talks.setdefault("client-" + path.stem, []).append(b"".join(answered))
            else:
                server.append(b"".join(said))
                talks.setdefault(path.stem, []).append(b"".join(said))
    paths = re.findall(rb"<[^>\r\n]*>", b"".join(commands))
    params = [found for found in re.findall(rb"> (\S.*?)\r\n", b"".join(commands))]
    for text in choose(server, 30):
        write("server", text)
    for number, text in enumerate(choose(server, 30)):
        answers = bytes([0, 12, 0, 140, 8, 10, 13, number % 16])
        write("server", text, server_choices(number % 4 * 16, 1, 0, answers[number % 4:]))
    for octets in range(510, 514):  # the limit of a line is 512
        line = b"NOOP " + (octets - 7) * b"x" + b"\r\n"
        write("server", b"EHLO client.example\r\n" + line + line + b"NOOP\r\n", server_choices(withhold=1))
    for number, text in enumerate(choose(client, 45)):
        letters = (letter(1 + number % 3), letter(2, 0, 0, number % 8, number % 7, number % 8, number % 10))
        write("client", text, client_choices(2 - number % 3 // 2, number % 8 & 7, None, number % 16, letters))
    write_servers(talks)
    write_pairs()
    write_pumps(talks)
    write_sasl()
    for text in choose([line.rstrip(b"\r\n") for line in commands], 25):
        write("command", text)
    for text in choose(params, 20):
        write("params", text)
    for text in choose(replies, 15):
        write("reply", text, b"\xff\xff")
    for text in choose([re.sub(rb"(?m)^250[- ]", b"", e).replace(b"\r", b"") for e in ehlos], 20):
        write("ehlo", text)
    for text in choose(bodies, 15):
        write("data", text)
    for text in choose(paths, 12):
        write("address", text, b"\7")
        write("address", text[1:-1], b"\1")
    for text in choose(paths, 10):
        write("base", text)
    write("trace", b"client.example\nserver.example\n192.0.2.1\nhost.example\nTLS1.3\nTLS_AES_256_GCM_SHA384\n"
                   b"id-1\na@server.example", b"\0\0\0\x0f\x80\0\4\x66\0\0\0")
    write("trace", b"2006-01-02T15:04:05Z", b"\4\x43\xb9\x40\xe5")


main()
