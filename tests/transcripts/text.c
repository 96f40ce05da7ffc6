/* SPDX-License-Identifier: MIT
 * Octets that grow, and the escapes in which a transcript writes them. */
#include "transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *grown(void *array, size_t count, size_t element)
{
    void *larger;

    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    larger = realloc(array, (count == 0 ? 1 : 2 * count) * element);
    if (larger == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(3);
    }
    return larger;
}

/* Room for so many octets more. */
static void text_room(text *to, size_t len)
{
    size_t room = 2 * (to->len + len);
    char *larger;

    if (len <= to->room - to->len)
        return;
    larger = realloc(to->ptr, room);
    if (larger == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(3);
    }
    to->ptr = larger;
    to->room = room;
}

void text_add(text *to, const char *octets, size_t len)
{
    if (len == 0)
        return;
    text_room(to, len);
    memcpy(to->ptr + to->len, octets, len);
    to->len += len;
}

void text_say_list(text *to, const char *format, va_list values)
{
    va_list again;
    size_t len;

    va_copy(again, values);
    len = (size_t)vsnprintf(NULL, 0, format, again);
    va_end(again);
    text_room(to, len + 1);
    (void)vsnprintf(to->ptr + to->len, len + 1, format, values);
    to->len += len;
}

void text_say(text *to, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    text_say_list(to, format, values);
    va_end(values);
}

void text_drop(text *gone)
{
    free(gone->ptr);
    memset(gone, 0, sizeof *gone);
}

smtp_str text_str(const text *from)
{
    smtp_str str;

    str.ptr = from->ptr;
    str.len = from->len;
    return str;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c == 0 ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c);

    return found == NULL ? -1 : (int)(found - digits);
}

/* "\{300*x}": the text behind the star, so many times. Gives the octets read, 0 when it is
 * malformed. */
static size_t decode_times(text *to, smtp_str written, size_t at, size_t round)
{
    size_t from = at + 2;
    size_t times = 0;
    size_t end;
    smtp_str part;
    int open;

    while (from < written.len && written.ptr[from] >= '0' && written.ptr[from] <= '9')
        times = times * 10 + (size_t)(written.ptr[from++] - '0');
    if (from >= written.len || written.ptr[from] != '*')
        return 0;
    for (end = ++from; end < written.len && written.ptr[end] != '}'; end++) {
    }
    if (end == written.len)
        return 0;
    part.ptr = written.ptr + from;
    part.len = end - from;
    while (times-- > 0) {
        if (!text_decode(to, part, round, &open))
            return 0;
    }
    return end + 1 - at;
}

/* One escape at written[at]. Gives the octets read, 0 when it is malformed. */
static size_t decode_escape(text *to, smtp_str written, size_t at, size_t round)
{
    static const char letters[] = "rnt0\\\"";
    static const char octets[] = "\r\n\t\0\\\"";
    const char *letter;
    char c = written.ptr[at + 1];

    if (c == '{')
        return decode_times(to, written, at, round);
    if (c == '#') {
        text_say(to, "%lu", (unsigned long)round);
        return 2;
    }
    if (c == 'x' && at + 3 < written.len) {
        int high = hex_value(written.ptr[at + 2]);
        int low = hex_value(written.ptr[at + 3]);
        char octet = (char)(high * 16 + low);
        if (high < 0 || low < 0)
            return 0;
        text_add(to, &octet, 1);
        return 4;
    }
    letter = c == 0 ? NULL : strchr(letters, c);
    if (letter == NULL)
        return 0;
    text_add(to, octets + (letter - letters), 1);
    return 2;
}

int text_decode(text *to, smtp_str written, size_t round, int *open)
{
    size_t at = 0;

    *open = 0;
    while (at < written.len) {
        size_t read = 1;

        if (written.ptr[at] != '\\')
            text_add(to, written.ptr + at, 1);
        else if (at + 1 == written.len)
            *open = 1;
        else
            read = decode_escape(to, written, at, round);
        if (read == 0)
            return 0;
        at += read;
    }
    return 1;
}

void text_show(text *to, smtp_str octets)
{
    size_t i;

    for (i = 0; i < octets.len; i++) {
        unsigned char c = (unsigned char)octets.ptr[i];

        if (c == '\r')
            text_say(to, "\\r");
        else if (c == '\n')
            text_say(to, "\\n");
        else if (c == '\\')
            text_say(to, "\\\\");
        else if (c < 32 || c == 127)
            text_say(to, "\\x%02x", c);
        else
            text_add(to, octets.ptr + i, 1);
    }
}

smtp_str word_next(smtp_str *rest)
{
    smtp_str word = {NULL, 0};
    size_t at = 0;
    int quoted = 0;
    size_t begin;

    while (at < rest->len && rest->ptr[at] == ' ')
        at++;
    begin = at;
    while (at < rest->len && (quoted || rest->ptr[at] != ' ')) {
        if (rest->ptr[at] == '\\' && at + 1 < rest->len)
            at++;
        else if (rest->ptr[at] == '"')
            quoted = !quoted;
        at++;
    }
    word.ptr = rest->ptr + begin;
    word.len = at - begin;
    rest->ptr += at;
    rest->len -= at;
    while (rest->len > 0 && rest->ptr[0] == ' ') {
        rest->ptr++;
        rest->len--;
    }
    return word;
}

int word_decode(text *to, smtp_str word)
{
    text bare = {NULL, 0, 0};
    size_t i;
    int open = 0;
    int good;

    for (i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\\' && i + 1 < word.len)
            text_add(&bare, word.ptr + i++, 1);
        else if (word.ptr[i] == '"')
            continue;
        text_add(&bare, word.ptr + i, 1);
    }
    good = text_decode(to, text_str(&bare), 0, &open) && !open;
    text_drop(&bare);
    return good;
}

int is_word(smtp_str word, const char *wanted)
{
    return smtp_str_equal_nocase(word, smtp_text(wanted));
}
