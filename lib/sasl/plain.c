/* SPDX-License-Identifier: MIT
 * The mechanisms that send the password as it is: PLAIN (RFC 4616) and LOGIN. */
#include "sasl/sasl.h"

int smtp__plain_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    const smtp_credentials *given = &sasl->given.client;
    (void)message;
    smtp__put_str(&sasl->text, given->authzid);
    smtp__put(&sasl->text, '\0');
    smtp__put_str(&sasl->text, given->name);
    smtp__put(&sasl->text, '\0');
    smtp__put_str(&sasl->text, given->password);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

/* Asks about name and password when they can be such. */
static int ask_password(smtp_sasl *sasl)
{
    const smtp_sasl_question *question = &sasl->question;
    int error = smtp__sasl_optional(question->authzid, SMTP_SASL_NAME_MAX);
    if (error == 0) {
        error = smtp__sasl_prepared(question->name, SMTP_SASL_NAME_MAX);
    }
    if (error == 0) {
        error = smtp__sasl_prepared(question->password, SMTP_SASL_PASSWORD_MAX);
    }
    return error != 0 ? error : smtp__sasl_ask(sasl, SMTP_SASL_ASK_VERDICT);
}

int smtp__plain_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    smtp_sasl_question *question = &sasl->question;
    (void)out;
    int error = smtp__sasl_copy(sasl, message, &message);
    if (error != 0) {
        return error;
    }
    smtp__cursor cursor = smtp__cursor_start(message);
    question->authzid = smtp__sasl_take_until(&cursor, '\0');
    if (!smtp__take(&cursor, '\0')) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    question->name = smtp__sasl_take_until(&cursor, '\0');
    if (!smtp__take(&cursor, '\0')) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    question->password = smtp__rest(&cursor);
    return ask_password(sasl);
}

/* The prompts are not looked at: they differ from server to server. */
int smtp__login_say_name(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__put_str(&sasl->text, sasl->given.client.name);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

int smtp__login_say_password(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__sasl_clear(sasl);
    smtp__put_str(&sasl->text, sasl->given.client.password);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

/* These prompts are what old clients insist on. */
int smtp__login_prompt(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__put_text(&sasl->text, "Username:");
    return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

int smtp__login_hear_name(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    int error = smtp__sasl_copy(sasl, message, &sasl->question.name);
    if (error != 0) {
        return error;
    }
    size_t start = sasl->text.len;
    smtp__put_text(&sasl->text, "Password:");
    return smtp__sasl_say(sasl, start, SMTP_SASL_MORE, out);
}

int smtp__login_hear_password(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)out;
    int error = smtp__sasl_copy(sasl, message, &sasl->question.password);
    return error != 0 ? error : ask_password(sasl);
}
