/* SPDX-License-Identifier: MIT
 * The words of a reply to VRFY and EXPN: mailboxes, one a line (RFC 5321 3.5.1, 3.5.2). */
#include <string.h>

#include "server/server.h"

int smtp__server_names_mailboxes(const smtp_server *server, int op, int code)
{
    return op == SMTP__OP_COMMAND &&
           (server->verb == SMTP_VERB_VRFY || server->verb == SMTP_VERB_EXPN) &&
           (code == 250 || code == 251 || code == 551);
}

/* `local-part@domain`, or `<local-part@domain>` with a name before it. A name may hold any octet, a
 * bracket too. */
static int check_line(smtp_str line)
{
    smtp_mailbox mailbox;
    smtp_path path;
    size_t i;
    int error = smtp_mailbox_parse(&mailbox, line, SMTP_ADDRESS_UTF8, 0, NULL);

    for (i = 0; i < line.len && error != SMTP_ERR_OK; i++) {
        smtp_str rest;
        rest.ptr = line.ptr + i;
        rest.len = line.len - i;
        if (*rest.ptr == '<' && (i == 0 || line.ptr[i - 1] == ' '))
            error = smtp_path_parse(&path, rest, SMTP_ADDRESS_UTF8, 0, NULL, NULL);
        if (error == SMTP_ERR_OK && *rest.ptr == '<' && path.route.len > 0)
            return SMTP_ERR_ROUTE;
    }
    return error;
}

int smtp__server_check_mailboxes(smtp_str text)
{
    int error = SMTP_ERR_EMPTY;

    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);
        smtp_str line;
        line.ptr = text.ptr;
        line.len = end != NULL ? (size_t)(end - text.ptr) : text.len;
        error = check_line(line);
        if (error != SMTP_ERR_OK || end == NULL)
            break;
        text.len -= line.len + 1;
        text.ptr = end + 1;
        error = SMTP_ERR_EMPTY;
    }
    return error;
}
