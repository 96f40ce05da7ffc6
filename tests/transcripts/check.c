/* SPDX-License-Identifier: MIT
 * The checks of a transcript: "= error LINE_TOO_LONG", "= wants READ", "= messages 1". */
#include "transcript.h"

#include <string.h>

static const struct counter {
    const char *name;
    size_t offset;
} counters[] = {
    {"commands", offsetof(smtp_statistics, commands)},
    {"replies", offsetof(smtp_statistics, replies)},
    {"errors", offsetof(smtp_statistics, errors)},
    {"transactions", offsetof(smtp_statistics, transactions)},
    {"recipients", offsetof(smtp_statistics, recipients)},
    {"messages", offsetof(smtp_statistics, messages)},
};

static void say_deadline(const play *p, text *to)
{
    smtp_time deadline = smtp_session_deadline(p->session);

    if (deadline == SMTP_TIME_NEVER)
        text_say(to, "never");
    else
        text_say(to, "+%lu", (unsigned long)(deadline - p->now));
}

static void say_with(const play *p, text *to)
{
    smtp_received received;
    smtp_str with;

    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    if (p->server == NULL || smtp_server_received(p->server, &received) != SMTP_ERR_OK)
        return;
    with = smtp_with_name(received.with);
    text_add(to, with.ptr, with.len);
}

static void say_hello(const play *p, text *to)
{
    smtp_str hello = {NULL, 0};

    if (p->server != NULL)
        hello = smtp_server_hello(p->server);
    text_add(to, hello.ptr, hello.len);
}

static int say_counter(const play *p, text *to, smtp_str what)
{
    smtp_statistics all;
    uint32_t value;
    size_t i;

    memset(&all, 0, sizeof all);
    all.size = sizeof all;
    (void)smtp_session_statistics(p->session, &all);
    for (i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        if (is_word(what, counters[i].name)) {
            memcpy(&value, (const char *)&all + counters[i].offset, sizeof value);
            text_say(to, "%lu", (unsigned long)value);
            return 1;
        }
    }
    return 0;
}

/* What is, in the words of a check. */
static int say(const play *p, text *to, smtp_str what)
{
    if (is_word(what, "error"))
        text_say(to, "%s", smtp_error_name(smtp_session_error(p->session, NULL)));
    else if (is_word(what, "wants"))
        name_words(to, names_wants, smtp_session_wants(p->session), " ");
    else if (is_word(what, "deadline"))
        say_deadline(p, to);
    else if (is_word(what, "tls"))
        text_say(to, smtp_session_tls_active(p->session) ? "on" : "off");
    else if (is_word(what, "idle"))
        text_say(to, p->client != NULL && smtp_client_idle(p->client) ? "yes" : "no");
    else if (is_word(what, "with"))
        say_with(p, to);
    else if (is_word(what, "hello"))
        say_hello(p, to);
    else
        return say_counter(p, to, what);
    return 1;
}

int check_step(play *p, const step *check)
{
    smtp_str rest = check->line;
    smtp_str what = word_next(&rest);
    text is = {NULL, 0, 0};
    int good;

    if (!say(p, &is, what))
        return play_failed(p, check->number, "a check that is not known");
    good = smtp_str_equal(text_str(&is), rest);
    if (!good)
        (void)play_failed(p, check->number, "expected %.*s %.*s, got %.*s", (int)what.len, what.ptr,
                          (int)rest.len, rest.ptr, (int)is.len, is.ptr);
    text_drop(&is);
    return good;
}
