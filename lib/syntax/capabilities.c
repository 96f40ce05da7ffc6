/* SPDX-License-Identifier: MIT
 * EHLO responses, read line by line (RFC 5321 4.1.1.1). */
#include "syntax/extension.h"

static void skip_spaces(smtp__cursor *cursor)
{
    (void)smtp__take_run(cursor, SMTP__WSP);
}

smtp_str smtp__trimmed(smtp__cursor *cursor)
{
    skip_spaces(cursor);
    smtp_str rest = smtp__rest(cursor);
    while (rest.len > 0 && smtp__is((unsigned char)rest.ptr[rest.len - 1], SMTP__WSP)) {
        rest.len--;
    }
    return rest;
}

/* Reads the domain and the greeting of the first line. The domain may be any word: what a client
 * calls its peer does not come from here. */
static int read_greeting(smtp_capabilities *out, smtp__cursor *cursor)
{
    out->domain = smtp__take_until(cursor, SMTP__WSP);
    out->greeting = smtp__trimmed(cursor);
    return out->domain.len > 0 ? 0 : SMTP_ERR_KEYWORD;
}

/* Reads a keyword (RFC 5321 4.1.1.1, ehlo-keyword). It ends at white space, or at the '=' of a form
 * of AUTH that is older than its RFC. */
static int take_keyword(smtp__cursor *cursor, smtp_str *out)
{
    *out = smtp__take_run(cursor, SMTP__LDH);
    if (out->len == 0 || *out->ptr == '-') {
        return SMTP_ERR_KEYWORD;
    }
    if (cursor->at == cursor->end || smtp__is((unsigned char)*cursor->at, SMTP__WSP)) {
        return 0;
    }
    return smtp__at(cursor, '=') ? 0 : SMTP_ERR_KEYWORD;
}

static void note(smtp_capabilities *out, smtp_str keyword, smtp_str parameters, int equals)
{
    const smtp__extension *extension = smtp__extension_find(keyword);
    if (extension == NULL || (equals && extension->row.bit != SMTP_EXT_AUTH)) {
        return;
    }
    if (extension->read == NULL || extension->read(out, parameters) != SMTP__KEYWORD_IGNORED) {
        out->extensions |= extension->row.bit;
    }
}

int smtp_capabilities_read(smtp_capabilities *out, smtp_str text, int first, smtp_str *keyword,
                           smtp_str *parameters)
{
    smtp__cursor cursor = smtp__cursor_start(text);
    smtp_str none = {NULL, 0};
    smtp_str word = none;
    smtp_str rest = none;
    skip_spaces(&cursor);
    int error = first ? read_greeting(out, &cursor) : take_keyword(&cursor, &word);
    if (error == 0 && !first) {
        int equals = smtp__take(&cursor, '=');
        rest = smtp__trimmed(&cursor);
        note(out, word, rest, equals);
    }
    if (keyword != NULL) {
        *keyword = error == 0 ? word : none;
    }
    if (parameters != NULL) {
        *parameters = rest;
    }
    return error;
}
