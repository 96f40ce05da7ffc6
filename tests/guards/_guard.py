# SPDX-License-Identifier: MIT
"""What the guards share: where things are, C text without comments, the public functions, the result.

A guard is a program called with the build folder. Its last line says what it looked at; its status is 0,
or 1 with one line for each finding, or 77 when it cannot look.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build").resolve()
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]

# The layers and their floors; server and client stand side by side. A public header belongs to one of them.
FLOORS = {"base": 0, "data": 1, "syntax": 2, "sasl": 3, "session": 4, "server": 5, "client": 5,
          "transport": 6}
SYNTAX_HEADERS = {"address", "command", "extension", "reply", "status", "trace"}


def layer_of_header(name):
    """The layer of include/smtp/<name>.h, or None."""
    return "syntax" if name in SYNTAX_HEADERS else name if name in FLOORS else None


def files(*patterns):
    """The files of the project that match, as paths, in order."""
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()})


def relative(path):
    return str(pathlib.Path(path).relative_to(ROOT))


def public_headers():
    return files("include/smtp/*.h")


def library_sources():
    return files("lib/*/*.c")


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, strings=True):
    """C text with its comments (and what stands in its strings) blanked, lines kept."""
    def replace(match):
        token = match.group()
        if token[0] in "\"'":
            return token[0] + " " * (len(token) - 2) + token[0] if strings else token
        return re.sub(r"[^\n]", " ", token)
    return TOKEN.sub(replace, text)


def without_preprocessor(text):
    """Blanks the directives, with their continuation lines."""
    directive = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.M | re.S)
    return directive.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def public_functions():
    """{name: (prototype without SMTP_API, header, line)} of every SMTP_API declaration."""
    found = {}
    for header in public_headers():
        text = without_preprocessor(blank(header.read_text()))
        for match in re.finditer(r"\bSMTP_API\s+([^;{]*?)\s*;", text):
            prototype = re.sub(r"\s+", " ", match.group(1))
            name = re.search(r"(\w+)\s*\(", prototype).group(1)
            found[name] = (prototype, header, text.count("\n", 0, match.start()) + 1)
    return found


def split_prototype(prototype):
    """(result type, name, [parameter types]) of a prototype whose parameters have names."""
    match = re.match(r"(.*?)\s*\b(\w+) ?\((.*)\)$", prototype)
    result, name, parameters = match.groups()
    types = [re.sub(r"\s*\b\w+$", "", word.strip()) if word.strip() != "void" else "void"
             for word in parameters.split(",")]
    return result, name, types


def run(command, **options):
    """Runs it to the end; the result has returncode and the joined output in stdout."""
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)


def gather(look, items):
    """Calls look(item), which gives findings, for all items side by side; the findings in order."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [finding for found in pool.map(lambda item: list(look(item)), items)
                for finding in found]


def compilers():
    """The C compilers that are here, with their C++ counterparts: [(cc, cxx)]."""
    pairs = [("gcc", "g++"), ("clang", "clang++")]
    return [pair for pair in pairs if all(map(shutil.which, pair))]


def work_folder(name):
    """A folder for what a guard makes; what it made last time is still there."""
    folder = BUILD / "guards" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def nothing_to_do(reason):
    print(reason)
    sys.exit(77)


def finish(findings, summary):
    """Prints the findings, or what was looked at, and ends."""
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else summary)
    sys.exit(1 if findings else 0)
