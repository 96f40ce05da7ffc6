/* SPDX-License-Identifier: MIT
 * The callbacks of a client session under test: each is checked against the account first. */
#include "sending_events.h"

#include <stdlib.h>
#include <string.h>

/* What letters may say: typed parameters as they are written, and text to add as it is. */
static const char *const mail_params[] = {
    NULL,         "SIZE=10", "BODY=8BITMIME", "RET=HDRS ENVID=x+2By", "BODY=BINARYMIME",
    "REQUIRETLS", "AUTH=<>", "BODY=7BIT",     "MT-PRIORITY=3",        "SMTPUTF8",
    "BY=100;R",   NULL,      "HOLDFOR=30",
};
static const char *const rcpt_params[] = {
    NULL,
    "NOTIFY=NEVER",
    "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@c.example",
    NULL,
};
static const char *const raw_params[] = {"X=1", "SIZE=1\r\nRCPT TO:<x@y>", "X=\r", " ", "RET=FULL"};

static int begin(sending *s, const char *name)
{
    size_t used = 1;

    CHECK(!s->closed && !s->gone);
    CHECK(smtp_session_receive(s->session, "x", 1, s->now, &used) == SMTP_ERR_REENTRANT);
    CHECK(used == 0);
    text_say(&s->log, "%s", name);
    if (++s->events == s->plan->delete_at) {
        smtp_client_del(s->client);
        s->gone = 1;
        return 0;
    }
    return 1;
}

static void say(sending *s, smtp_str words)
{
    text_say(&s->log, " ");
    text_add(&s->log, words);
    text_say(&s->log, "\n");
}

/* Typed parameters out of how they are written. */
static const smtp_params *typed(smtp_params *out, const char *command, const char *words)
{
    smtp_command parsed;
    text line = {NULL, 0, 0};

    memset(out, 0, sizeof *out);
    if (words == NULL)
        return NULL;
    text_say(&line, "%s%s", command, words);
    CHECK(smtp_command_parse(&parsed, text_str(&line), NULL, NULL) == SMTP_ERR_OK);
    *out = parsed.params;
    out->text = smtp_text(NULL);
    if (out->present & SMTP_PARAM_ENVID)
        out->envid = smtp_text("x+2By");
    if (out->present & SMTP_PARAM_AUTH)
        out->auth = smtp_text("<>");
    if (out->present & SMTP_PARAM_ORCPT) {
        out->orcpt_type = smtp_text("rfc822");
        out->orcpt_address = smtp_text("a+2Bb@c.example");
    }
    text_drop(&line);
    return out;
}

static const smtp_params *params_of(smtp_params *out, int row, int mail)
{
    const int typed_rows = mail ? (int)(sizeof mail_params / sizeof mail_params[0])
                                : (int)(sizeof rcpt_params / sizeof rcpt_params[0]);
    const char *words;

    if (row >= typed_rows) {
        memset(out, 0, sizeof *out);
        words = raw_params[(size_t)(row - typed_rows) % (sizeof raw_params / sizeof raw_params[0])];
        out->text = smtp_text(words);
        return out;
    }
    words = mail ? mail_params[row] : rcpt_params[row];
    return typed(out, mail ? "MAIL FROM:<a@b> " : "RCPT TO:<a@b> ", words);
}

static void fill_envelope(posted *out, const letter *next)
{
    size_t i;

    memset(out, 0, sizeof *out);
    out->envelope.size = sizeof out->envelope;
    out->envelope.reverse_path = next->from;
    out->envelope.params = params_of(&out->params[0], next->mail_params, 1);
    out->envelope.recipients = out->recipients;
    out->envelope.recipient_count = next->to_count;
    out->envelope.flags = next->flags;
    out->envelope.octets = next->says_octets ? next->body.len : 0;
    out->envelope.user = out;
    for (i = 0; i < next->to_count; i++) {
        out->recipients[i].mailbox = next->to[i];
        if (i == 0)
            out->recipients[i].params = params_of(&out->params[1], next->rcpt_params, 0);
    }
}

/* The place of a letter that is under way. */
static size_t place_of(const sending *s, const smtp_envelope *envelope)
{
    size_t i = 0;

    while (i < s->next && envelope != &s->posted[i].envelope)
        i++;
    CHECK(i < s->next && s->verdicts[i].refused == SMTP_ERR_OK && !s->verdicts[i].told);
    CHECK(envelope->user == &s->posted[i]);
    return i;
}

int sending_send(sending *s)
{
    size_t most = s->plan->habits & HABIT_AHEAD ? 2 : 1;
    size_t wrong = 0;
    size_t place = s->next;
    int error;

    if (s->busy == most || s->next == s->plan->letter_count)
        return 0;
    fill_envelope(&s->posted[place], &s->plan->letters[place]);
    s->next++;
    s->busy++;
    error = smtp_client_send(s->client, &s->posted[place].envelope, s->now, &wrong);
    if (s->gone)
        return 1;
    if (error == SMTP_ERR_STATE && s->busy > 1) { /* not while the body of the other one goes */
        s->next--;
        s->busy--;
        return 0;
    }
    s->asked = 0;
    s->verdicts[place].refused = error;
    text_say(&s->log, "send %s\n", smtp_error_name(error));
    if (error != SMTP_ERR_OK) {
        CHECK(s->verdicts[place].told == 0);
        CHECK(wrong == (size_t)-1 || wrong < s->posted[place].envelope.recipient_count);
        s->busy--;
    }
    return 1;
}

static void on_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    sending *s = user;

    if (!begin(s, "ready"))
        return;
    text_say(&s->log, " %lx %d %d %d\n", (unsigned long)event->capabilities->extensions, event->tls,
             event->esmtp, event->authenticated);
    CHECK(client == s->client && !s->ready);
    CHECK(event->tls == smtp_session_tls_active(s->session));
    CHECK(event->tls ||
          (s->plan->config.tls != SMTP_TLS_REQUIRED && s->plan->config.tls != SMTP_TLS_IMPLICIT));
    s->ready = 1;
    if (s->plan->habits & HABIT_EAGER)
        (void)sending_send(s);
}

static int on_credentials(smtp_client *client, const smtp_credentials_event *event, void *user)
{
    sending *s = user;

    (void)client;
    if (!begin(s, "credentials"))
        return SMTP_ACCEPT;
    text_say(&s->log, " %lx\n", (unsigned long)event->mechanisms);
    event->credentials->name = smtp_text("user");
    event->credentials->password = smtp_text("secret");
    event->credentials->token = smtp_text("token");
    return SMTP_ACCEPT;
}

static void on_reply(smtp_client *client, const smtp_reply_event *event, void *user)
{
    sending *s = user;

    (void)client;
    if (!begin(s, "reply"))
        return;
    text_say(&s->log, " %d %d %lu", event->verb, event->code, (unsigned long)event->status);
    say(s, event->text);
    CHECK(event->code >= 200 && event->code <= 599);
    if (event->verb == SMTP_VERB_DATA)
        wire_data_reply(&s->wire, event->code);
    if (event->verb == SMTP_VERB_END_OF_DATA && event->code / 100 == 2)
        s->accepted = 1;
}

static void on_recipient(smtp_client *client, const smtp_recipient_event *event, void *user)
{
    sending *s = user;
    posted *of;
    size_t place;

    (void)client;
    if (!begin(s, "recipient"))
        return;
    text_say(&s->log, " %lu %d %d %s", (unsigned long)event->position, event->recipient->result,
             event->recipient->code, smtp_error_name(event->error));
    say(s, event->text);
    place = place_of(s, event->envelope);
    of = &s->posted[place];
    CHECK(event->position < of->envelope.recipient_count);
    CHECK(event->recipient == &of->recipients[event->position]);
    CHECK(!of->told[event->position]);
    CHECK(event->recipient->result > SMTP_RESULT_NONE &&
          event->recipient->result <= SMTP_RESULT_UNKNOWN);
    CHECK(event->recipient->result != SMTP_RESULT_DELIVERED || s->accepted);
    of->told[event->position] = 1;
    s->verdicts[place].results[event->position] = event->recipient->result;
}

/* What is told of a letter is what was told of its recipients. */
static void judge(sending *s, size_t place, const smtp_sent_event *event)
{
    const posted *of = &s->posted[place];
    verdict *told = &s->verdicts[place];
    size_t delivered = 0;
    size_t i;

    for (i = 0; i < place; i++) /* in their order */
        CHECK(s->verdicts[i].told || s->verdicts[i].refused != SMTP_ERR_OK);
    for (i = 0; i < of->envelope.recipient_count; i++) {
        CHECK(of->told[i]);
        delivered += of->recipients[i].result == SMTP_RESULT_DELIVERED;
    }
    CHECK(event->delivered == delivered);
    CHECK((event->result == SMTP_RESULT_DELIVERED) == (delivered > 0));
    CHECK((event->result == SMTP_RESULT_DELIVERED) == (event->error == SMTP_ERR_OK));
    told->told = 1;
    told->result = event->result;
    told->delivered = delivered;
}

static void on_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    sending *s = user;
    size_t place;

    (void)client;
    if (!begin(s, "sent"))
        return;
    text_say(&s->log, " %d %d %s %lu", event->result, event->code, smtp_error_name(event->error),
             (unsigned long)event->delivered);
    say(s, event->text);
    place = place_of(s, event->envelope);
    judge(s, place, event);
    s->busy--;
    s->accepted = 0;
    if (s->body == place) { /* it is not borrowed any longer */
        s->resume = 0;
        free(s->piece);
        s->piece = NULL;
    }
    if (s->plan->habits & HABIT_EAGER)
        (void)sending_send(s);
}

/* A piece of its own, or in the buffer; the one before is gone. */
static int on_body(smtp_client *client, smtp_body_request *request, void *user)
{
    sending *s = user;
    size_t place = place_of(s, request->envelope);
    posted *to = &s->posted[place];
    const letter *of = &s->plan->letters[place];
    size_t len = of->body.len - to->given;

    (void)client;
    CHECK(place >= s->body && request->offset == to->given && request->capacity > 0);
    s->body = place;
    free(s->piece);
    s->piece = NULL;
    if ((of->source & SOURCE_FAILS) && to->given >= of->fails_at)
        return SMTP_ERR_BODY_FAILED;
    if ((of->source & SOURCE_DEFERS) && !to->has_deferred) {
        s->resume = to->has_deferred = 1;
        return SMTP_DEFER;
    }
    to->has_deferred = 0;
    if (of->piece != 0 && of->piece < len)
        len = of->piece;
    if ((of->source & SOURCE_FILLS) && len > request->capacity)
        len = request->capacity;
    if (of->source & SOURCE_FILLS) {
        request->chunk = part(of->body, to->given, len);
        if (len > 0)
            memcpy(request->buffer, request->chunk.ptr, len);
        request->chunk.ptr = request->buffer;
    } else {
        s->piece = exact(part(of->body, to->given, len));
        request->chunk.ptr = s->piece;
        request->chunk.len = len;
    }
    to->given += len;
    request->last = to->given == of->body.len && (len == 0 || !(of->source & SOURCE_EMPTY_END));
    return SMTP_ACCEPT;
}

static void on_close(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    sending *s = user;

    (void)client;
    if (!begin(s, "close"))
        return;
    text_say(&s->log, " %s %d", smtp_error_name(event->error), event->code);
    say(s, event->text);
    CHECK(s->busy == 0);
    s->closed++;
}

smtp_client_callbacks sending_callbacks(void)
{
    smtp_client_callbacks all;

    memset(&all, 0, sizeof all);
    all.size = sizeof all;
    all.ready = on_ready;
    all.credentials = on_credentials;
    all.reply = on_reply;
    all.recipient = on_recipient;
    all.sent = on_sent;
    all.body = on_body;
    all.close = on_close;
    return all;
}
