/* SPDX-License-Identifier: MIT
 * The GS2 header and the names in it. */
#include "sasl/gs2.h"

#include <string.h>

enum { CODED = 3 }; /* characters of "=2C" */

/* By SMTP_BINDING_. */
static const char *const bindings[] = {NULL, "tls-exporter", "tls-server-end-point", "tls-unique"};

enum { BINDINGS = sizeof bindings / sizeof bindings[0] };

int smtp__gs2_binding(smtp_str name)
{
    for (int i = SMTP_BINDING_NONE + 1; i < BINDINGS; i++) {
        if (smtp_str_equal(name, smtp_text(bindings[i]))) {
            return i;
        }
    }
    return SMTP_BINDING_NONE;
}

int smtp__gs2_read(smtp__cursor *cursor, smtp__gs2 *out)
{
    smtp__gs2 none = {0, {NULL, 0}, {NULL, 0}};
    *out = none;
    if (!smtp__at(cursor, 'n') && !smtp__at(cursor, 'y') && !smtp__at(cursor, 'p')) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    out->flag = *cursor->at++;
    if (out->flag == 'p') {
        if (!smtp__take(cursor, '=')) {
            return SMTP_ERR_AUTH_PROTOCOL;
        }
        out->binding = smtp__sasl_take_until(cursor, ',');
    }
    if (!smtp__take(cursor, ',')) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (smtp__take(cursor, 'a')) {
        int coded = smtp__take(cursor, '=');
        out->authzid = smtp__sasl_take_until(cursor, ',');
        if (!coded || out->authzid.len == 0) {
            return SMTP_ERR_AUTH_PROTOCOL;
        }
    }
    return smtp__take(cursor, ',') ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

void smtp__gs2_write(smtp__writer *writer, char flag, int binding, smtp_str authzid)
{
    smtp__put(writer, flag);
    if (flag == 'p') {
        smtp__put(writer, '=');
        smtp__put_text(writer, bindings[binding]);
    }
    smtp__put(writer, ',');
    if (authzid.len > 0) {
        smtp__put_text(writer, "a=");
        smtp__saslname_write(writer, authzid);
    }
    smtp__put(writer, ',');
}

void smtp__saslname_write(smtp__writer *writer, smtp_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == ',') {
            smtp__put_text(writer, "=2C");
        } else if (name.ptr[i] == '=') {
            smtp__put_text(writer, "=3D");
        } else {
            smtp__put(writer, name.ptr[i]);
        }
    }
}

/* The octet that a text of three stands for, or 0. */
static char decoded(const char *text)
{
    return memcmp(text, "=2C", CODED) == 0 ? ',' : memcmp(text, "=3D", CODED) == 0 ? '=' : '\0';
}

/* Decodes from[0..len) to `to`, which may be the same, and gives the length, or 0 when it is coded
 * wrongly. */
static size_t decode(char *to, const char *from, size_t len)
{
    size_t length = 0;
    size_t at = 0;
    while (at < len) {
        char octet = from[at];
        if (octet != '=') {
            at++;
        } else {
            octet = len - at < CODED ? '\0' : decoded(from + at);
            at += CODED;
        }
        if (octet == '\0') {
            return 0;
        }
        to[length++] = octet;
    }
    return length;
}

int smtp__saslname_read(smtp_sasl *sasl, smtp_str coded, smtp_str *out)
{
    *out = coded;
    if (coded.len > 0 && memchr(coded.ptr, '=', coded.len) != NULL) {
        int error = smtp__sasl_keep(sasl, coded, out);
        if (error != 0) {
            return error;
        }
        char *kept = sasl->text.out + sasl->text.capacity; /* where it was kept */
        out->len = decode(kept, kept, coded.len);
        if (out->len == 0) {
            return SMTP_ERR_AUTH_PROTOCOL;
        }
    }
    return smtp__sasl_prepared(*out, SMTP_SASL_NAME_MAX);
}
