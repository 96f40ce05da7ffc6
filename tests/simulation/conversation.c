/* SPDX-License-Identifier: MIT
 * Follows a conversation: commands into a queue, replies out of it, octet by octet. */
#include "conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation.h"

/* The client's octets: BLOCKED until the reply, for a command that ends its group (RFC 2920 3.1),
 * or after which they may be something else. */
enum mode { MODE_COMMANDS, MODE_RESPONSE, MODE_CONTENT, MODE_CHUNK, MODE_BLOCKED };

enum verb {
    VERB_OTHER,
    VERB_GREETING,
    VERB_HELLO,
    VERB_MAIL,
    VERB_RCPT,
    VERB_DATA,
    VERB_BDAT,
    VERB_END, /* of data */
    VERB_AUTH,
    VERB_STARTTLS,
    VERB_RSET
};

static const struct word {
    const char *text;
    int verb;
    int mode; /* what follows */
} words[] = {
    {"EHLO ", VERB_HELLO, MODE_BLOCKED},
    {"LHLO ", VERB_HELLO, MODE_BLOCKED},
    {"HELO ", VERB_HELLO, MODE_BLOCKED},
    {"MAIL FROM:<a", VERB_MAIL, MODE_COMMANDS},
    {"RCPT TO:<r", VERB_RCPT, MODE_COMMANDS},
    {"DATA", VERB_DATA, MODE_BLOCKED},
    {"BDAT ", VERB_BDAT, MODE_CHUNK},
    {"AUTH ", VERB_AUTH, MODE_BLOCKED},
    {"STARTTLS", VERB_STARTTLS, MODE_BLOCKED},
    {"RSET", VERB_RSET, MODE_COMMANDS},
    {"", VERB_OTHER, MODE_BLOCKED},
};

static void ask(sim *s, int verb, size_t number, int last)
{
    conversation *c = &s->conversation;
    asked *to = &c->queue[(c->first + c->count) % ASKED_MAX];

    must(s, c->count < ASKED_MAX, CHECK_HARNESS);
    if (c->count == ASKED_MAX)
        return;
    to->verb = (uint8_t)verb;
    to->number = (uint16_t)number;
    to->last = (uint8_t)last;
    c->count++;
}

void conversation_begin(sim *s)
{
    conversation *c = &s->conversation;

    memset(c, 0, sizeof *c);
    c->lmtp = s->plan.lmtp;
    ask(s, VERB_GREETING, 0, 0);
}

static int ends_with(const char *line, size_t len, const char *end)
{
    size_t tail = strlen(end);

    return len > tail && memcmp(line + len - tail, end, tail) == 0;
}

static const struct word *find_word(const char *line, size_t len)
{
    const struct word *word = words;

    while (len <= strlen(word->text) || memcmp(line, word->text, strlen(word->text)) != 0)
        word++;
    return word;
}

static void take_command(sim *s, const char *line, size_t len)
{
    conversation *c = &s->conversation;
    const struct word *word = find_word(line, len);
    const char *argument = line + strlen(word->text);
    size_t number = *argument >= '0' && *argument <= '9' ? strtoul(argument, NULL, 10) : 0;

    must(s, c->count == 0 || c->may_group, CHECK_GROUP);
    c->mode = word->mode;
    if (word->verb == VERB_MAIL) {
        c->sending = number;
        c->carried = 0;
        c->chunk_refused = 0;
    }
    if (word->verb == VERB_BDAT) {
        c->chunk = number;
        ask(s, VERB_BDAT, 0, ends_with(line, len, " LAST\r\n"));
    } else {
        ask(s, word->verb, number, memcmp(line, "HELO", 4) == 0);
    }
}

/* Content on the wire is that of the letter, whatever becomes of it. */
static void carry(sim *s, const char *octets, size_t len)
{
    conversation *c = &s->conversation;
    const letter *of;
    int same;

    if (c->chunk_refused && !s->strict)
        return; /* KNOWN 1 */
    must(s, c->sending < s->attempt_count, CHECK_FOREIGN);
    if (c->sending >= s->attempt_count)
        return;
    of = s->attempts[c->sending].of;
    same = c->carried <= of->expected_len && len <= of->expected_len - c->carried &&
           memcmp(of->expected + c->carried, octets, len) == 0;
    must(s, same, CHECK_FOREIGN);
    c->carried += len;
}

/* A chunk is complete. */
static void end_chunk(conversation *c)
{
    asked *chunk = &c->queue[(c->first + c->count - 1) % ASKED_MAX];

    c->mode = MODE_COMMANDS;
    if (chunk->last)
        chunk->verb = VERB_END;
}

static void take_line(sim *s, const char *line, size_t len)
{
    conversation *c = &s->conversation;

    if (c->mode == MODE_CONTENT && len == 3 && memcmp(line, ".\r\n", 3) == 0) {
        c->mode = MODE_COMMANDS;
        ask(s, VERB_END, 0, 1);
    } else if (c->mode == MODE_CONTENT) {
        carry(s, line + (*line == '.'), len - (*line == '.'));
    } else if (c->mode == MODE_RESPONSE) {
        c->mode = MODE_BLOCKED;
        ask(s, VERB_AUTH, 0, 0);
    } else if (c->mode == MODE_COMMANDS) {
        take_command(s, line, len);
    }
}

/* Understands the client's octets as far as they go. */
static void read_client(sim *s)
{
    conversation *c = &s->conversation;
    size_t until = c->taken;
    const char *octets = s->network.from[CLIENT].octets;

    for (;;) {
        const char *end;

        if (c->mode == MODE_CHUNK) {
            size_t len = c->chunk < until - c->read ? c->chunk : until - c->read;
            carry(s, octets + c->read, len);
            c->chunk -= len;
            c->read += len;
            c->looked_at = c->read;
            if (c->chunk > 0)
                return;
            end_chunk(c);
        }
        must(s, c->mode != MODE_BLOCKED || c->looked_at == until, CHECK_GROUP);
        if (c->mode == MODE_BLOCKED || c->looked_at == until)
            return;
        end = memchr(octets + c->looked_at, '\n', until - c->looked_at);
        if (end == NULL) {
            c->looked_at = until;
            return;
        }
        c->looked_at = (size_t)(end + 1 - octets);
        take_line(s, octets + c->read, c->looked_at - c->read);
        c->read = c->looked_at;
    }
}

/* The reply to the end of data, to one recipient. */
static void answer_recipient(sim *s, size_t recipient, int code)
{
    conversation *c = &s->conversation;
    attempt *of = &s->attempts[c->attempt];

    of->reply[recipient] = code;
    of->ends[recipient] = c->said;
    if (code / 100 == 2)
        must(s, disk_count(s, c->attempt, recipient) > 0, CHECK_DURABLE);
}

/* The reply to the end of data; 0 while another one is due (RFC 2033 4.2). */
static int answer_end(sim *s, int code)
{
    conversation *c = &s->conversation;
    size_t i = c->answered;

    if (!c->open)
        return 1;
    for (; i < RECIPIENTS; i++) {
        if ((c->accepted >> i & 1u) == 0)
            continue;
        answer_recipient(s, i, code);
        c->answered = i + 1;
        if (c->lmtp)
            break;
    }
    if (c->lmtp && c->answered < RECIPIENTS && c->accepted >> c->answered != 0)
        return 0;
    c->open = 0;
    c->accepted = 0;
    return 1;
}

static void begin_transaction(sim *s, size_t number)
{
    conversation *c = &s->conversation;

    must(s, number < s->attempt_count, CHECK_CONVERSATION);
    if (number >= s->attempt_count)
        return;
    c->open = 1;
    c->attempt = number;
    c->accepted = 0;
    c->answered = 0;
}

static void answer_rcpt(sim *s, size_t number, int code)
{
    conversation *c = &s->conversation;
    attempt *of = &s->attempts[c->attempt];

    if (!c->open || number >= RECIPIENTS) {
        must(s, code / 100 != 2, CHECK_CONVERSATION);
        return;
    }
    if (code / 100 == 2) {
        c->accepted |= 1u << number;
        of->accepted = c->accepted;
    } else {
        of->refusal[number] = code;
        of->refusal_ends[number] = c->said;
    }
}

/* EHLO: whether commands may come in groups from here on. */
static void answer_hello(sim *s, const asked *to)
{
    int offered = s->plan.lmtp || (s->plan.server.withhold & SMTP_EXT_PIPELINING) == 0;

    s->conversation.may_group =
        offered && !to->last && (s->plan.client.flags & SMTP_CLIENT_NO_PIPELINING) == 0;
}

/* What follows from a reply; 0 when the command has more of them. */
static int apply(sim *s, const asked *to, int code)
{
    conversation *c = &s->conversation;
    int positive = code / 100 == 2;

    if (c->mode == MODE_BLOCKED)
        c->mode = MODE_COMMANDS;
    switch (to->verb) {
    case VERB_MAIL:
        if (positive)
            begin_transaction(s, to->number);
        break;
    case VERB_RCPT:
        answer_rcpt(s, to->number, code);
        break;
    case VERB_DATA:
        c->open &= code == 354;
        if (code == 354)
            c->mode = MODE_CONTENT;
        break;
    case VERB_AUTH:
        if (code == 334)
            c->mode = MODE_RESPONSE;
        break;
    case VERB_BDAT:
        if (to->last) /* and the chunk is not complete */
            return answer_end(s, code);
        c->open &= positive;
        c->chunk_refused |= !positive;
        break;
    case VERB_HELLO:
        if (positive)
            answer_hello(s, to);
        c->open &= !positive;
        break;
    case VERB_RSET:
        c->open &= !positive;
        break;
    case VERB_END:
        return answer_end(s, code);
    default:
        break;
    }
    return 1;
}

/* A reply that no command is due for: the server closes, or refuses content that it has not seen
 * the end of, and closes. */
static void answer_early(sim *s)
{
    conversation *c = &s->conversation;

    must(s, c->code == 421 || (c->mode == MODE_CONTENT && c->open && c->code >= 400),
         CHECK_CONVERSATION);
    if (c->code != 421)
        (void)answer_end(s, c->code);
}

static void take_reply(sim *s)
{
    conversation *c = &s->conversation;
    const asked *to = &c->queue[c->first];

    must(s, !c->over, CHECK_CONVERSATION);
    if (c->count == 0)
        answer_early(s);
    else if (apply(s, to, c->code)) {
        c->first = (c->first + 1) % ASKED_MAX;
        c->count--;
    }
    if (c->code == 421) {
        c->over = 1;
        c->over_at = c->said;
    }
}

static void take_octet(sim *s, char octet)
{
    conversation *c = &s->conversation;

    c->said++;
    if (c->column == 0)
        c->code = 0;
    if (c->column < 3)
        c->code = c->code * 10 + (octet - '0');
    if (c->column == 3)
        c->mark = octet;
    c->column++;
    if (octet != '\n')
        return;
    c->column = 0;
    if (c->mark != '-') {
        take_reply(s);
        read_client(s);
    }
}

void conversation_follow(sim *s, const smtp_session *server)
{
    conversation *c = &s->conversation;
    smtp_statistics counted;
    smtp_str slices[4];
    size_t n = smtp_session_output(server, slices, 4);
    size_t place;
    size_t i;

    memset(&counted, 0, sizeof counted);
    counted.size = sizeof counted;
    (void)smtp_session_statistics(server, &counted);
    c->taken = (size_t)counted.octets_in;
    must(s, c->taken <= s->network.from[CLIENT].read, CHECK_COUNTERS);
    if (s->journal.broken != CHECK_NONE)
        return;
    read_client(s);
    place = (size_t)counted.octets_out;
    for (i = 0; i < n; place += slices[i].len, i++) {
        size_t at = c->said > place ? c->said - place : 0;
        must(s, c->said >= place, CHECK_COUNTERS);
        for (; at < slices[i].len; at++)
            take_octet(s, slices[i].ptr[at]);
    }
}

void conversation_end(sim *s, int quit)
{
    const conversation *c = &s->conversation;
    int some = c->open && c->answered > 0;

    must(s, !quit || c->count == 0, CHECK_CONVERSATION);
    must(s, !some || c->over || !s->strict, CHECK_CONVERSATION); /* KNOWN 3 */
}

/* Where a text begins at or behind `at`; the end when it does not. */
static size_t find(const stream *in, size_t at, const char *text)
{
    size_t len = strlen(text);

    while (at + len <= in->most && memcmp(in->octets + at, text, len) != 0)
        at++;
    return at + len <= in->most ? at : in->most;
}

/* The octet behind the chunks that begin at a BDAT command; beyond the end when they are not whole.
 */
static size_t skip_chunks(const stream *in, size_t at)
{
    int last = 0;

    while (!last && at < in->most) {
        size_t end = find(in, at, "\r\n") + 2;
        size_t octets = strtoul(in->octets + at + strlen("BDAT "), NULL, 10);
        last = end <= in->most && memcmp(in->octets + end - 7, " LAST", 5) == 0;
        at = end + octets;
    }
    return last ? at : in->most + 1;
}

int conversation_has_left(const sim *s, size_t number)
{
    const stream *in = &s->network.from[CLIENT];
    char mail[32];
    size_t data;
    size_t chunk;

    if (in->vanished > 0)
        return 1;
    sprintf(mail, "MAIL FROM:<a%u@", (unsigned)number);
    data = find(in, find(in, 0, mail), "\r\nDATA\r\n");
    chunk = find(in, find(in, 0, mail), "\r\nBDAT ");
    if (chunk < data)
        return skip_chunks(in, chunk + 2) <= in->most;
    return find(in, data + strlen("\r\nDATA"), "\r\n.\r\n") < in->most;
}
