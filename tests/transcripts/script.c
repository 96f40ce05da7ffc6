/* SPDX-License-Identifier: MIT
 * Reads the lines of a conversation and puts them into turns. */
#include "transcript.h"

#include <stdio.h>
#include <string.h>

static int malformed(const conversation *talk, size_t number, const char *why)
{
    fprintf(stderr, "%s:%lu: %s\n", talk->file, (unsigned long)number, why);
    return 0;
}

static turn *new_turn(conversation *talk, size_t number)
{
    turn *added;

    talk->turns = grown(talk->turns, talk->turn_count, sizeof *added);
    added = &talk->turns[talk->turn_count++];
    memset(added, 0, sizeof *added);
    added->number = number;
    return added;
}

static turn *last_turn(conversation *talk)
{
    return &talk->turns[talk->turn_count - 1];
}

/* The turn that something of the peer, or an answer for it, belongs to. The first turn is the start
 * of the session. */
static turn *open_turn(conversation *talk, size_t number)
{
    turn *last = last_turn(talk);

    if (last->closed || last->action.line.ptr != NULL)
        return new_turn(talk, number);
    return last;
}

/* What the peer says: all lines of a turn are given at once. */
static int add_input(conversation *talk, smtp_str words, size_t times, size_t number)
{
    turn *to = open_turn(talk, number);
    size_t i;

    if (to == talk->turns)
        to = new_turn(talk, number);
    for (i = 0; i < times; i++) {
        int open = 0;

        if (!text_decode(&to->input, words, i, &open))
            return malformed(talk, number, "an escape that is not known");
        if (!open)
            text_add(&to->input, "\r\n", 2);
    }
    return 1;
}

static expected *new_expected(expected **list, size_t *count, size_t number)
{
    expected *added;

    *list = grown(*list, *count, sizeof *added);
    added = &(*list)[(*count)++];
    memset(added, 0, sizeof *added);
    added->number = number;
    return added;
}

/* Takes the "..." of a line that is to be compared only as far as it goes. */
static int ends_in_dots(smtp_str *words)
{
    if (words->len < 3 || memcmp(words->ptr + words->len - 3, "...", 3) != 0)
        return 0;
    words->len -= 3;
    return 1;
}

static int add_output(conversation *talk, smtp_str words, size_t times, size_t number)
{
    turn *to = last_turn(talk);
    int how = LINE_EXACT;
    size_t i;

    if (ends_in_dots(&words))
        how = words.len == 3 ? LINE_REPLY : LINE_BEGINS;
    to->closed = 1;
    for (i = 0; i < times; i++) {
        expected *line = new_expected(&to->output, &to->output_count, number);
        int open = 0;

        line->how = how;
        if (!text_decode(&line->octets, words, i, &open))
            return malformed(talk, number, "an escape that is not known");
        if (how == LINE_EXACT && !open)
            text_add(&line->octets, "\r\n", 2);
    }
    return 1;
}

static int add_events(conversation *talk, smtp_str words, size_t times, size_t number)
{
    turn *to = last_turn(talk);
    int wild = ends_in_dots(&words);
    size_t i;

    for (i = 0; i < times; i++) {
        expected *line = new_expected(&to->events, &to->event_count, number);
        int open = 0;

        line->how = wild ? LINE_BEGINS : LINE_EXACT;
        if (!text_decode(&line->octets, words, i, &open) || open)
            return malformed(talk, number, "an escape that is not known");
    }
    return 1;
}

int script_wanted(smtp_str *line, int *known)
{
    smtp_str word = {NULL, 0};
    size_t i;

    for (i = 0; i + 3 < line->len && memcmp(line->ptr + i, "=> ", 3) != 0; i++) {
    }
    if (i + 3 < line->len) {
        word.ptr = line->ptr + i + 3;
        word.len = line->len - i - 3;
        line->len = i;
    }
    while (line->len > 0 && line->ptr[line->len - 1] == ' ')
        line->len--;
    return word.len > 0 ? error_value(word, known) : SMTP_ERR_OK;
}

/* "answer rcpt 550 5.1.1 No such mailbox", "defer rcpt". */
static int add_answer(conversation *talk, smtp_str words, int defer, size_t number)
{
    turn *to = open_turn(talk, number);
    smtp_str event = word_next(&words);
    answer *added;
    size_t i;
    int open = 0;
    int known = 1;

    if (event.len == 0 || event.len >= sizeof added->event || (!defer && words.len == 0))
        return malformed(talk, number, "an answer names an event and says something");
    to->answers = grown(to->answers, to->answer_count, sizeof *added);
    added = &to->answers[to->answer_count++];
    memset(added, 0, sizeof *added);
    added->number = number;
    memcpy(added->event, event.ptr, event.len);
    if (defer) {
        added->kind = ANSWER_DEFER;
        return 1;
    }
    event = word_next(&words);
    for (i = 0; i < event.len && event.ptr[i] >= '0' && event.ptr[i] <= '9'; i++)
        added->code = added->code * 10 + (event.ptr[i] - '0');
    if (i < event.len && !is_word(event, "accept"))
        return malformed(talk, number, "an answer is `accept` or a number");
    added->wanted = script_wanted(&words, &known);
    if (!known)
        return malformed(talk, number, "the error behind => is not known");
    if (words.len == 0)
        return 1;
    added->kind = ANSWER_REPLY;
    event = words;
    added->status = status_value(word_next(&event));
    if (added->status != 0)
        words = event;
    if (!text_decode(&added->words, words, 0, &open) || open)
        return malformed(talk, number, "an escape that is not known");
    return 1;
}

static int add_action(conversation *talk, smtp_str words, size_t number)
{
    smtp_str rest = words;
    smtp_str verb = word_next(&rest);
    turn *to = last_turn(talk);

    if (is_word(verb, "answer") || is_word(verb, "defer"))
        return add_answer(talk, rest, is_word(verb, "defer"), number);
    if (to == talk->turns || to->input.len > 0 || to->event_count > 0 || to->closed ||
        to->action.line.ptr != NULL)
        to = new_turn(talk, number);
    to->action.number = number;
    to->action.line = words;
    return 1;
}

static int add_check(conversation *talk, smtp_str words, size_t number)
{
    turn *to = last_turn(talk);

    to->checks = grown(to->checks, to->check_count, sizeof *to->checks);
    to->checks[to->check_count].number = number;
    to->checks[to->check_count++].line = words;
    to->closed = 1;
    return 1;
}

/* Takes "*100" from the start of a line; a line without it stands once. */
static size_t take_times(smtp_str *line)
{
    size_t times = 0;

    if (line->len == 0 || line->ptr[0] != '*')
        return 1;
    line->ptr++;
    line->len--;
    while (line->len > 0 && line->ptr[0] >= '0' && line->ptr[0] <= '9') {
        times = times * 10 + (size_t)(line->ptr[0] - '0');
        line->ptr++;
        line->len--;
    }
    return times;
}

static int take_char(smtp_str *line, char c)
{
    if (line->len == 0 || line->ptr[0] != c)
        return 0;
    line->ptr++;
    line->len--;
    return 1;
}

int script_line(conversation *talk, smtp_str line, size_t number)
{
    char kind = line.ptr[0];
    size_t times;

    if (talk->turn_count == 0)
        (void)new_turn(talk, number);
    (void)take_char(&line, kind);
    times = take_times(&line);
    if ((kind == 'C' || kind == 'S') && !take_char(&line, ':'))
        return malformed(talk, number, "a colon is missing");
    (void)take_char(&line, ' ');
    if (kind == 'C' || kind == 'S') {
        if ((kind == 'S') == talk->client)
            return add_input(talk, line, times, number);
        return add_output(talk, line, times, number);
    }
    if (kind == '>')
        return add_events(talk, line, times, number);
    if (kind == '!')
        return add_action(talk, line, number);
    if (kind == '=')
        return add_check(talk, line, number);
    return malformed(talk, number, "a line begins with C: S: > ! or =");
}
