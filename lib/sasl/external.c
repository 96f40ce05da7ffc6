/* SPDX-License-Identifier: MIT
 * The mechanisms that prove nothing themselves: EXTERNAL (RFC 4422 A) and ANONYMOUS (RFC 4505). */
#include "sasl/sasl.h"

int smtp__external_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__put_str(&sasl->text, sasl->given.client.authzid);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

int smtp__external_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    smtp_sasl_question *question = &sasl->question;
    (void)out;
    if (sasl->given.server.external.len == 0) {
        return SMTP_ERR_AUTH_FAILED;
    }
    int error = smtp__sasl_optional(message, SMTP_SASL_NAME_MAX);
    if (error == 0) {
        error = smtp__sasl_copy(sasl, message, &question->authzid);
    }
    question->name = sasl->given.server.external;
    return error != 0 ? error : smtp__sasl_ask(sasl, SMTP_SASL_ASK_VERDICT);
}

int smtp__anonymous_say(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)message;
    smtp__put_str(&sasl->text, sasl->given.client.name);
    return smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

int smtp__anonymous_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)out;
    int error = smtp__sasl_optional(message, SMTP_SASL_TRACE_MAX);
    if (error == 0) {
        error = smtp__sasl_copy(sasl, message, &sasl->question.name);
    }
    return error != 0 ? error : smtp__sasl_ask(sasl, SMTP_SASL_ASK_VERDICT);
}

int smtp__anonymous_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    sasl->question.name = smtp_text("anonymous"); /* trace information is nobody's identity */
    return smtp__sasl_decide(sasl, answer, out);
}
