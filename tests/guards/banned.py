# SPDX-License-Identifier: MIT
"""The library names no function of stdio, ctype, locale, time, the heap or the process."""
import re

from _guard import blank, files, finish, relative

WORDS = """errno FILE stdin stdout stderr time_t clock_t wchar_t va_list float double long bool _Bool
    setjmp longjmp alloca _Thread_local __thread"""
CALLS = r"""\w*printf \w*scanf puts fputs putchar perror fopen
    strto\w+ ato[ifl]l? is(?:alnum|alpha|digit|space|upper|lower|print|cntrl|punct|xdigit|graph)
    tolower toupper setlocale localeconv strcoll strxfrm
    strcpy strncpy strcat strncat strtok\w* strcasecmp strncasecmp strn?dup strerror
    time clock gettimeofday clock_gettime localtime\w* gmtime\w* mktime
    malloc calloc realloc free rand srand getenv system exit abort atexit assert signal raise"""
PATTERN = re.compile(rf"\b(?:{'|'.join(WORDS.split())})\b"
                     rf"|(?<!->)(?<!\.)\b(?:{'|'.join(CALLS.split())})\s*\(")
ALLOWED = {"lib/base/heap.c": {"malloc", "free"}}

findings = []
paths = files("lib/**/*.[ch]")
for path in paths:
    for number, line in enumerate(blank(path.read_text()).splitlines(), 1):
        for match in PATTERN.finditer(line):
            word = match.group().rstrip("( ")
            if word not in ALLOWED.get(relative(path), set()):
                findings.append(f"{relative(path)}:{number}: {word}")
finish(findings, f"{len(paths)} files")
