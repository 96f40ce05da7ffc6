/* SPDX-License-Identifier: MIT
 * The storage of an exchange: messages from its start, what is kept from its end, and the wiping of
 * both. */
#include "sasl/sasl.h"

#include <string.h>

static smtp_str written(const smtp_sasl *sasl, size_t start)
{
    smtp_str str = {sasl->text.out + start, sasl->text.len - start};
    return str;
}

int smtp__sasl_say(const smtp_sasl *sasl, size_t start, int result, smtp_str *out)
{
    if (sasl->text.failed) {
        return SMTP_ERR_NO_MEMORY;
    }
    *out = written(sasl, start);
    return result;
}

int smtp__sasl_copy(smtp_sasl *sasl, smtp_str from, smtp_str *out)
{
    size_t start = sasl->text.len;
    smtp__put_str(&sasl->text, from);
    return smtp__sasl_say(sasl, start, 0, out);
}

int smtp__sasl_keep(smtp_sasl *sasl, smtp_str from, smtp_str *out)
{
    smtp__writer *text = &sasl->text;
    if (text->failed || from.len > text->capacity - text->len) {
        return SMTP_ERR_NO_MEMORY;
    }
    text->capacity -= from.len;
    memcpy(text->out + text->capacity, from.ptr, from.len);
    out->ptr = text->out + text->capacity;
    out->len = from.len;
    return 0;
}

void smtp__sasl_clear(smtp_sasl *sasl)
{
    smtp_wipe(sasl->text.out, sasl->text.len);
    sasl->text.len = 0;
}

void smtp__sasl_wipe(smtp_sasl *sasl)
{
    smtp_wipe(sasl + 1, sasl->bytes - sizeof *sasl);
    smtp_wipe(sasl->stored_key, sizeof sasl->stored_key);
    smtp_wipe(sasl->server_key, sizeof sasl->server_key);
    smtp_wipe(sasl->expected, sizeof sasl->expected);
    smtp_wipe(&sasl->question, sizeof sasl->question);
    smtp_wipe(&sasl->identity, sizeof sasl->identity);
}

int smtp__sasl_ask(smtp_sasl *sasl, int kind)
{
    smtp_sasl_question *question = &sasl->question;
    if (smtp_str_equal(question->authzid, question->name)) {
        question->authzid = SMTP__NO_STR;
    }
    question->mechanism = (int)sasl->mechanism->bit;
    question->kind = kind;
    return SMTP_SASL_ASK;
}

int smtp__sasl_identify(smtp_sasl *sasl, const smtp_sasl_answer *answer)
{
    const smtp_sasl_question *question = &sasl->question;
    if (answer->identity.len > 0) {
        return smtp__sasl_keep(sasl, answer->identity, &sasl->identity);
    }
    sasl->identity = question->authzid.len > 0 ? question->authzid : question->name;
    return sasl->identity.len > 0 ? 0 : SMTP_ERR_ARGUMENT;
}

int smtp__sasl_decide(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    (void)out;
    if (answer->verdict != SMTP_SASL_ACCEPTED) {
        return SMTP_ERR_AUTH_FAILED;
    }
    int error = smtp__sasl_identify(sasl, answer);
    return error != 0 ? error : SMTP_SASL_DONE;
}
