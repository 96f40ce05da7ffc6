/* SPDX-License-Identifier: MIT
 * "! send": envelopes, each in blocks that are freed when its `sent` has been told, and the source
 * of their bodies. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

struct sender {
    sender *next; /* that was given behind it */
    smtp_envelope envelope;
    smtp_recipient *recipients;
    text body;
    uint64_t given;  /* octets of it */
    char *piece;     /* that was lent to the session */
    size_t fails_at; /* where the source fails; (size_t)-1: nowhere */
    void **blocks;
    size_t block_count;
};

static void *block(sender *s, size_t bytes)
{
    void *memory = grown(NULL, 0, bytes == 0 ? 1 : bytes);

    s->blocks = grown(s->blocks, s->block_count, sizeof(void *));
    s->blocks[s->block_count++] = memory;
    return memory;
}

/* A slice in a block of exactly its size. */
static smtp_str lend(sender *s, const text *from)
{
    smtp_str lent = {NULL, 0};
    char *to = block(s, from->len);

    if (from->len > 0)
        memcpy(to, from->ptr, from->len);
    lent.ptr = to;
    lent.len = from->len;
    return lent;
}

static void drop(sender *s)
{
    size_t i;

    for (i = 0; i < s->block_count; i++)
        free(s->blocks[i]);
    free(s->blocks);
    free(s->recipients);
    free(s->piece);
    text_drop(&s->body);
    free(s);
}

void send_ended(play *p)
{
    sender *s = p->send;

    if (s != NULL) {
        p->send = s->next;
        drop(s);
    }
}

/* Typed parameters, read from how they are written in a command. */
static const smtp_params *typed_params(sender *s, const char *command, const text *words)
{
    text line = {NULL, 0, 0};
    smtp_params *params = block(s, sizeof *params);
    smtp_command parsed;

    memset(params, 0, sizeof *params);
    text_say(&line, "%s ", command);
    text_add(&line, words->ptr, words->len);
    if (smtp_command_parse(&parsed, lend(s, &line), NULL, NULL) == SMTP_ERR_OK)
        *params = parsed.params;
    params->text.ptr = NULL;
    params->text.len = 0;
    text_drop(&line);
    return params;
}

/* Parameters as they are, unread. */
static const smtp_params *raw_params(sender *s, const text *words)
{
    smtp_params *params = block(s, sizeof *params);

    memset(params, 0, sizeof *params);
    params->text = lend(s, words);
    return params;
}

static void add_recipient(sender *s, const text *mailbox)
{
    size_t count = s->envelope.recipient_count++;

    s->recipients = grown(s->recipients, count, sizeof *s->recipients);
    memset(&s->recipients[count], 0, sizeof *s->recipients);
    s->recipients[count].mailbox = lend(s, mailbox);
}

static void set_params(sender *s, const text *value, int raw)
{
    size_t count = s->envelope.recipient_count;

    if (count > 0)
        s->recipients[count - 1].params =
            raw ? raw_params(s, value) : typed_params(s, "RCPT TO:<a@b>", value);
    else
        s->envelope.params = raw ? raw_params(s, value) : typed_params(s, "MAIL FROM:<a@b>", value);
}

static uint64_t number_of(const text *digits)
{
    uint64_t number = 0;
    size_t i;

    for (i = 0; i < digits->len; i++)
        number = number * 10 + (uint64_t)(digits->ptr[i] - '0');
    return number;
}

/* One word of the action, such as to=<mailbox>. Parameters belong to the address before them. */
static int set_word(sender *s, smtp_str key, const text *value)
{
    int known = 1;

    if (is_word(key, "from"))
        s->envelope.reverse_path = lend(s, value);
    else if (is_word(key, "to"))
        add_recipient(s, value);
    else if (is_word(key, "with"))
        set_params(s, value, 0);
    else if (is_word(key, "raw"))
        set_params(s, value, 1);
    else if (is_word(key, "body"))
        text_add(&s->body, value->ptr, value->len);
    else if (is_word(key, "octets"))
        s->envelope.octets = number_of(value);
    else if (is_word(key, "fails"))
        s->fails_at = (size_t)number_of(value);
    else if (is_word(key, "flags"))
        s->envelope.flags = name_bits(names_envelope_flag, text_str(value), &known);
    else
        return 0;
    return known;
}

static int read_words(sender *s, smtp_str rest)
{
    while (rest.len > 0) {
        smtp_str word = word_next(&rest);
        const char *equals = memchr(word.ptr, '=', word.len);
        text value = {NULL, 0, 0};
        smtp_str key;
        int good;

        if (equals == NULL)
            return 0;
        key.ptr = word.ptr;
        key.len = (size_t)(equals - word.ptr);
        word.ptr += key.len + 1;
        word.len -= key.len + 1;
        good = word_decode(&value, word) && set_word(s, key, &value);
        text_drop(&value);
        if (!good)
            return 0;
    }
    return 1;
}

int send_start(play *p, smtp_str rest)
{
    sender *s = grown(NULL, 0, sizeof *s);
    sender **at = &p->send;
    int result;

    memset(s, 0, sizeof *s);
    s->fails_at = (size_t)-1;
    s->envelope.size = sizeof s->envelope;
    if (!read_words(s, rest)) {
        drop(s);
        return SMTP_ERR_ARGUMENT;
    }
    s->envelope.recipients = s->recipients;
    while (*at != NULL)
        at = &(*at)->next;
    *at = s; /* before the call, in which its `sent` may come */
    result = smtp_client_send(p->client, &s->envelope, p->now, NULL);
    if (result != SMTP_ERR_OK) {
        *at = NULL;
        drop(s);
    }
    return result;
}

/* How much of the body is given at once: in the passes by octet and at random, less. */
static size_t piece_length(play *p, size_t left)
{
    if (p->body_whole || p->way->cut == CUT_NONE || left == 0)
        return left;
    return p->way->cut == CUT_EACH ? 1 : 1 + (size_t)play_random(p, left < 40 ? left : 40);
}

int send_body(play *p, smtp_body_request *request)
{
    sender *s = p->send;
    size_t left = s->body.len - (size_t)s->given;
    size_t len = piece_length(p, left);

    if (request->envelope != &s->envelope)
        (void)play_failed(p, 0, "the body of another message is asked for");
    free(s->piece);
    s->piece = NULL;
    if (request->offset != s->given)
        (void)play_failed(p, 0, "the body is asked for at octet %lu, and %lu were given",
                          (unsigned long)request->offset, (unsigned long)s->given);
    if (s->given >= s->fails_at)
        return SMTP_ERR_BODY_FAILED;
    if (!p->body_whole && p->way->cut == CUT_RANDOM && play_random(p, 4) == 0) {
        p->resume = 1;
        return SMTP_DEFER;
    }
    if (len > s->fails_at - s->given)
        len = s->fails_at - (size_t)s->given;
    if (!p->body_whole && p->way->cut != CUT_NONE && play_random(p, 2) == 0) {
        len = len < request->capacity ? len : request->capacity;
        if (len > 0)
            memcpy(request->buffer, s->body.ptr + s->given, len);
        request->chunk.ptr = request->buffer;
    } else {
        s->piece = grown(NULL, 0, len == 0 ? 1 : len);
        if (len > 0)
            memcpy(s->piece, s->body.ptr + s->given, len);
        request->chunk.ptr = s->piece;
    }
    request->chunk.len = len;
    s->given += len;
    request->last = len == left && (p->body_whole || p->way->cut != CUT_RANDOM || len == 0 ||
                                    play_random(p, 2) == 0);
    return SMTP_ACCEPT;
}
