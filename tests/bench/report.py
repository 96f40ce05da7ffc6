# SPDX-License-Identifier: MIT
"""Tables of figures in Markdown, and how they get into docs/performance.md."""
import os
import pathlib
import platform
import re
import statistics
import subprocess

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def write(marker, text):
    """Replaces what stands between the two comments of this name."""
    begin, end = f"<!-- {marker}: made by tests/bench -->", f"<!-- {marker}: end -->"
    head, rest = PAGE.read_text().split(begin)
    PAGE.write_text(f"{head}{begin}\n\n{text.strip()}\n\n{end}{rest.split(end)[1]}")


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def figure(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 if value >= 1 else 3}f}" if value < 10 else f"{value:.1f}"


def median(columns, name):
    return figure(statistics.median(columns[name][1]))


def ratio(columns, name, base):
    """The median of what the two had to do with each other in each round."""
    return f"{statistics.median(a / b for a, b in zip(columns[name][1], columns[base][1])):.2f}"


def span(columns, name):
    samples = columns[name][1]
    return f"{figure(min(samples))} to {figure(max(samples))}"


def machine(folder, rounds):
    """The machine and the compiler, in one line."""
    model = platform.machine()
    try:
        model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
    except (OSError, AttributeError):
        pass
    cache = (pathlib.Path(folder) / "CMakeCache.txt").read_text()
    compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.M).group(1)
    version = subprocess.run([compiler, "--version"], stdout=subprocess.PIPE, text=True,
                             check=True).stdout.splitlines()[0]
    kind = re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", cache, re.M).group(1)
    flags = re.search(rf"^CMAKE_C_FLAGS_{kind.upper()}:\w+=(.*)$", cache, re.M).group(1)
    return f"{model}, {os.cpu_count()} processors, {platform.system()}; {version}, {flags}; {rounds} rounds."


def memory_tables(micro, plain):
    data = table(
        ["Dots, GB/s", "memcpy", "memchr(LF)", "decode", "encode", "decode / memcpy", "encode / memcpy",
         "decode / memchr", "plain C99 decode", "plain C99 encode"],
        [[row, *(median(columns, name) for name in ("memcpy", "memchr", "decode", "encode")),
          ratio(columns, "decode", "memcpy"), ratio(columns, "encode", "memcpy"),
          ratio(columns, "decode", "memchr"),
          *(median(plain["data"][row], name) for name in ("decode", "encode"))]
         for row, columns in micro["data"].items()])
    pieces = table(
        ["In pieces, GB/s", "decode whole", "1460 octets", "ratio", "1 octet",
         "encode whole", "1460 octets", "ratio", "1 octet"],
        [[row, *(cell for way in ("decode", "encode")
                 for cell in (median(columns, way), median(columns, f"{way} 1460"),
                              ratio(columns, f"{way} 1460", way), median(columns, f"{way} 1")))]
         for row, columns in micro["pieces"].items()])
    lines = table(
        ["Lines", "millions a second", "least to most", "ns each", "times the search for line ends"],
        [[row, median(columns, "parsed"), span(columns, "parsed"),
          figure(1000 / statistics.median(columns["parsed"][1])), ratio(columns, "line ends only", "parsed")]
         for row, columns in micro["lines"].items()])
    sessions = table(
        ["Sessions in memory, messages of 8 KiB", "us a message", "thousand messages a second",
         "least to most"],
        [[name, figure(1000 / statistics.median(columns[name][1])), median(columns, name),
          span(columns, name)]
         for columns in micro["sessions"].values() for name in columns])
    memory = table(
        ["Memory of a session, octets, default configuration", "all", "the object alone"],
        [[row, median(columns, "session"), median(columns, "object")]
         for row, columns in micro["memory"].items()])
    return [data, pieces, lines, sessions, memory]


def contenders(title, rows, base, own):
    return table(
        [title, base, own, f"{own} / {base}", f"{own}, least to most"],
        [[row, *([median(columns, base)] if base in columns else ["-"]), median(columns, own),
          ratio(columns, own, base) if base in columns else "-", span(columns, own)]
         for row, columns in rows.items()])


def program_tables(rows):
    tables = [contenders("Servers: us of processor time a message, 10 connections", rows["servers"],
                         "smtp-sink", "smtp-receive")]
    if "clients" in rows:
        tables.append(contenders("Clients: us of processor time a message, 10 connections",
                                 rows["clients"], "smtp-source", "smtp-send"))
    tables.append(table(["smtp-receive, idle after EHLO", "resident octets each"],
                        [[row, median(columns, "octets each")] for row, columns in rows["idle"].items()]))
    return tables
