/* SPDX-License-Identifier: MIT
 * The mechanisms that send an access token: OAUTHBEARER (RFC 7628) and XOAUTH2, which was there
 * before it and has no GS2 header, but a pair "user". */
#include "base/number.h"
#include "sasl/gs2.h"

#define SEPARATOR '\x01'

enum { PORT_DIGITS = 5, PORT_MAX = 65535, PAIRS = 4 };

/* The pairs that have a meaning; others are ignored. */
enum { USER, AUTH, HOST, PORT };
static const char *const keys[PAIRS] = {"user", "auth", "host", "port"};

/* ---- the client's side ---- */

/* Whose mailbox it is: a token may be good for more than one. */
static smtp_str user_of(const smtp_sasl *sasl)
{
    const smtp_credentials *given = &sasl->given.client;
    return given->authzid.len > 0 ? given->authzid : given->name;
}

static void put_pair(smtp__writer *writer, int key, smtp_str value)
{
    smtp__put_text(writer, keys[key]);
    smtp__put(writer, '=');
    smtp__put_str(writer, value);
    smtp__put(writer, SEPARATOR);
}

/* The last pair, and the end of the message. */
static int say_token(smtp_sasl *sasl, smtp_str *out)
{
    smtp__put_text(&sasl->text, keys[AUTH]);
    smtp__put_text(&sasl->text, "=Bearer ");
    smtp__put_str(&sasl->text, sasl->given.client.token);
    smtp__put(&sasl->text, SEPARATOR);
    smtp__put(&sasl->text, SEPARATOR);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

int smtp__oauthbearer_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    const smtp_credentials *given = &sasl->given.client;
    (void)message;
    smtp__gs2_write(&sasl->text, 'n', SMTP_BINDING_NONE, user_of(sasl));
    smtp__put(&sasl->text, SEPARATOR);
    if (given->host.len > 0) {
        put_pair(&sasl->text, HOST, given->host);
    }
    if (given->port > 0) {
        char digits[SMTP__DECIMAL_MAX];
        smtp_str port = {digits, smtp__decimal_write(digits, given->port)};
        put_pair(&sasl->text, PORT, port);
    }
    return say_token(sasl, out);
}

int smtp__xoauth2_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    put_pair(&sasl->text, USER, user_of(sasl));
    return say_token(sasl, out);
}

/* The server has said in JSON why it refuses, and wants a word before it may do so (RFC
 * 7628 3.2.3). */
int smtp__oauth_yield_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__sasl_clear(sasl);
    smtp__put(&sasl->text, SEPARATOR);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

int smtp__xoauth2_yield_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__sasl_clear(sasl);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

/* ---- the server's side ---- */

static int refuse(smtp_sasl *sasl, smtp_str *out)
{
    size_t start = sasl->text.len;
    smtp_str error = sasl->given.server.oauth_error;
    smtp__put_str(&sasl->text, error.len > 0 ? error : smtp_text("{\"status\":\"invalid_token\"}"));
    return smtp__sasl_say(sasl, start, SMTP_SASL_MORE, out);
}

/* Whatever it says, it has failed. */
int smtp__oauth_yield_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)sasl;
    (void)message;
    (void)out;
    return SMTP_ERR_AUTH_FAILED;
}

int smtp__oauth_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    return answer->verdict == SMTP_SASL_ACCEPTED ? smtp__sasl_decide(sasl, answer, out)
                                                 : refuse(sasl, out);
}

/* What a pair may hold: VCHAR / SP / HTAB / CR / LF. */
static int take_value(smtp__cursor *cursor, smtp_str *out)
{
    const char *start = cursor->at;
    while (smtp__take_run(cursor, SMTP__VISIBLE | SMTP__WSP).len > 0 || smtp__take(cursor, '\r') ||
           smtp__take(cursor, '\n')) {
    }
    *out = smtp__since(cursor, start);
    return smtp__take(cursor, SEPARATOR);
}

/* Reads pairs up to the separator that ends the message. None that has a meaning may be there
 * twice. */
static int take_pairs(smtp__cursor *cursor, smtp_str values[PAIRS])
{
    while (!smtp__take(cursor, SEPARATOR)) {
        smtp_str value;
        smtp_str key = smtp__take_run(cursor, SMTP__ALPHA);
        if (key.len == 0 || !smtp__take(cursor, '=') || !take_value(cursor, &value)) {
            return SMTP_ERR_AUTH_PROTOCOL;
        }
        for (int i = 0; i < PAIRS; i++) {
            if (!smtp_str_equal(key, smtp_text(keys[i]))) {
                continue;
            }
            if (values[i].ptr != NULL) {
                return SMTP_ERR_AUTH_PROTOCOL;
            }
            values[i] = value;
        }
    }
    return cursor->at == cursor->end ? 0 : SMTP_ERR_AUTH_PROTOCOL;
}

static int take_port(smtp_str text, uint32_t *out)
{
    uint64_t port = 0;
    if (text.ptr != NULL &&
        (smtp__decimal(text, PORT_DIGITS, &port) != 0 || *text.ptr == '0' || port > PORT_MAX)) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    *out = (uint32_t)port;
    return 0;
}

/* Gives the token of a scheme that is Bearer, or an empty one. */
static smtp_str token_of(smtp_str authorization)
{
    smtp_str none = {NULL, 0};
    smtp__cursor cursor = smtp__cursor_start(authorization);
    if (!smtp__take_text(&cursor, "Bearer") || !smtp__take(&cursor, ' ')) {
        return none;
    }
    while (smtp__take(&cursor, ' ')) {
    }
    smtp_str token = smtp__rest(&cursor);
    return smtp__sasl_visible(token) ? token : none;
}

/* Reads the pairs and asks about the token. An empty authorization asks for nothing but the error
 * (RFC 7628 4.3). */
static int hear_pairs(smtp_sasl *sasl, smtp__cursor *cursor, smtp_str *user, smtp_str *out)
{
    smtp_str values[PAIRS] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    smtp_sasl_question *question = &sasl->question;
    if (take_pairs(cursor, values) != 0 || values[AUTH].ptr == NULL ||
        take_port(values[PORT], &question->port) != 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (user != NULL) {
        *user = values[USER];
        int error = smtp__sasl_prepared(*user, SMTP_SASL_NAME_MAX);
        if (error != 0) {
            return error;
        }
    }
    question->host = values[HOST];
    int error = smtp__sasl_optional(question->host, SMTP_SASL_NAME_MAX);
    if (error != 0) {
        return error;
    }
    question->token = token_of(values[AUTH]);
    return question->token.len > 0 ? smtp__sasl_ask(sasl, SMTP_SASL_ASK_VERDICT)
                                   : refuse(sasl, out);
}

int smtp__oauthbearer_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    smtp__gs2 header;
    int error = smtp__sasl_copy(sasl, message, &message);
    if (error != 0) {
        return error;
    }
    smtp__cursor cursor = smtp__cursor_start(message);
    if (smtp__gs2_read(&cursor, &header) != 0 || header.flag == 'p' ||
        !smtp__take(&cursor, SEPARATOR)) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    if (header.authzid.len > 0) {
        error = smtp__saslname_read(sasl, header.authzid, &sasl->question.authzid);
    }
    return error != 0 ? error : hear_pairs(sasl, &cursor, NULL, out);
}

int smtp__xoauth2_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    int error = smtp__sasl_copy(sasl, message, &message);
    if (error != 0) {
        return error;
    }
    smtp__cursor cursor = smtp__cursor_start(message);
    return hear_pairs(sasl, &cursor, &sasl->question.name, out);
}
