/* SPDX-License-Identifier: MIT
 * An exchange from its first step to its end. */
#include "sasl/sasl.h"

#include "syntax/sized.h"

static const smtp_str absent = {NULL, 0};

/* Takes one message. A client may be spoken to once too often, a server may not. */
static int take_turn(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    if (sasl->plugin != NULL) {
        return smtp__plugin_turn(sasl, message, out);
    }
    if (message.ptr == NULL) {
        message = smtp_text("");
    }
    const smtp__sasl_steps *steps = sasl->steps;
    smtp__sasl_step *step = NULL;
    if (sasl->turn < SMTP__SASL_TURNS) {
        step = sasl->is_server ? steps->server[sasl->turn] : steps->client[sasl->turn];
    }
    if (step == NULL) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    sasl->turn++;
    return step(sasl, message, out);
}

/* A server's first step: who has to speak first does so, and nobody else (RFC 4422 3.3, RFC
 * 4954 4). LOGIN has no RFC, and there are clients that give the name before they are asked. */
static int open_server(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    int present = message.ptr != NULL;
    if (sasl->client_first && !present) {
        return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out); /* nothing, and not absent */
    }
    if (!sasl->client_first && present) {
        if (sasl->steps == NULL || !(sasl->steps->traits & SMTP__SASL_UNASKED)) {
            return SMTP_ERR_ARGUMENT_UNEXPECTED;
        }
        sasl->turn++;
    }
    return take_turn(sasl, message, out);
}

/* A client's. */
static int open_client(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    if (!sasl->client_first && message.ptr == NULL) {
        return SMTP_SASL_MORE;
    }
    if (sasl->client_first && message.len > 0) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    return take_turn(sasl, message, out);
}

static int open_exchange(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    sasl->begun = 1;
    return sasl->is_server ? open_server(sasl, message, out) : open_client(sasl, message, out);
}

/* Draws the line under a step. */
static int conclude(smtp_sasl *sasl, int result, smtp_str *out)
{
    if (result < 0) {
        *out = absent;
        smtp__sasl_wipe(sasl);
        sasl->over = 1;
    } else if (result == SMTP_SASL_DONE && sasl->is_server) {
        sasl->done = 1;
        sasl->over = 1;
    }
    return result;
}

int smtp_sasl_step(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    if (sasl == NULL || out == NULL) {
        return SMTP_ERR_ARGUMENT;
    }
    *out = absent;
    if (sasl->over || sasl->question.kind != SMTP_SASL_ASK_NONE) {
        return SMTP_ERR_STATE;
    }
    int result = sasl->begun ? take_turn(sasl, message, out) : open_exchange(sasl, message, out);
    return conclude(sasl, result, out);
}

const smtp_sasl_question *smtp_sasl_asked(const smtp_sasl *sasl)
{
    int open = sasl != NULL && sasl->question.kind != SMTP_SASL_ASK_NONE;
    return open ? &sasl->question : NULL;
}

/* Wipes a part of `text` that a question has shown. */
static void forget(smtp_sasl *sasl, smtp_str *secret)
{
    if (secret->len > 0) {
        smtp_wipe(sasl->text.out + (secret->ptr - sasl->text.out), secret->len);
    }
    *secret = absent;
}

static int take_answer(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    int error = smtp__sized(answer, answer->size, sizeof *answer);
    if (error != 0) {
        return error;
    }
    if (answer->verdict == SMTP_SASL_TRY_LATER) {
        return SMTP_ERR_AUTH_CANCELLED;
    }
    if (answer->verdict != SMTP_SASL_ACCEPTED && answer->verdict != SMTP_SASL_REFUSED) {
        return SMTP_ERR_ARGUMENT;
    }
    return sasl->steps->answered(sasl, answer, out);
}

int smtp_sasl_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    if (sasl == NULL || answer == NULL || out == NULL) {
        return SMTP_ERR_ARGUMENT;
    }
    *out = absent;
    if (sasl->question.kind == SMTP_SASL_ASK_NONE) {
        return SMTP_ERR_STATE;
    }
    int result = take_answer(sasl, answer, out);
    forget(sasl, &sasl->question.password);
    forget(sasl, &sasl->question.token);
    sasl->question.kind = SMTP_SASL_ASK_NONE;
    return conclude(sasl, result, out);
}

smtp_str smtp_sasl_identity(const smtp_sasl *sasl)
{
    return sasl != NULL && sasl->done ? sasl->identity : absent;
}

int smtp_sasl_server_proved(const smtp_sasl *sasl)
{
    return sasl != NULL && sasl->proved;
}

void smtp_sasl_end(smtp_sasl *sasl)
{
    if (sasl == NULL) {
        return;
    }
    if (sasl->exchange != NULL && sasl->plugin->end != NULL) {
        sasl->plugin->end(sasl->exchange, sasl->plugin->user);
    }
    smtp_wipe(sasl, sasl->bytes);
}
