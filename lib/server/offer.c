/* SPDX-License-Identifier: MIT
 * What the server offers: it follows from the configuration and from the state of the session. */
#include <string.h>

#include "base/ctype.h"
#include "server/server.h"
#include "smtp/reply.h"
#include "syntax/extension.h"

enum {
    FRAME = 6, /* "250-" and CRLF */
    /* Keywords that alone say what they must, and SIZE: there is no value that might be wrong. All
     * of them with the longest host name are LONGEST_PLAIN octets. */
    PLAIN = SMTP_EXT_PIPELINING | SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_ENHANCEDSTATUSCODES |
            SMTP_EXT_SMTPUTF8 | SMTP_EXT_STARTTLS | SMTP_EXT_CHUNKING | SMTP_EXT_BINARYMIME |
            SMTP_EXT_DSN | SMTP_EXT_VRFY | SMTP_EXT_HELP,
    LONGEST_PLAIN = 434
};

uint32_t smtp__server_offered(const smtp_server *server)
{
    uint32_t offered = server->offer;

    if (server->session.tls == SMTP__TLS_ON)
        offered &= ~(uint32_t)SMTP_EXT_STARTTLS;
    else
        offered &= ~(uint32_t)SMTP_EXT_REQUIRETLS;
    if (server->auth != NULL && smtp__server_mechanisms(server) != 0)
        offered |= SMTP_EXT_AUTH;
    return offered;
}

/* `names` has room for those of all mechanisms, and is to stay as long as `out`. */
static void fill(const smtp_server *server, smtp_capabilities *out, char *names)
{
    const smtp__server_extras *extras = server->extras;

    memset(out, 0, sizeof *out);
    out->domain = server->hostname;
    out->extensions = smtp__server_offered(server);
    out->size_kind = server->message_max == UINT64_MAX ? SMTP_SIZE_UNLIMITED : SMTP_SIZE_VALUE;
    out->size_max = server->message_max;
    if (server->auth != NULL)
        out->auth = smtp__server_mechanism_names(server, names, SMTP__MECHANISM_NAMES);
    out->rcpt_max = server->recipients_max;
    out->mail_max = server->transactions_max;
    out->deliver_by_min = extras->deliver_by_min;
    out->hold_max = extras->hold_max;
    out->hold_until_max = extras->hold_until_max;
    out->priority_profile = extras->priority_profile;
    out->no_soliciting = extras->no_soliciting;
    out->burl = extras->burl;
}

/* The lines of the table, then the caller's own; *last is where the words of the last one begin.
 * Returns 0, or the error of a value that is no good when they are to be checked. */
static int put_lines(const smtp_server *server, smtp__writer *writer, int checked, size_t *last)
{
    static const smtp_str first = SMTP__STR("250-"), next = SMTP__STR("\r\n250-");
    static const smtp_str end = SMTP__STR("\r\n");
    char names[SMTP__MECHANISM_NAMES];
    const smtp__extension *extension = NULL;
    smtp_capabilities capabilities;
    size_t i;

    fill(server, &capabilities, names);
    smtp__put_str(writer, first);
    do {
        int error = SMTP_ERR_OK;
        if (extension != NULL)
            smtp__put_str(writer, next);
        *last = writer->len;
        smtp__put_capability(writer, &capabilities, extension);
        if (checked)
            error = smtp__check_capability(writer, *last, extension);
        if (error != SMTP_ERR_OK)
            return error;
        extension = smtp__extension_next(extension, capabilities.extensions);
    } while (extension != NULL);
    for (i = 0; i < server->extras->keyword_count; i++) {
        smtp__put_str(writer, next);
        *last = writer->len;
        smtp__put_str(writer, server->extras->keywords[i]);
    }
    smtp__put_str(writer, end);
    return SMTP_ERR_OK;
}

size_t smtp__server_offer(const smtp_server *server, char *out, size_t capacity)
{
    smtp__writer writer = smtp__writer_start(out, capacity);
    size_t last;
    size_t len;

    (void)put_lines(server, &writer, 0, &last);
    if (smtp__writer_finish(&writer, &len) == SMTP_ERR_OK)
        out[last - 1] = ' ';
    return len;
}

/* A keyword of the caller's own is one line that a client understands (RFC 5321 4.1.1.1). */
SMTP__RARE static int is_keyword(smtp_str text)
{
    smtp_capabilities read;
    smtp_str keyword = {NULL, 0};
    size_t i;

    memset(&read, 0, sizeof read);
    for (i = 0; i < text.len; i++) {
        if (!smtp__is((unsigned char)text.ptr[i], SMTP__PRINTABLE))
            return 0;
    }
    return text.len + FRAME <= SMTP_REPLY_LINE_MAX &&
           smtp_capabilities_read(&read, text, 0, &keyword, NULL) == SMTP_ERR_OK &&
           keyword.ptr == text.ptr;
}

/* Can it be said as long as TLS is so? What TLS gives makes more mechanisms possible. */
SMTP__RARE static int check_under(smtp_server *server, uint8_t tls)
{
    static const smtp_str some = {"?", 1};
    const smtp_tls_info all = {sizeof all, some, some, some, some, some, some};
    const smtp_tls_info *info = server->session.tls_info;
    uint8_t now = server->session.tls;
    smtp__writer writer =
        smtp__writer_start(server->session.output.buffer, smtp__server_reply_max(server));
    size_t ignored;
    int error;

    server->session.tls = tls;
    server->session.tls_info = &all;
    error = put_lines(server, &writer, 1, &ignored);
    if (error == SMTP_ERR_OK)
        error = smtp__writer_finish(&writer, &ignored);
    server->session.tls = now;
    server->session.tls_info = info;
    return error == SMTP_ERR_OK || error == SMTP_ERR_NO_SPACE ? error : SMTP_ERR_ARGUMENT;
}

/* Sessions are made by the thousand: what can be said for certain is not tried. */
static int is_plain(const smtp_server *server)
{
    return (server->offer & ~(uint32_t)PLAIN) == 0 && server->auth == NULL &&
           server->extras->keyword_count == 0 && smtp__server_reply_max(server) >= LONGEST_PLAIN;
}

int smtp__server_check_offer(smtp_server *server)
{
    size_t i;
    int error;

    if (is_plain(server))
        return SMTP_ERR_OK;
    for (i = 0; i < server->extras->keyword_count; i++) {
        if (!is_keyword(server->extras->keywords[i]))
            return SMTP_ERR_ARGUMENT;
    }
    error = check_under(server, SMTP__TLS_OFF);
    return error == SMTP_ERR_OK ? check_under(server, SMTP__TLS_ON) : error;
}
