# SPDX-License-Identifier: MIT
"""Traces the requirements of the RFCs to the tests that show them, and writes docs/conformance.md.

requirements.csv has a row for each requirement. A test names those that it shows: "Shows: ID ID ..." in the comment
above it, or in a transcript. A MUST or MUST NOT of the library that no test shows stands in requirements-open.txt.

    requirements.py          checks, and prints the counts
    requirements.py --write  writes the page, and takes what is shown now off the open list
    requirements.py --init   the same, and may also put rows on the open list
"""
import csv
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parent
OPEN = TESTS / "requirements-open.txt"
PAGE = ROOT / "docs/conformance.md"
SOURCES = ("unit/**/*.c", "simulation/**/*.c", "transcripts/**/*.md", "interop/**/*.py")

STRICT = ("MUST", "MUST NOT")
LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY")
DUTIES = {"embedding application": "duty of the embedding application",
          "example program": "duty of the example programs"}

ID = r"R\d+-[\w.]+-\d+"
SHOWS = re.compile(rf"Shows:((?:[ \t,]*(?:\n[ \t]*\*?[ \t]*)?{ID}\b)*)")

OPEN_HEAD = """\
# What the library MUST or MUST NOT do and no test shows yet. The list only gets shorter:
# tests/requirements.py --write takes off what a test shows.
"""
PAGE_HEAD = """\
# Conformance

Each requirement that was found in the RFCs, and the test that shows it. The duties of the application that embeds the
library are listed too: the library cannot do them for it. This page is written by `tests/requirements.py --write` from
`tests/requirements.csv` and from what the tests say they show; the test run fails when it is not up to date.

"""


class Trace:
    """The requirements, and who shows them."""

    def __init__(self):
        with open(TESTS / "requirements.csv", newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.shown = {row["id"]: [] for row in self.rows}
        self.findings = []
        for path in sorted({path for pattern in SOURCES for path in TESTS.glob(pattern)}):
            if path.name != "README.md":
                self.collect(path)
        self.strict = [row["id"] for row in self.rows
                       if row["applies"] == "library" and row["level"] in STRICT]
        self.open = [name for name in self.strict if not self.shown[name]]

    def collect(self, path):
        text = path.read_text(encoding="utf-8")
        for match in SHOWS.finditer(text):
            place = f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
            names = re.findall(ID, match.group(1))
            if not names:
                self.findings.append(f"{place}: shows nothing that looks like an id")
            for name in names:
                if name not in self.shown:
                    self.findings.append(f"{place}: {name} is not in requirements.csv")
                elif path not in self.shown[name]:
                    self.shown[name].append(path)

    def where(self, row):
        links = [f"[{path.parent.name}/{path.stem}](../{path.relative_to(ROOT)})"
                 for path in self.shown[row["id"]]]
        return ", ".join(links) or DUTIES.get(row["applies"], "open")

    def count(self, level, applies, shown):
        return sum(1 for row in self.rows if row["level"] == level and row["applies"] == applies
                   and (not shown or self.shown[row["id"]]))

    def page(self):
        lines = ["| level | of the library | shown by a test | of the application |",
                 "| --- | ---: | ---: | ---: |"]
        for level in LEVELS:
            numbers = (self.count(level, "library", False), self.count(level, "library", True),
                       sum(self.count(level, duty, False) for duty in DUTIES))
            lines.append(f"| {level} | {' | '.join(map(str, numbers))} |")
        for rfc in sorted({row["rfc"] for row in self.rows}, key=int):
            lines += ["", f"## RFC {rfc}", "", "| id | level | role | requirement | where |",
                      "| --- | --- | --- | --- | --- |"]
            for row in self.rows:
                if row["rfc"] == rfc:
                    text = re.sub(r"([|*_<>\\])", r"\\\1", row["requirement"])
                    lines.append(f"| {row['id']} | {row['level']} | {row['role']} | {text} | "
                                 f"{self.where(row)} |")
        return PAGE_HEAD + "\n".join(lines) + "\n"


def listed():
    lines = OPEN.read_text().splitlines() if OPEN.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def check(trace):
    before = set(listed())
    findings = [f"{name}: no test shows it, and requirements-open.txt does not list it"
                for name in trace.open if name not in before]
    findings += [f"{name}: stands in requirements-open.txt and is shown, or is no MUST of the library "
                 "(--write takes it off)" for name in sorted(before - set(trace.open))]
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != trace.page():
        findings.append(f"{PAGE.relative_to(ROOT)} is not up to date (--write writes it)")
    return findings


def write(trace, init):
    more = sorted(set(trace.open) - set(listed()))
    if more and not init:
        return [f"{name}: no test shows it, and only --init puts a row on the open list"
                for name in more]
    OPEN.write_text(OPEN_HEAD + "".join(f"{name}\n" for name in trace.open))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(trace.page(), encoding="utf-8")
    return []


def main(arguments):
    trace = Trace()
    init, changes = "--init" in arguments, {"--init", "--write"} & set(arguments)
    findings = trace.findings + (write(trace, init) if changes else check(trace))
    for finding in findings:
        print(finding)
    library = [row["id"] for row in trace.rows if row["applies"] == "library"]
    print(f"{sum(1 for name in library if trace.shown[name])} of {len(library)} requirements of the "
          f"library shown; of {len(trace.strict)} MUST and MUST NOT {len(trace.open)} open")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
