# SPDX-License-Identifier: MIT
"""The public headers hold only what every language binding can take, and each function is documented.

Not allowed: bit-fields, inline functions, variadic functions, exported data, types whose size or existence
differs between platforms, enum as the type of a member or parameter, and macros that act like functions
(but for one that only spares a constant expression the call of a function of its name).
"""
import re

from _guard import blank, finish, public_functions, public_headers, relative, without_preprocessor

PATTERNS = [
    (r"\b(?:unsigned|int|uint\d+_t|size_t)\s+\w*\s*:\s*\d+\s*;", "a bit-field"),
    (r"\b(?:inline|__inline\w*)\b", "an inline function"),
    (r"\.\.\.", "a variadic function"),
    (r"\b(?:bool|_Bool|long|ssize_t|time_t|off_t|wchar_t|va_list|FILE)\b", "a type that is not for an ABI"),
    (r"\b(?:float|double)\b", "floating point"),
    (r"\benum\s+\w+\s+\**\w", "enum as a type"),
    (r"\bextern\s+(?!\")", "exported data"),
    (r"\bSMTP_API\s+[^;(]*;", "exported data"),
    (r"\bstatic\b", "something static"),
]
# A list to be expanded, and the helper that does so for its enum.
LIST_MACRO = re.compile(r"SMTP_\w+_(?:MAP|ENUM)$")
functions = public_functions()


def look(header):
    text = header.read_text()
    code = without_preprocessor(blank(text))
    for pattern, title in PATTERNS:
        for match in re.finditer(pattern, code):
            line = code.count("\n", 0, match.start()) + 1
            yield f"{relative(header)}:{line}: {title}: {match.group().strip()}"
    for match in re.finditer(r"^\s*#\s*define\s+(\w+)\(", blank(text), re.M):
        macro = match.group(1)
        if not LIST_MACRO.match(macro) and (macro == macro.lower() or macro.lower() not in functions):
            line = text.count("\n", 0, match.start(1)) + 1
            yield f"{relative(header)}:{line}: {macro}() is a macro without a function that does it"


def undocumented(name, header, line):
    """A function needs a comment that ends on the line above it and says whether a callback may call it."""
    above = "\n".join(header.read_text().splitlines()[:line - 1])
    comment = re.search(r"/\*(?:(?!\*/).)*\*/$", above, re.S)
    if not comment:
        yield f"{relative(header)}:{line}: {name} has no comment above it"
    elif not re.search(r"Inside a callback(?: of [a-z ]+)?: (?:yes|no)\b", re.sub(r"\s+(?:\* )?", " ", comment.group())):
        yield f"{relative(header)}:{line}: {name} does not say \"Inside a callback: yes\" or \"no\""


findings = [finding for header in public_headers() for finding in look(header)]
for function, (_, path, number) in functions.items():
    findings += undocumented(function, path, number)
finish(findings, f"{len(functions)} functions, {len(public_headers())} headers")
