/* SPDX-License-Identifier: MIT
 * What the targets of both sides of SASL share. */
#include "sasl.h"

#include "../tests/unit/support/holds.h"

#include <stdlib.h>
#include <string.h>

enum { MECHANISMS = 11, EDITS = 4 };

static const smtp_str absent = {NULL, 0};

const smtp_mechanism *draw_mechanism(choices *from)
{
    const smtp_mechanism *row = smtp_mechanism_at(draw(from, MECHANISMS));

    CHECK(row != NULL);
    return row;
}

int is_scram(const smtp_mechanism *row)
{
    return row->hash == SMTP_HASH_SHA1 || row->hash == SMTP_HASH_SHA256;
}

void side_make(side *who, int is_server, size_t more)
{
    memset(who, 0, sizeof *who);
    who->bytes = smtp_sasl_bytes() + more;
    who->storage = malloc(who->bytes);
    CHECK(who->storage != NULL);
    memset(who->storage, 0xA5, who->bytes);
    who->is_server = is_server;
}

void side_drop(side *who)
{
    unsigned left = 0;
    size_t i;

    if (who->sasl != NULL) {
        smtp_sasl_end(who->sasl);
        for (i = 0; i < who->bytes; i++)
            left |= who->storage[i];
        CHECK(left == 0);
    }
    free(who->storage);
    while (who->lent > 0)
        free(who->borrowed[--who->lent]);
}

smtp_str side_lend(side *who, const char *words)
{
    smtp_str lent = smtp_text(words);

    if (words != NULL) {
        CHECK(who->lent < sizeof who->borrowed / sizeof who->borrowed[0]);
        lent.ptr = who->borrowed[who->lent++] = exact(lent);
    }
    return lent;
}

int side_holds(const side *who, const char *secret)
{
    return memory_holds(who->storage, who->bytes, secret, strlen(secret));
}

static int is_documented(int result, int is_server)
{
    switch (result) {
    case SMTP_SASL_MORE:
    case SMTP_SASL_DONE:
    case SMTP_ERR_AUTH_PROTOCOL:
    case SMTP_ERR_AUTH_FAILED:
    case SMTP_ERR_NO_MEMORY:
        return 1;
    case SMTP_SASL_ASK:
    case SMTP_ERR_AUTH_CANCELLED:
    case SMTP_ERR_ARGUMENT:
    case SMTP_ERR_ARGUMENT_UNEXPECTED:
        return is_server;
    case SMTP_ERR_AUTH_SERVER:
        return !is_server;
    default:
        return 0;
    }
}

/* What holds behind any step and any answer. */
static void check_step(const side *who)
{
    smtp_str storage = {(const char *)who->storage, who->bytes};
    const smtp_sasl_question *question = smtp_sasl_asked(who->sasl);
    smtp_str identity = smtp_sasl_identity(who->sasl);

    CHECK(is_documented(who->result, who->is_server));
    CHECK(is_within(who->out, storage));
    CHECK(who->result >= 0 || who->out.ptr == NULL);
    CHECK(who->result != SMTP_SASL_ASK || who->out.ptr == NULL);
    CHECK(!who->is_server || who->result != SMTP_SASL_DONE || who->out.ptr == NULL);
    CHECK(!who->is_server || who->result != SMTP_SASL_MORE || who->out.ptr != NULL);
    CHECK((question != NULL) == (who->result == SMTP_SASL_ASK));
    CHECK((identity.len > 0) == (who->is_server && who->result == SMTP_SASL_DONE));
    CHECK(!who->is_server || !smtp_sasl_server_proved(who->sasl));
}

int side_step(side *who, smtp_str message)
{
    char *copy = message.ptr != NULL ? exact(message) : NULL;

    message.ptr = copy;
    who->result = smtp_sasl_step(who->sasl, message, &who->out);
    free(copy);
    check_step(who);
    return who->result;
}

int side_answer(side *who, const smtp_sasl_answer *answer)
{
    smtp_str out;

    CHECK(smtp_sasl_step(who->sasl, absent, &out) == SMTP_ERR_STATE);
    who->result = smtp_sasl_answered(who->sasl, answer, &who->out);
    check_step(who);
    CHECK(smtp_sasl_answered(who->sasl, answer, &out) == SMTP_ERR_STATE);
    return who->result;
}

/* Changes, puts in or takes out one octet. */
static void edit(choices *from, char *room, size_t *len)
{
    uint32_t how = draw(from, 3);
    size_t at = draw_bits(from, 2) % (*len + 1);
    char octet = (char)draw(from, 256);

    if (how == 0 && at < *len) {
        room[at] = octet;
    } else if (how == 1 && *len < SASL_ROOM) {
        memmove(room + at + 1, room + at, *len - at);
        room[at] = octet;
        ++*len;
    } else if (how == 2 && at < *len) {
        memmove(room + at, room + at + 1, *len - at - 1);
        --*len;
    }
}

smtp_str draw_message(choices *from, smtp_str honest, smtp_str *lines, char *room, int *forged)
{
    smtp_str message = honest;
    uint32_t how = draw(from, 3);
    uint32_t count;

    if (how == 1 && !next_line(lines, &message))
        message = absent;
    CHECK(honest.len <= SASL_ROOM);
    if (message.len > SASL_ROOM)
        message.len = SASL_ROOM;
    if (message.len > 0)
        memcpy(room, message.ptr, message.len);
    for (count = how == 2 ? 1 + draw(from, EDITS) : 0; count > 0; count--)
        edit(from, room, &message.len);
    message.ptr = room;
    if (!smtp_str_equal(message, honest))
        *forged = 1;
    return message;
}
