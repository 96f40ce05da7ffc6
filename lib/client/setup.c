/* SPDX-License-Identifier: MIT
 * The beginning and the end of a session: greeting, EHLO, STARTTLS by policy, QUIT. */
#include <string.h>

#include "client/client.h"

static void say_hello(smtp_client *client, int verb)
{
    client->state = SMTP__CLIENT_HELLO;
    client->esmtp = verb != SMTP_VERB_HELO;
    (void)smtp__client_put(client, verb);
}

/* What points into the reply to EHLO, which is the end of the structure, goes with it. */
static void forget_slices(smtp_client *client)
{
    smtp_capabilities *capabilities = &client->terms->capabilities;
    const size_t numbers = offsetof(smtp_capabilities, domain);

    memset((char *)capabilities + numbers, 0, sizeof *capabilities - numbers);
    client->text_kept = 0;
    client->text_length = 0;
}

/* RFC 5321 3.1 */
void smtp__client_leave(smtp_client *client, int error, const smtp__client_reply *reply)
{
    forget_slices(client);
    if (reply->code == 421)
        return; /* the session ends with it, here as anywhere */
    /* A positive reply did not decide it. */
    smtp__session_refuse(&client->session, error, reply->code >= 400 ? reply->code : 0, 0);
    client->leaving = (int16_t)error;
    smtp__client_say_quit(client);
}

void smtp__client_start(smtp_session *session)
{
    smtp_client *client = (smtp_client *)session;

    smtp__client_expect(client, SMTP_VERB_CONNECT);
    if (client->tls_policy == SMTP_TLS_IMPLICIT)
        smtp__session_want_tls(session);
    smtp__client_advance(client);
}

void smtp__client_tls_started(smtp_session *session)
{
    smtp_client *client = (smtp_client *)session;

    if (client->state != SMTP__CLIENT_CONNECTING) {
        /* What was learnt in the clear may have been said by somebody else (RFC 3207 4.2). */
        memset(&client->terms->capabilities, 0, sizeof client->terms->capabilities);
        forget_slices(client);
        client->reply_code = 0;
        say_hello(client, client->flags & SMTP_CLIENT_LMTP ? SMTP_VERB_LHLO : SMTP_VERB_EHLO);
    }
    smtp__client_advance(client);
}

void smtp__client_on_greeting(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code / 100 == 2)
        say_hello(client, client->flags & SMTP_CLIENT_LMTP ? SMTP_VERB_LHLO : SMTP_VERB_EHLO);
    else
        smtp__client_leave(client, SMTP_ERR_REFUSED, reply);
}

/* Reads the keywords. Their slices point into the text of the reply, which is kept up to `ready`
 * whatever is said before it, and gone after it. */
static void read_capabilities(smtp_client *client, smtp_str text)
{
    int first = 1;

    if (text.ptr == client->text)
        client->text_length = client->text_kept = (uint32_t)text.len;

    memset(&client->terms->capabilities, 0, sizeof client->terms->capabilities);
    while (first || text.len > 0) {
        const char *lf = text.len > 0 ? memchr(text.ptr, '\n', text.len) : NULL;
        smtp_str line = text;

        if (lf != NULL)
            line.len = (size_t)(lf - text.ptr);
        (void)smtp_capabilities_read(&client->terms->capabilities, line, first, NULL, NULL);
        first = 0;
        text.ptr += lf != NULL ? line.len + 1 : line.len;
        text.len -= lf != NULL ? line.len + 1 : line.len;
    }
    /* SMTPUTF8 cannot be had without it (RFC 6531 3.1). */
    if (client->terms->capabilities.extensions & SMTP_EXT_SMTPUTF8)
        client->terms->capabilities.extensions |= SMTP_EXT_8BITMIME;
}

void smtp__client_be_ready(smtp_client *client)
{
    smtp_ready_event event;

    client->state = SMTP__CLIENT_READY;
    event.capabilities = &client->terms->capabilities;
    event.tls = client->session.tls == SMTP__TLS_ON;
    event.esmtp = client->esmtp;
    event.authenticated = client->auth != NULL && client->auth->done;
    if (client->callbacks->ready != NULL)
        client->callbacks->ready(client, &event, client->user);
    forget_slices(client);
}

/* The last EHLO was answered: AUTH where the caller wants it, else that is all. */
static void authenticate_or_go_on(smtp_client *client, const smtp__client_reply *reply)
{
    int error;

    if (client->auth == NULL || client->callbacks->credentials == NULL) {
        smtp__client_be_ready(client);
        return;
    }
    client->state = SMTP__CLIENT_AUTH;
    error = smtp__client_authenticate(client);
    if (error != SMTP_ERR_OK && client->session.stage == SMTP__RUNNING)
        smtp__client_leave(client, error, reply);
}

/* After the last EHLO of the clear text, TLS: as the policy says. There is one place where
 * "required" is decided. */
static void secure_or_go_on(smtp_client *client, const smtp__client_reply *reply)
{
    int wanted =
        client->tls_policy == SMTP_TLS_REQUIRED || client->tls_policy == SMTP_TLS_OPPORTUNISTIC;

    int offered = client->state == SMTP__CLIENT_HELLO &&
                  (client->terms->capabilities.extensions & SMTP_EXT_STARTTLS) != 0;
    int secured = client->session.tls == SMTP__TLS_ON;

    if (!secured && wanted && offered) {
        client->state = SMTP__CLIENT_STARTTLS;
        (void)smtp__client_put(client, SMTP_VERB_STARTTLS);
    } else if (secured || client->tls_policy != SMTP_TLS_REQUIRED) {
        authenticate_or_go_on(client, reply);
    } else {
        smtp__client_leave(client, SMTP_ERR_TLS_REQUIRED, reply);
    }
}

/* Codes of servers that do not know EHLO (RFC 5321 3.2). */
static int knows_no_ehlo(int code)
{
    return code == 500 || code == 501 || code == 502 || code == 504;
}

void smtp__client_on_hello(smtp_client *client, const smtp__client_reply *reply)
{
    uint32_t no_helo = SMTP_CLIENT_NO_HELO | SMTP_CLIENT_LMTP;

    if (reply->code / 100 == 2) {
        if (client->esmtp)
            read_capabilities(client, reply->text);
        secure_or_go_on(client, reply);
    } else if (client->esmtp && knows_no_ehlo(reply->code) && (client->flags & no_helo) == 0) {
        memset(&client->terms->capabilities, 0, sizeof client->terms->capabilities);
        /* With HELO there is no STARTTLS. */
        if (client->tls_policy == SMTP_TLS_REQUIRED && client->session.tls != SMTP__TLS_ON)
            smtp__client_leave(client, SMTP_ERR_TLS_REQUIRED, reply);
        else
            say_hello(client, SMTP_VERB_HELO);
    } else {
        smtp__client_leave(client, SMTP_ERR_REFUSED, reply);
    }
}

void smtp__client_on_starttls(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code == 220)
        smtp__session_want_tls(&client->session);
    else if (reply->code != 421) /* with which the session ends */
        secure_or_go_on(client, reply);
}

void smtp__client_on_quit(smtp_client *client, const smtp__client_reply *reply)
{
    (void)reply;
    smtp__session_end(&client->session, client->leaving);
}

/* Only this code turns the roles (RFC 2645 5.3). */
void smtp__client_on_atrn(smtp_client *client, const smtp__client_reply *reply)
{
    if (reply->code == 250)
        smtp__session_turn(&client->session);
}
