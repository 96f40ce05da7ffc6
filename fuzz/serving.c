/* SPDX-License-Identifier: MIT
 * A server session under test: how it is set up, and its ports. */
#include "serving.h"

#include <stdlib.h>
#include <string.h>

#include "serving_events.h"
#include "toy.h"

enum { TIME_START = 1000, LINE_LIMIT = 16384, BODY_RECORD = 64 };

static const smtp_str keywords[] = {{"XCLIENT NAME ADDR", 17}, {"XOWN", 4}};
static const smtp_str verbs[] = {{"XCLIENT", 7}, {"XOWN", 4}};
static const smtp_param_rule params[] = {
    {{"XANY", 4}, SMTP_VERB_MAIL, 0},
    {{"XVALUE", 6}, SMTP_VERB_RCPT, 1},
};

/* No extension, all, or as the choices say. */
static uint32_t draw_extensions(choices *from)
{
    uint32_t how = draw(from, 4);

    if (how < 2)
        return how == 0 ? 0 : UINT32_MAX;
    return draw_bits(from, 4);
}

/* A limit: 0, or `least` and some. */
static uint32_t draw_limit(choices *from, uint32_t least, uint32_t step)
{
    uint32_t octet = draw(from, 256);

    return octet == 0 ? 0 : least + step * octet;
}

static void draw_config(choices *from, smtp_server_config *config)
{
    config->size = sizeof *config;
    config->hostname = smtp_text("server.example");
    config->flags = draw(from, 256);
    config->tolerate = draw_bits(from, 2) & 0x1fff;
    config->offer = draw_extensions(from);
    config->withhold = draw_extensions(from);
    config->message_max = draw_limit(from, 0, 8);
    config->recipients_max = draw_limit(from, 0, 1);
    config->transactions_max = draw_limit(from, 0, 1);
    config->commands_max = draw_limit(from, 0, 1);
    config->errors_max = draw_limit(from, 0, 1);
    config->line_max = draw_limit(from, 512, 8);
    config->line_buffer = draw_limit(from, 0, 4);
    config->output_buffer = draw_limit(from, 512, 8);
    config->greeting_delay = draw_limit(from, 0, 1000);
    config->hold_max = 86400;
    config->hold_until_max = 4000000000u;
    config->deliver_by_min = 60;
    config->burl = smtp_text("imap");
    if (draw(from, 2)) {
        config->sasl = smtp_sasl_suite_all();
        config->crypto = draw(from, 4) == 0 ? NULL : &toy_crypto;
        config->mechanisms = draw_bits(from, 2) & 0x7ff;
        config->fake_secret = smtp_text("sixteen octets or more");
        config->auth_line_max = draw_limit(from, 0, 16);
        config->token_max = draw_limit(from, 0, 16);
        config->auth_failures_max = draw_limit(from, 0, 1);
    }
    if (draw(from, 2)) {
        config->keywords = keywords;
        config->keyword_count = sizeof keywords / sizeof keywords[0];
        config->verbs = verbs;
        config->verb_count = sizeof verbs / sizeof verbs[0];
        config->params = params;
        config->param_count = sizeof params / sizeof params[0];
    }
}

serving_plan draw_serving(choices *from)
{
    serving_plan plan;

    memset(&plan, 0, sizeof plan);
    draw_config(from, &plan.config);
    plan.absent = draw_bits(from, 2);
    plan.offer_while_deferred = (int)draw(from, 2);
    plan.through_store = (int)draw(from, 2);
    plan.delete_at = draw(from, 64);
    plan.fail_at = draw(from, 8);
    plan.answer_count = draw(from, 64);
    if (plan.answer_count > from->left)
        plan.answer_count = from->left;
    plan.answers = from->at;
    if (plan.answer_count > 0) {
        from->at += plan.answer_count;
        from->left -= plan.answer_count;
    }
    return plan;
}

/* Content that is not wanted is read past, but not for ever. */
static void check_content(serving *s, uint64_t octets)
{
    uint64_t most = s->plan->config.message_max;

    CHECK(most == 0 || s->read <= 2 * (2 * most + 2) + BODY_RECORD);
    s->read += octets;
}

/* Behind a request of HTTP nothing is read any more. */
static void check_line(serving *s, smtp_str line)
{
    static const char first[] = "GET ";
    static const char last[] = " HTTP/1.1";
    size_t end = sizeof last - 1;

    CHECK(!s->stranger);
    s->stranger = line.len > end && memcmp(line.ptr, first, sizeof first - 1) == 0 &&
                  memcmp(line.ptr + line.len - end, last, end) == 0;
}

static void on_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    serving *s = user;

    CHECK(session == s->session);
    if (event->kind == SMTP_TRACE_BODY) {
        check_content(s, event->octets);
        return;
    }
    if (event->client) {
        s->read = 0;
        check_line(s, event->text);
    }
    text_say(&s->trace, "%d %d %lu ", event->client, event->kind, (unsigned long)event->octets);
    text_add(&s->trace, event->text);
    text_say(&s->trace, "\n");
}

int serving_start(serving *s, const serving_plan *plan, int in_storage)
{
    smtp_allocator allocator;
    int error;

    memset(s, 0, sizeof *s);
    s->plan = plan;
    s->start = s->now = TIME_START;
    serving_set_callbacks(s);
    s->memory.fail_at = plan->fail_at;
    allocator = memory_allocator(&s->memory);
    if (in_storage) {
        size_t bytes = smtp_server_bytes(&plan->config);
        s->storage = malloc(bytes > 0 ? bytes : 1);
        error = smtp_server_init(&s->server, s->storage, bytes, &plan->config, &s->callbacks, s);
    } else {
        error = smtp_server_new(&s->server, &plan->config, &s->callbacks, s, &allocator);
    }
    if (error != SMTP_ERR_OK) {
        CHECK(s->server == NULL && s->memory.live == 0);
        s->gone = 1;
        return 0;
    }
    s->session = smtp_server_session(s->server);
    s->memory.wiped = 1;
    smtp_session_set_trace(s->session, on_trace, s);
    CHECK(smtp_session_wants(s->session) == 0);
    (void)smtp_session_start(s->session, s->now);
    return 1;
}

static void drop_stored(stored *gone)
{
    text_drop(&gone->from);
    text_drop(&gone->body);
}

void serving_drop(serving *s)
{
    size_t i;

    if (!s->gone)
        smtp_server_del(s->server);
    CHECK(s->memory.live == 0);
    CHECK(s->memory.most <= smtp_server_bytes(&s->plan->config) + LINE_LIMIT);
    for (i = 0; i < s->stored_count; i++)
        drop_stored(&s->stored[i]);
    drop_stored(&s->current);
    free(s->stored);
    free(s->storage);
    text_drop(&s->log);
    text_drop(&s->trace);
    text_drop(&s->out);
    text_drop(&s->body);
}

int serving_answer(serving *s)
{
    uint64_t ticket = s->due;
    smtp_str words = smtp_text(s->due_answer == 451 ? "Later\nperhaps" : NULL);
    int error;

    if (s->gone || ticket == 0)
        return 0;
    CHECK((smtp_session_wants(s->session) & SMTP_WANTS_READ) == 0);
    CHECK(smtp_server_answer(s->server, ticket + 1, 250, 0, words, s->now) == SMTP_ERR_STALE);
    if (s->due_wrong)
        CHECK(smtp_server_answer(s->server, ticket, 199, 0, words, s->now) == SMTP_ERR_ARGUMENT);
    s->due = 0;
    serving_outcome(s, s->due_kind, s->due_answer == SMTP_ACCEPT);
    error = smtp_server_answer(s->server, ticket, s->due_answer, 0, words, s->now);
    CHECK(error == SMTP_ERR_OK);
    if (!s->gone && s->due == 0)
        CHECK(smtp_server_answer(s->server, ticket, 250, 0, words, s->now) == SMTP_ERR_STALE);
    return 1;
}

void serving_gone(serving *s, smtp_str octets)
{
    text_add(&s->out, octets);
}

size_t serving_take(serving *s, size_t most)
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
        serving_gone(s, part(slices[i], 0, len));
        taken += len;
    }
    if (taken > 0)
        smtp_session_sent(s->session, taken, s->now);
    return taken;
}

size_t serving_give(serving *s, smtp_str octets)
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
    s->given += used;
    CHECK(error <= 0 && error != SMTP_ERR_STATE && error != SMTP_ERR_REENTRANT);
    if (!s->gone && error != SMTP_ERR_OK)
        CHECK(error == smtp_session_error(s->session, NULL) && s->closed);
    return used;
}

/* How many lines of the output end in these words, or begin with them. */
static uint32_t count_lines(const serving *s, const char *words, int at_end)
{
    smtp_str rest = text_str(&s->out);
    size_t len = strlen(words);
    smtp_str line;
    uint32_t count = 0;

    while (next_line(&rest, &line)) {
        size_t end = line.len > 0 ? line.len - 1 : 0; /* before the CR */
        if (end >= len)
            count += memcmp(line.ptr + (at_end ? end - len : 0), words, len) == 0;
    }
    return count;
}

/* One for the greeting, one for each command, and one more for each end of data. A content may lack
 * its end, and the last of all may be a 421 that nobody asked for. */
void serving_check_replies(const serving *s)
{
    smtp_statistics counted;
    uint32_t due;
    uint32_t refusals = count_lines(s, SERVING_REFUSAL, 1);

    memset(&counted, 0, sizeof counted);
    counted.size = sizeof counted;
    CHECK(smtp_session_statistics(s->session, &counted) == SMTP_ERR_OK);
    CHECK(check_replies(text_str(&s->out), 0) == counted.replies);
    CHECK(refusals <= s->words);
    if (!s->closed)
        CHECK(refusals == s->words || refusals + s->words_last == s->words);
    if (s->plan->config.flags & SMTP_SERVER_LMTP)
        return;
    due = 1 + counted.commands + count_lines(s, "354 ", 0);
    CHECK(counted.replies <= due + (s->closed ? 1u : 0u));
    CHECK(s->closed || counted.replies + 1 >= due);
}

/* The session counts as we do. */
static void check_statistics(const serving *s)
{
    smtp_statistics counted;

    memset(&counted, 0, sizeof counted);
    counted.size = sizeof counted;
    CHECK(smtp_session_statistics(s->session, &counted) == SMTP_ERR_OK);
    CHECK(counted.octets_in == s->given && counted.octets_out == s->out.len);
    CHECK(counted.transactions == s->mails && counted.recipients == s->rcpts);
    CHECK(counted.messages == s->messages);
    CHECK(check_replies(text_str(&s->out), 1) <= counted.replies);
}

void serving_finish(serving *s)
{
    if (s->gone)
        return;
    check_statistics(s);
    CHECK(s->closed || !s->turned);
    if (s->closed)
        CHECK((smtp_session_wants(s->session) & ~(uint32_t)SMTP_WANTS_WRITE) ==
              (s->turned ? SMTP_WANTS_TURN : SMTP_WANTS_CLOSE));
    (void)smtp_session_eof(s->session, s->now);
    if (s->gone)
        return;
    CHECK(s->closed == 1 && !s->open && s->due == 0);
    CHECK(smtp_session_wants(s->session) == SMTP_WANTS_CLOSE);
    CHECK(smtp_session_deadline(s->session) == SMTP_TIME_NEVER);
    (void)smtp_session_eof(s->session, s->now);
    (void)smtp_session_expire(s->session, s->now + 10000000);
    CHECK(smtp_server_close(s->server, 0, smtp_text(NULL), s->now) == SMTP_ERR_STATE);
    CHECK(s->closed == 1);
}
