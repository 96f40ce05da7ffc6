/* SPDX-License-Identifier: MIT
 * Trace fields and dates: one well-formed field each, and times that are read as they were written.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtp/trace.h"

enum { ROOM = 16384 };

static uint64_t draw_seconds(choices *from)
{
    uint64_t seconds = 0;
    uint32_t octets = draw(from, 9);

    while (octets-- > 0)
        seconds = seconds << 8 | draw(from, 256);
    return seconds;
}

/* The date of a count of days since 1970, the slow way. */
static void count_days(uint64_t days, unsigned *year, unsigned *month, unsigned *day)
{
    static const uint8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t y = 1970 + days / 146097 * 400;
    unsigned m;

    for (days %= 146097;; y++) {
        int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        for (m = 0; m < 12; m++) {
            uint64_t length = lengths[m] + (m == 1 && leap ? 1u : 0u);
            if (days < length) {
                *year = (unsigned)y;
                *month = m + 1;
                *day = (unsigned)days + 1;
                return;
            }
            days -= length;
        }
    }
}

static void try_timestamp(uint64_t seconds)
{
    const uint64_t last = UINT64_C(253402300799); /* of the year 9999 */
    char out[64];
    char expected[64];
    smtp_str written = {out, 0};
    uint64_t back = 0;
    unsigned year, month, day;
    unsigned of_day = (unsigned)(seconds % 86400);
    int error = smtp_timestamp_format(out, sizeof out, &written.len, seconds);

    CHECK((error == SMTP_ERR_OK) == (seconds <= last));
    if (error != SMTP_ERR_OK)
        return;
    count_days(seconds / 86400, &year, &month, &day);
    (void)snprintf(expected, sizeof expected, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, month, day,
                   of_day / 3600, of_day / 60 % 60, of_day % 60);
    CHECK(smtp_str_equal(written, smtp_text(expected)));
    CHECK(smtp_timestamp_parse(&back, written) == SMTP_ERR_OK && back == seconds);
}

static void try_timestamp_text(smtp_str words)
{
    char out[64];
    smtp_str written = {out, 0};
    uint64_t seconds = 0;
    uint64_t again = 0;

    if (smtp_timestamp_parse(&seconds, words) != SMTP_ERR_OK)
        return;
    CHECK(words.len >= 20);
    CHECK(smtp_timestamp_format(out, sizeof out, &written.len, seconds) == SMTP_ERR_OK);
    CHECK(smtp_timestamp_parse(&again, written) == SMTP_ERR_OK && again == seconds);
}

static void try_date(uint64_t seconds, int32_t zone)
{
    static const char shape[] = "Aaa, 00 Aaa 0000 00:00:00 +0000";
    char out[64];
    size_t len = 0;
    size_t i;

    if (smtp_date_format(out, sizeof out, &len, seconds, zone) != SMTP_ERR_OK)
        return;
    CHECK(len == 31);
    for (i = 0; i < len; i++) {
        char octet = out[i];
        if (shape[i] == '0')
            CHECK(octet >= '0' && octet <= '9');
        else if (shape[i] == 'A' || shape[i] == 'a')
            CHECK(((octet ^ shape[i]) & 0x20) == 0 && (octet | 0x20) >= 'a' &&
                  (octet | 0x20) <= 'z');
        else
            CHECK(octet == shape[i] || (shape[i] == '+' && octet == '-'));
    }
}

/* One field: a name, lines folded with white space, CRLF at its end, no other control. */
static void check_field(smtp_str field, const char *name)
{
    smtp_str rest = field;
    smtp_str line;
    size_t lines = 0;

    CHECK(field.len > strlen(name) && memcmp(field.ptr, name, strlen(name)) == 0);
    CHECK(field.ptr[field.len - 1] == '\n');
    while (next_line(&rest, &line)) {
        CHECK(line.len > 1 && line.ptr[line.len - 1] == '\r' && line.len <= 999);
        line.len--;
        CHECK(lines == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t');
        if (lines > 0)
            line = part(line, 1, line.len - 1);
        CHECK(is_free_of_controls(line) && smtp_utf8_valid(line, NULL));
        CHECK(line.len > 0 && line.ptr[0] != ' ');
        lines++;
    }
}

/* Where an octet of a field stands, outside of comments (RFC 5322 3.2). */
enum { PLAIN, QUOTED, LITERAL };

static int follow(int where, char octet)
{
    if (where == PLAIN)
        return octet == '"' ? QUOTED : octet == '[' ? LITERAL : PLAIN;
    return octet == (where == QUOTED ? '"' : ']') ? PLAIN : where;
}

/* Comments are closed, and the date stands behind the only semicolon that is not within something.
 */
static void check_received(smtp_str field)
{
    size_t i;
    int depth = 0;
    int where = PLAIN;
    size_t semicolons = 0;

    check_field(field, "Received:");
    for (i = 0; i < field.len; i++) {
        char octet = field.ptr[i];
        if (octet == '\\' && (where == QUOTED || depth > 0))
            i++;
        else if (octet == '(' && where == PLAIN)
            depth++;
        else if (octet == ')' && where == PLAIN)
            CHECK(--depth >= 0);
        else if (depth == 0)
            where = follow(where, octet);
        semicolons += octet == ';' && where == PLAIN && depth == 0;
    }
    CHECK(depth == 0 && where == PLAIN && semicolons == 1);
}

static void try_received(smtp_str words, choices *from)
{
    static char out[ROOM];
    smtp_received received;
    smtp_str *const parts[] = {
        &received.hello,       &received.by,         &received.peer_ip, &received.peer_name,
        &received.tls_version, &received.tls_cipher, &received.id,      &received.for_path,
    };
    smtp_str field = {out, 0};
    smtp_str line;
    size_t less;
    size_t i;
    int error;

    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    received.with = draw(from, 32);
    received.zone = (int32_t)draw_bits(from, 2) - 32768;
    received.date = draw_seconds(from);
    if (received.zone == -32768)
        received.zone = 0;
    for (i = 0; i < sizeof parts / sizeof parts[0] && next_line(&words, &line); i++)
        *parts[i] = line;
    error = smtp_received_format(out, sizeof out, &field.len, &received);
    CHECK(smtp_with_name(received.with).len > 0);
    if (error != SMTP_ERR_OK) {
        CHECK(error < 0 && error != SMTP_ERR_NO_SPACE);
        return;
    }
    check_received(field);
    CHECK(smtp_received_format(out, field.len - 1, &less, &received) == SMTP_ERR_NO_SPACE);
}

static void try_return_path(smtp_str words)
{
    char out[2048];
    smtp_path path;
    smtp_str field = {out, 0};

    if (smtp_path_parse(&path, words, SMTP_ADDRESS_UTF8 | SMTP_ADDRESS_NULL, 0, NULL, NULL) != 0)
        return;
    CHECK(smtp_return_path_format(out, sizeof out, &field.len, &path) == SMTP_ERR_OK);
    check_field(field, "Return-Path: <");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    uint64_t seconds = draw_seconds(&in.choices);

    if (in.text.len <= 2048) {
        try_timestamp(seconds);
        try_timestamp_text(in.text);
        try_date(seconds, (int32_t)draw_bits(&in.choices, 2) - 32768);
        try_received(in.text, &in.choices);
        try_return_path(in.text);
    }
    free(in.block);
    return 0;
}
