/* SPDX-License-Identifier: MIT
 * Trace fields, written (RFC 5321 4.4). Nothing that a peer said gets in unchecked: what is not a
 * name stands in a comment, and what could leave a comment is refused. */
#include "smtp/trace.h"

#include <string.h>

#include "base/writer.h"
#include "syntax/cursor.h"
#include "syntax/sized.h"

enum {
    COLUMNS = 77, /* 78, and a semicolon may follow */
    TAB_COLUMN = 8,
    WORD_MAX = 900, /* a line has 998 octets at most, folded or not (RFC 5322 2.1.1) */
    DATE_MAX = 40,
    LITERAL_MAX = 64
};

/* By SMTP_WITH_TLS and SMTP_WITH_AUTH. HELO brings neither, and has no words for them. */
static const char *const with_names[][4] = {
    {"SMTP", "SMTP", "SMTP", "SMTP"},
    {"ESMTP", "ESMTPS", "ESMTPA", "ESMTPSA"},
    {"LMTP", "LMTPS", "LMTPA", "LMTPSA"},
    {"UTF8SMTP", "UTF8SMTPS", "UTF8SMTPA", "UTF8SMTPSA"},
    {"UTF8LMTP", "UTF8LMTPS", "UTF8LMTPA", "UTF8LMTPSA"},
};

/* What a session may have tolerated in a name, and what is no harm in a field. */
static const uint32_t name_tolerance = SMTP_TOLERATE_UNDERSCORE | SMTP_TOLERATE_TRAILING_DOT;
static const uint32_t mailbox_tolerance = SMTP_TOLERATE_UNDERSCORE | SMTP_TOLERATE_TRAILING_DOT |
                                          SMTP_TOLERATE_DOTS | SMTP_TOLERATE_LONG_LOCAL_PART;

/* A field that is written word by word. */
typedef struct field {
    smtp__writer writer;
    size_t column;
    int too_long; /* 1 once a word did not fit into any line */
} field;

/* Writes a word with what belongs to it, behind a space or on a new line. */
static void put_word(field *out, const char *before, smtp_str word, const char *after)
{
    size_t length = strlen(before) + word.len + strlen(after);
    if (word.len > WORD_MAX) {
        out->too_long = 1;
        return;
    }
    if (out->column + 1 + length > COLUMNS) {
        smtp__put_text(&out->writer, "\r\n\t");
        out->column = TAB_COLUMN;
    } else {
        smtp__put(&out->writer, ' ');
        out->column++;
    }
    smtp__put_text(&out->writer, before);
    smtp__put_str(&out->writer, word);
    smtp__put_text(&out->writer, after);
    out->column += length;
}

static void put_clause(field *out, const char *name, smtp_str value)
{
    put_word(out, "", smtp_text(name), "");
    put_word(out, "", value, "");
}

/* 1 when all of the text is of these classes. */
static int is_all(smtp_str text, uint32_t classes)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    (void)smtp__take_run(&cursor, classes);
    return cursor.at == cursor.end;
}

/* ---- from ---- */

/* An IP address as an address literal. */
typedef struct literal {
    char octets[LITERAL_MAX];
    smtp_str text;
} literal;

static int make_literal(literal *out, smtp_str ip)
{
    smtp__writer writer = smtp__writer_start(out->octets, sizeof out->octets);
    smtp_host host;
    int v6 = ip.len > 0 && memchr(ip.ptr, ':', ip.len) != NULL;
    out->text.ptr = out->octets;
    out->text.len = 0;
    if (ip.len == 0) {
        return 0;
    }
    smtp__put_text(&writer, v6 ? "[IPv6:" : "[");
    smtp__put_str(&writer, ip);
    smtp__put(&writer, ']');
    int error = smtp__writer_finish(&writer, &out->text.len);
    return error != 0 ? SMTP_ERR_LITERAL : smtp_host_parse(&host, out->text, 0, 0, NULL);
}

/* Writes what is known of the peer's connection, in the form of TCP-info. */
static void put_connection(field *out, smtp_str name, smtp_str ip)
{
    if (name.len > 0) {
        put_word(out, "(", name, ip.len > 0 ? "" : ")");
    }
    if (ip.len > 0) {
        put_word(out, name.len > 0 ? "" : "(", ip, ")");
    }
}

static int put_from(field *out, const smtp_received *in)
{
    smtp_host host;
    literal ip;
    int is_host = smtp_host_parse(&host, in->hello, 0, name_tolerance, NULL) == 0;
    if (in->hello.len == 0) {
        return SMTP_ERR_EMPTY;
    }
    if (!is_host && !is_all(in->hello, SMTP__CTEXT)) {
        return is_all(in->hello, SMTP__VISIBLE) ? SMTP_ERR_DOMAIN_CHARACTER : SMTP_ERR_CONTROL;
    }
    int error = make_literal(&ip, in->peer_ip);
    if (error == 0 && in->peer_name.len > 0) {
        error = smtp_host_parse(&host, in->peer_name, 0, name_tolerance, NULL);
        if (error == 0 && host.kind != SMTP_HOST_DOMAIN) {
            error = SMTP_ERR_DOMAIN_CHARACTER; /* a literal may hold parentheses */
        }
    }
    if (error != 0) {
        return error;
    }
    if (is_host) {
        put_clause(out, "from", in->hello);
        put_connection(out, in->peer_name, ip.text);
        return 0;
    }
    put_clause(out, "from", ip.text.len > 0 ? ip.text : smtp_text("unknown"));
    put_connection(out, in->peer_name, ip.text);
    put_word(out, "(", in->hello, ")");
    return 0;
}

/* ---- with and tls ---- */

/* 1 for what RFC 8314 4.3 calls tls-cipher: a name of the registry of TLS, or its number. */
static int is_registered_cipher(smtp_str cipher)
{
    smtp__cursor cursor = smtp__cursor_start(cipher);
    if (smtp__take_text(&cursor, "0x")) {
        return smtp__take_run(&cursor, SMTP__HEX).len == 4 && cursor.at == cursor.end;
    }
    if (cipher.len == 0 || !smtp__is((unsigned char)*cipher.ptr, SMTP__ALPHA)) {
        return 0;
    }
    while (smtp__take_run(&cursor, SMTP__LET_DIG).len > 0 || smtp__take(&cursor, '_')) {
    }
    return cursor.at == cursor.end;
}

static int put_with(field *out, const smtp_received *in)
{
    smtp_str version = in->tls_version;
    smtp_str cipher = in->tls_cipher;
    if (!is_all(version, SMTP__CTEXT) || !is_all(cipher, SMTP__CTEXT)) {
        return SMTP_ERR_ARGUMENT;
    }
    put_clause(out, "with", smtp_with_name(in->with));
    if (version.len > 0) {
        put_word(out, "(", version, cipher.len > 0 ? "" : ")");
    }
    if (cipher.len > 0) {
        put_word(out, version.len > 0 ? "" : "(", cipher, ")");
    }
    return 0;
}

/* ---- id ---- */

static int take_dot_atom(smtp__cursor *cursor)
{
    do {
        if (smtp__take_run(cursor, SMTP__ATEXT).len == 0) {
            return 0;
        }
    } while (smtp__take(cursor, '.'));
    return 1;
}

/* 1 for a msg-id (RFC 5322 3.6.4). */
static int is_msg_id(smtp_str id)
{
    smtp__cursor cursor = smtp__cursor_start(id);
    if (!smtp__take(&cursor, '<') || !take_dot_atom(&cursor) || !smtp__take(&cursor, '@')) {
        return 0;
    }
    if (smtp__take(&cursor, '[')) {
        (void)smtp__take_run(&cursor, SMTP__DCONTENT);
        if (!smtp__take(&cursor, ']')) {
            return 0;
        }
    } else if (!take_dot_atom(&cursor)) {
        return 0;
    }
    return smtp__take(&cursor, '>') && cursor.at == cursor.end;
}

/* ---- the fields ---- */

static int put_by_and_with(field *out, const smtp_received *in)
{
    smtp_host host;
    int error = smtp_host_parse(&host, in->by, 0, 0, NULL);
    if (error != 0) {
        return error;
    }
    put_clause(out, "by", in->by);
    return put_with(out, in);
}

/* The clause of RFC 6710 4.1: a number from -9 to 9. */
static int put_priority(field *out, smtp_str value)
{
    size_t digit = value.len > 1 && value.ptr[0] == '-' ? 1 : 0;
    if (value.len == 0) {
        return 0;
    }
    if (value.len != digit + 1 || value.ptr[digit] < '0' || value.ptr[digit] > '9') {
        return SMTP_ERR_ARGUMENT;
    }
    put_clause(out, "PRIORITY", value);
    return 0;
}

static int put_id_and_for(field *out, const smtp_received *in)
{
    smtp_mailbox mailbox;
    uint32_t allow = (in->with & SMTP_WITH_UTF8) ? SMTP_ADDRESS_UTF8 : 0; /* RFC 6531 3.7.3 */
    if (in->id.len > 0) {
        if (!is_all(in->id, SMTP__ATEXT) && !is_msg_id(in->id)) {
            return SMTP_ERR_ARGUMENT;
        }
        put_clause(out, "id", in->id);
    }
    if (in->for_path.len > 0) {
        int error = smtp_mailbox_parse(&mailbox, in->for_path, allow, mailbox_tolerance, NULL);
        if (error != 0) {
            return error;
        }
        put_word(out, "", smtp_text("for"), "");
        put_word(out, "<", in->for_path, ">");
    }
    if (is_registered_cipher(in->tls_cipher)) {
        put_clause(out, "tls", in->tls_cipher);
    }
    return put_priority(out, in->priority);
}

static int put_date(field *out, const smtp_received *in)
{
    char octets[DATE_MAX];
    smtp_str date = {octets, 0};
    int error = smtp_date_format(octets, sizeof octets, &date.len, in->date, in->zone);
    if (error == 0) {
        smtp__put(&out->writer, ';');
        out->column++;
        put_word(out, "", date, "");
        smtp__put_text(&out->writer, "\r\n");
    }
    return error;
}

smtp_str smtp_with_name(uint32_t with)
{
    size_t row = (with & SMTP_WITH_LMTP) ? 2 : (with & SMTP_WITH_ESMTP) ? 1 : 0;
    size_t column = ((with & SMTP_WITH_TLS) ? 1u : 0u) + ((with & SMTP_WITH_AUTH) ? 2u : 0u);
    if (with & SMTP_WITH_UTF8) {
        row = row == 2 ? 4 : 3;
    }
    return smtp_text(with_names[row][column]);
}

int smtp_received_format(char *out, size_t capacity, size_t *len, const smtp_received *received)
{
    static const char name[] = "Received:";
    field to = {smtp__writer_start(out, capacity), sizeof name - 1, 0};
    *len = 0;
    int error = smtp__sized(received, received->size, sizeof *received);
    if (error != 0) {
        return error;
    }
    smtp__put_text(&to.writer, name);
    error = put_from(&to, received);
    error = error != 0 ? error : put_by_and_with(&to, received);
    error = error != 0 ? error : put_id_and_for(&to, received);
    error = error != 0 ? error : put_date(&to, received);
    if (error == 0 && to.too_long) {
        error = SMTP_ERR_LINE_TOO_LONG;
    }
    return error != 0 ? error : smtp__writer_finish(&to.writer, len);
}

int smtp_return_path_format(char *out, size_t capacity, size_t *len, const smtp_path *path)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    *len = 0;
    smtp__put_text(&writer, "Return-Path: ");
    if (writer.failed) {
        return SMTP_ERR_NO_SPACE;
    }
    smtp_str written = {out + writer.len, 0};
    int error = smtp_path_format(out + writer.len, capacity - writer.len, &written.len, path);
    if (error == 0) {
        smtp_path parsed; /* a path that was not parsed may hold anything */
        error = smtp_path_parse(&parsed, written, SMTP_ADDRESS_UTF8 | SMTP_ADDRESS_NULL,
                                mailbox_tolerance, NULL, NULL) == 0
                    ? 0
                    : SMTP_ERR_ARGUMENT;
    }
    if (error != 0) {
        return error;
    }
    writer.len += written.len;
    smtp__put_text(&writer, "\r\n");
    return smtp__writer_finish(&writer, len);
}
