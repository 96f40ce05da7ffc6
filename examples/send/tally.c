/* SPDX-License-Identifier: MIT
 * Replies and errors as exit statuses, by a table. */
#include "tally.h"

#include <stddef.h>
#include <sysexits.h>

#include <smtp/client.h>

/* The first row that holds the error counts. */
static const struct row {
    int highest;
    int lowest;
    int status;
} rows[] = {
    {SMTP_ERR_NO_MEMORY, SMTP_ERR_NO_MEMORY, EX_OSERR},
    {SMTP_ERR_LINE_TOO_LONG, SMTP_ERR_REPLY_TOO_LONG, EX_PROTOCOL}, /* replies */
    {SMTP_ERR_ARGUMENT, -29, EX_SOFTWARE},
    {-30, -99, EX_PROTOCOL},                        /* and again: the envelope was checked before */
    {SMTP_ERR_NUL, SMTP_ERR_EIGHT_BIT, EX_DATAERR}, /* in the message */
    {SMTP_ERR_TLS_FAILED, SMTP_ERR_TLS_REQUIRED, EX_UNAVAILABLE},
    {SMTP_ERR_EOF, SMTP_ERR_TIMEOUT, EX_TEMPFAIL},
    {SMTP_ERR_REFUSED, SMTP_ERR_REFUSED, EX_UNAVAILABLE},
    {SMTP_ERR_SHUTTING_DOWN, SMTP_ERR_SHUTTING_DOWN, EX_TEMPFAIL},
    {SMTP_ERR_GREETING_TIMEOUT, SMTP_ERR_MESSAGE_TIMEOUT, EX_TEMPFAIL},
    {-100, -149, EX_PROTOCOL},
    {SMTP_ERR_NEEDS_TLS, SMTP_ERR_NEEDS_TLS, EX_UNAVAILABLE},
    {SMTP_ERR_TRANSACTION_REFUSED, SMTP_ERR_TRANSACTION_REFUSED, EX_UNAVAILABLE},
    {SMTP_ERR_OUTCOME_UNKNOWN, SMTP_ERR_OUTCOME_UNKNOWN, EX_TEMPFAIL},
    {SMTP_ERR_TOO_MANY_RECIPIENTS, SMTP_ERR_TOO_MANY_DOMAINS, EX_TEMPFAIL}, /* in this session */
    {-150, -199, EX_DATAERR}, /* what the server cannot take */
    {SMTP_ERR_TRANSPORT, SMTP_ERR_TRANSPORT, EX_TEMPFAIL},
};

static int status_of(int code, int error)
{
    size_t i;

    if (error <= -230 && error >= -259)
        return code / 100 == 4 ? EX_TEMPFAIL : EX_NOPERM; /* authentication failed */
    if (code >= 400)
        return code >= 500 ? EX_UNAVAILABLE : EX_TEMPFAIL;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (error <= rows[i].highest && error >= rows[i].lowest)
            return rows[i].status;
    }
    return EX_SOFTWARE;
}

void tally_success(struct tally *tally)
{
    tally->delivered++;
}

static void add(struct tally *tally, int status)
{
    tally->failed++;
    if (status == EX_TEMPFAIL)
        tally->temporary = 1;
    if (status == EX_PROTOCOL)
        tally->broken = 1;
    if (tally->first == EX_OK)
        tally->first = status;
}

void tally_refusal(struct tally *tally, int result)
{
    add(tally, result == SMTP_RESULT_PERMANENT ? EX_UNAVAILABLE : EX_TEMPFAIL);
}

void tally_failure(struct tally *tally, int code, int error)
{
    add(tally, status_of(code, error));
}

int tally_status(const struct tally *tally)
{
    if (tally->failed == 0)
        return EX_OK;
    if (tally->temporary)
        return EX_TEMPFAIL;
    if (tally->delivered == 0)
        return tally->first;
    return tally->broken ? EX_TEMPFAIL : EX_UNAVAILABLE;
}
