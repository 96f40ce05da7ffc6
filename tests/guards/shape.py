# SPDX-License-Identifier: MIT
"""Files, functions and lines stay short, each C file begins with its SPDX line, and nothing is left for later."""
import re

from _guard import blank, files, finish, relative, without_preprocessor

FILE_LINES = 800
FUNCTION_LINES = 60
COLUMNS = 100

SOURCES = [f"{folder}/**/*.[ch]" for folder in ("include", "lib", "examples", "tests", "fuzz")]


def functions(text):
    """(name, first line, lines) of each function that is defined; raises ValueError on unbalanced braces."""
    text = without_preprocessor(blank(text))
    depth, start, opened = 0, 0, None
    for match in re.finditer(r'[{};]|extern "[^"]*"\s*\{', text):
        token = match.group()
        if token.startswith("extern"):
            start = match.end()
        elif token == "{":
            if depth == 0:
                head = text[start:match.start()].strip()
                named = re.search(r"(\w+)\s*\((?:[^()]|\([^()]*\))*\)$", head)
                opened = (named.group(1), match.start() - len(text[start:match.start()].lstrip())) \
                    if named else None
            depth += 1
        elif token == "}":
            depth = max(depth - 1, 0)  # the one that closes extern "C" has no partner here
            if depth == 0:
                if opened:
                    first = text.count("\n", 0, opened[1]) + 1
                    yield opened[0], first, text.count("\n", 0, match.start()) + 2 - first
                opened, start = None, match.end()
        elif depth == 0:
            start = match.end()
    if depth:
        raise ValueError("braces do not balance (both sides of an #if open one?)")


def look(path):
    place, text = relative(path), path.read_text()
    lines = text.splitlines()
    if len(lines) > FILE_LINES:
        yield f"{place}: {len(lines)} lines"
    if lines[:1] != ["/* SPDX-License-Identifier: MIT"]:
        yield f"{place}:1: does not begin with its SPDX line"
    if not re.match(r" \* \S", (lines + ["", ""])[1]):
        yield f"{place}:2: does not say what the file does"
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield f"{place}:{number}: {len(line)} columns"
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            yield f"{place}:{number}: {line.strip()}"
    try:
        for name, first, length in functions(text):
            if length > FUNCTION_LINES:
                yield f"{place}:{first}: {name} has {length} lines"
    except ValueError as error:
        yield f"{place}: {error}"


paths = files(*SOURCES)
finish([finding for path in paths for finding in look(path)], f"{len(paths)} files")
