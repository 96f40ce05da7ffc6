/* SPDX-License-Identifier: MIT
 * Compares what a turn brought with what the transcript expects: the events in order, the output
 * octet for octet. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

static int differ(play *p, size_t number, const char *what, const expected *wanted, smtp_str got)
{
    text left = {NULL, 0, 0};
    text right = {NULL, 0, 0};

    if (wanted != NULL)
        text_show(&left, text_str(&wanted->octets));
    else
        text_say(&left, "nothing");
    if (got.ptr != NULL)
        text_show(&right, got);
    else
        text_say(&right, "nothing");
    (void)play_failed(
        p, number, "%s\n    expected: %.*s%s\n    got:      %.*s", what, (int)left.len, left.ptr,
        wanted != NULL && wanted->how != LINE_EXACT ? "..." : "", (int)right.len, right.ptr);
    text_drop(&left);
    text_drop(&right);
    return 0;
}

static int begins_with(smtp_str got, const text *with)
{
    return got.len >= with->len && (with->len == 0 || memcmp(got.ptr, with->ptr, with->len) == 0);
}

static int compare_events(play *p, const turn *now)
{
    static const smtp_str nothing = {NULL, 0};
    size_t i;

    for (i = 0; i < now->event_count || i < p->event_count; i++) {
        const expected *wanted = i < now->event_count ? &now->events[i] : NULL;
        smtp_str got = i < p->event_count ? text_str(&p->events[i]) : nothing;

        if (wanted == NULL || got.ptr == NULL || !begins_with(got, &wanted->octets) ||
            (wanted->how == LINE_EXACT && got.len != wanted->octets.len))
            return differ(p, wanted != NULL ? wanted->number : now->number, "event", wanted, got);
    }
    for (i = 0; i < p->event_count; i++)
        text_drop(&p->events[i]);
    p->event_count = 0;
    return 1;
}

/* The length of the first line with its CRLF, 0 when there is none or it is not one that may be
 * sent. */
static size_t line_length(smtp_str got)
{
    size_t i;

    for (i = 0; i + 1 < got.len; i++) {
        unsigned char c = (unsigned char)got.ptr[i];
        if (c == '\r')
            return got.ptr[i + 1] == '\n' ? i + 2 : 0;
        if ((c < 32 && c != '\t') || c == 127)
            return 0;
    }
    return 0;
}

/* How many octets of the output a whole reply of this code takes, 0 when there is none. */
static size_t reply_length(smtp_str got, const text *code)
{
    size_t total = 0;

    for (;;) {
        size_t len;

        if (!begins_with(got, code) || got.len < 4)
            return 0;
        len = line_length(got);
        if (len == 0 || len > SMTP_REPLY_LINE_MAX)
            return 0;
        total += len;
        if (got.ptr[3] != '-')
            return total;
        got.ptr += len;
        got.len -= len;
    }
}

static size_t matched(smtp_str got, const expected *wanted)
{
    if (wanted->how == LINE_REPLY)
        return reply_length(got, &wanted->octets);
    if (!begins_with(got, &wanted->octets))
        return 0;
    return wanted->how == LINE_EXACT ? wanted->octets.len : line_length(got);
}

static int compare_output(play *p, const turn *now)
{
    static const smtp_str nothing = {NULL, 0};
    smtp_str got = text_str(&p->output);
    size_t i;

    for (i = 0; i < now->output_count; i++) {
        const expected *wanted = &now->output[i];
        size_t len = matched(got, wanted);

        if (len == 0) {
            size_t first = line_length(got);
            got.len = first == 0 ? got.len : first;
            return differ(p, wanted->number, "output", wanted, got.len == 0 ? nothing : got);
        }
        got.ptr += len;
        got.len -= len;
    }
    if (got.len > 0)
        return differ(p, i > 0 ? now->output[i - 1].number : now->number, "more output", NULL, got);
    p->output.len = 0;
    return 1;
}

int compare_turn(play *p, const turn *now)
{
    if (p->failed)
        return 0;
    return compare_events(p, now) && compare_output(p, now);
}
