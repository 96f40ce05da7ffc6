/* SPDX-License-Identifier: MIT
 * A client session under test: how it is set up, and its ports. */
#include "sending.h"

#include <stdlib.h>
#include <string.h>

#include "sending_events.h"
#include "toy.h"

enum { TIME_START = 1000, LINE_LIMIT = 65536, LONG_BODY = 6000 };

static const char *const mailboxes[] = {
    "a@client.example",
    "\"q u\\\"ote\"@x.example",
    "Postmaster",
    "u@[192.0.2.1]",
    "u@[IPv6:2001:db8::1]",
    "\xc3\xa9@x.example",
    "u@\xc3\xa9.example",
    "a b@c",
    "a@b\r\nRCPT TO:<c@d>",
    "",
    "<a@b>",
    "a@b> SIZE=1",
};

/* A body of many short lines and some long ones. */
static smtp_str long_body(void)
{
    static char octets[LONG_BODY];
    smtp_str body = {octets, sizeof octets};
    size_t i;

    for (i = 0; i < sizeof octets; i++) {
        size_t column = i % 200 < 60 ? i % 5 : i % 200;
        octets[i] = (char)(column == 3 ? '\r' : column == 4 ? '\n' : i % 3 ? '.' : 'x');
    }
    return body;
}

static smtp_str draw_body(choices *from)
{
    static const char *const bodies[] = {
        "A line\r\n",
        "",
        ".\r\n..\r\n.x\r\n",
        "not ended",
        "bare\nLF\r\n",
        "CR\rx",
        "caf\xc3\xa9 \xff\r\n",
        "x\r\n.\r\nMAIL FROM:<>\r\n",
        "a CR at the end\r\n\r",
    };
    uint32_t row = draw(from, 11);

    if (row < sizeof bodies / sizeof bodies[0])
        return smtp_text(bodies[row]);
    return row == 9 ? long_body() : part(long_body(), 0, 1 + draw(from, 256) * 20);
}

static smtp_str draw_mailbox(choices *from)
{
    return smtp_text(mailboxes[draw(from, sizeof mailboxes / sizeof mailboxes[0])]);
}

static letter draw_letter(choices *from)
{
    letter drawn;
    size_t i;

    memset(&drawn, 0, sizeof drawn);
    drawn.to_count = 1 + draw(from, SENDING_RECIPIENTS);
    drawn.from = draw_mailbox(from);
    for (i = 0; i < drawn.to_count; i++)
        drawn.to[i] = draw_mailbox(from);
    drawn.mail_params = (int)draw(from, 18);
    drawn.rcpt_params = (int)draw(from, 9);
    drawn.flags = draw(from, 8);
    drawn.says_octets = (int)draw(from, 2);
    drawn.piece = draw(from, 256);
    drawn.source = draw(from, 16);
    drawn.fails_at = draw(from, 256);
    drawn.body = draw_body(from);
    return drawn;
}

sending_plan draw_sending(choices *from, const smtp_str *body)
{
    sending_plan plan;
    smtp_client_config *config = &plan.config;

    memset(&plan, 0, sizeof plan);
    config->size = sizeof *config;
    config->hostname = smtp_text("client.example");
    config->tls = (int)draw(from, 4);
    config->flags = draw(from, 32);
    config->reply_line_max = draw(from, 4) * 300;
    config->reply_max = draw(from, 4) * 300;
    config->output_buffer = draw(from, 256) * 16;
    config->pending_max = draw(from, 8);
    if (draw(from, 2)) {
        config->sasl = smtp_sasl_suite_all();
        config->crypto = draw(from, 4) == 0 ? NULL : &toy_crypto;
        config->mechanisms = draw_bits(from, 2) & 0x7ff;
    }
    plan.habits = draw(from, 16);
    plan.delete_at = draw(from, 64);
    plan.letter_count = 1 + draw(from, SENDING_TRANSACTIONS);
    for (size_t i = 0; i < plan.letter_count; i++)
        plan.letters[i] = draw_letter(from);
    if (body != NULL)
        plan.letters[0].body = *body;
    return plan;
}

static void on_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    sending *s = user;

    CHECK(session == s->session);
    if (event->kind == SMTP_TRACE_BODY)
        return;
    text_say(&s->trace, "%d %d %lu ", event->client, event->kind, (unsigned long)event->octets);
    text_add(&s->trace, event->text);
    text_say(&s->trace, "\n");
}

int sending_start(sending *s, const sending_plan *plan, int in_storage)
{
    smtp_allocator allocator;
    int error;

    memset(s, 0, sizeof *s);
    s->plan = plan;
    s->now = TIME_START;
    s->callbacks = sending_callbacks();
    allocator = memory_allocator(&s->memory);
    if (in_storage) {
        size_t bytes = smtp_client_bytes(&plan->config);
        s->storage = malloc(bytes > 0 ? bytes : 1);
        error = smtp_client_init(&s->client, s->storage, bytes, &plan->config, &s->callbacks, s);
    } else {
        error = smtp_client_new(&s->client, &plan->config, &s->callbacks, s, &allocator);
    }
    if (error != SMTP_ERR_OK) {
        CHECK(s->client == NULL && s->memory.live == 0);
        s->gone = 1;
        return 0;
    }
    s->session = smtp_client_session(s->client);
    s->memory.wiped = 1;
    smtp_session_set_trace(s->session, on_trace, s);
    (void)smtp_session_start(s->session, s->now);
    return 1;
}

void sending_drop(sending *s)
{
    if (!s->gone)
        smtp_client_del(s->client);
    CHECK(s->memory.live == 0);
    CHECK(s->memory.most <= smtp_client_bytes(&s->plan->config) + LINE_LIMIT);
    free(s->storage);
    free(s->piece);
    text_drop(&s->log);
    text_drop(&s->trace);
    text_drop(&s->out);
    text_drop(&s->wire.line);
}

/* A few commands between the letters: some good, some that are to be refused. */
static int ask(sending *s)
{
    static const struct {
        int verb;
        const char *name;
        const char *argument;
    } commands[] = {
        {SMTP_VERB_NOOP, NULL, NULL},        {SMTP_VERB_VRFY, NULL, "Smith"},
        {SMTP_VERB_NOOP, NULL, "x\r\nQUIT"}, {SMTP_VERB_CUSTOM, "NOOP", "custom"},
        {SMTP_VERB_CUSTOM, "QUIT\r\n", ""},  {SMTP_VERB_RSET, NULL, NULL},
        {SMTP_VERB_DATA, NULL, NULL},
    };
    size_t i = (size_t)s->asked;
    int error;

    if (i == sizeof commands / sizeof commands[0] || s->busy)
        return 0;
    error = smtp_client_command(s->client, commands[i].verb, smtp_text(commands[i].name),
                                smtp_text(commands[i].argument), s->now);
    if (error == SMTP_ERR_NO_SPACE)
        return 0;
    CHECK(error <= 0);
    text_say(&s->log, "command %s\n", smtp_error_name(error));
    s->asked++;
    return 1;
}

int sending_go_on(sending *s)
{
    if (s->gone || s->closed)
        return 0;
    if (s->resume) {
        s->resume = 0;
        return smtp_client_resume(s->client, s->now) == SMTP_ERR_OK;
    }
    if (!s->ready && (s->plan->habits & HABIT_EAGER) == 0)
        return 0;
    if (s->ready && !s->busy && (s->plan->habits & HABIT_COMMANDS) && !s->quit && ask(s))
        return 1;
    if (s->quit)
        return 0;
    if (sending_send(s))
        return 1;
    if (s->busy > 0 || (s->plan->habits & HABIT_NO_QUIT) || !s->ready)
        return 0;
    s->quit = 1;
    CHECK(smtp_client_quit(s->client, s->now) == SMTP_ERR_OK || s->closed);
    return 1;
}

void sending_gone(sending *s, smtp_str octets)
{
    text_add(&s->out, octets);
    wire_take(&s->wire, octets);
}

size_t sending_take(sending *s, size_t most)
{
    smtp_str slices[3];
    size_t taken = 0;
    size_t n;
    size_t i;

    if (s->gone)
        return 0;
    n = smtp_session_output(s->session, slices, 3);
    CHECK((n > 0) == ((smtp_session_wants(s->session) & SMTP_WANTS_WRITE) != 0));
    for (i = 0; i < n && taken < most; i++) {
        size_t len = slices[i].len < most - taken ? slices[i].len : most - taken;
        sending_gone(s, part(slices[i], 0, len));
        taken += len;
    }
    if (taken > 0)
        smtp_session_sent(s->session, taken, s->now);
    return taken;
}

size_t sending_give(sending *s, smtp_str octets)
{
    char *block;
    size_t used = octets.len + 1;
    int error;

    if (s->gone)
        return 0;
    block = exact(octets);
    error = smtp_session_receive(s->session, block, octets.len, s->now, &used);
    free(block);
    CHECK(used <= octets.len);
    CHECK(error <= 0 && error != SMTP_ERR_STATE && error != SMTP_ERR_REENTRANT);
    if (!s->gone && error != SMTP_ERR_OK)
        CHECK(error == smtp_session_error(s->session, NULL) && s->closed);
    return used;
}

void sending_finish(sending *s)
{
    size_t i;

    if (s->gone)
        return;
    (void)smtp_session_eof(s->session, s->now);
    if (s->gone)
        return;
    CHECK(s->closed == 1 && s->busy == 0);
    for (i = 0; i < s->next; i++)
        CHECK(s->verdicts[i].told == (s->verdicts[i].refused == SMTP_ERR_OK));
    CHECK(smtp_session_wants(s->session) == SMTP_WANTS_CLOSE);
    CHECK(smtp_session_deadline(s->session) == SMTP_TIME_NEVER);
    (void)smtp_session_eof(s->session, s->now);
    (void)smtp_session_expire(s->session, s->now + 10000000);
    CHECK(smtp_client_quit(s->client, s->now) == SMTP_ERR_STATE);
    CHECK(smtp_client_send(s->client, &s->posted[0].envelope, s->now, NULL) < 0);
    CHECK(s->closed == 1);
}
