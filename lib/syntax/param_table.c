/* SPDX-License-Identifier: MIT
 * The table of MAIL and RCPT parameters. */
#include "syntax/param_value.h"

/* BINARYMIME is of use only with CHUNKING (RFC 3030 3). */
static const smtp__choice bodies[] = {
    {SMTP__WORD("8BITMIME"), SMTP_BODY_8BITMIME, SMTP_EXT_8BITMIME},
    {SMTP__WORD("7BIT"), SMTP_BODY_7BIT, 0},
    {SMTP__WORD("BINARYMIME"), SMTP_BODY_BINARYMIME, SMTP_EXT_BINARYMIME | SMTP_EXT_CHUNKING},
    {{0, ""}, 0, 0},
};
static const smtp__choice rets[] = {
    {SMTP__WORD("FULL"), SMTP_RET_FULL, 0},
    {SMTP__WORD("HDRS"), SMTP_RET_HDRS, 0},
    {{0, ""}, 0, 0},
};

#define BODY_EXTENSIONS (SMTP_EXT_8BITMIME | SMTP_EXT_BINARYMIME)
#define DSN_OR_MTRK (SMTP_EXT_DSN | SMTP_EXT_MTRK) /* RFC 3885 2 asks for these two as well */

#define ROW(keyword, verb, bit, extensions, member, read, write, choices)                          \
    {                                                                                              \
        SMTP__WORD(keyword), SMTP_VERB_##verb, offsetof(smtp_params, member), SMTP_PARAM_##bit,    \
            extensions, read, write, choices                                                       \
    }
#define FLAG(keyword, verb, bit) ROW(keyword, verb, bit, SMTP_EXT_##bit, present, NULL, NULL, NULL)
#define VALUE(keyword, verb, bit, extensions, member, read, write)                                 \
    ROW(keyword, verb, bit, extensions, member, smtp__read_##read, smtp__write_##write, NULL)
#define CHOICE(keyword, verb, bit, extensions, member, choices)                                    \
    ROW(keyword, verb, bit, extensions, member, smtp__read_choice, smtp__write_choice, choices)

/* The most frequent ones stand first: the search is linear. The order is also that in which they
 * are written. */
static const smtp__param table[] = {
    VALUE("NOTIFY", RCPT, NOTIFY, SMTP_EXT_DSN, notify, notify, notify),
    VALUE("ORCPT", RCPT, ORCPT, DSN_OR_MTRK, orcpt_type, orcpt, orcpt),
    VALUE("SIZE", MAIL, SIZE, SMTP_EXT_SIZE, size, size, size),
    CHOICE("BODY", MAIL, BODY, BODY_EXTENSIONS, body, bodies),
    FLAG("SMTPUTF8", MAIL, SMTPUTF8),
    CHOICE("RET", MAIL, RET, SMTP_EXT_DSN, ret, rets),
    VALUE("ENVID", MAIL, ENVID, DSN_OR_MTRK, envid, envid, slice),
    VALUE("AUTH", MAIL, AUTH, SMTP_EXT_AUTH, auth, auth, slice),
    FLAG("REQUIRETLS", MAIL, REQUIRETLS),
    VALUE("MT-PRIORITY", MAIL, MT_PRIORITY, SMTP_EXT_MT_PRIORITY, mt_priority, mt_priority,
          mt_priority),
    VALUE("BY", MAIL, BY, SMTP_EXT_DELIVERBY, by_seconds, by, by),
    VALUE("HOLDFOR", MAIL, HOLDFOR, SMTP_EXT_FUTURERELEASE, hold_for, holdfor, holdfor),
    VALUE("HOLDUNTIL", MAIL, HOLDUNTIL, SMTP_EXT_FUTURERELEASE, hold_until, holduntil, holduntil),
    VALUE("SOLICIT", MAIL, SOLICIT, SMTP_EXT_NO_SOLICITING, solicit, solicit, slice),
    VALUE("MTRK", MAIL, MTRK, SMTP_EXT_MTRK, mtrk, mtrk, mtrk),
    VALUE("TRANSID", MAIL, TRANSID, SMTP_EXT_CHECKPOINT, transid, transid, slice),
    FLAG("CONPERM", MAIL, CONPERM),
    FLAG("CONNEG", RCPT, CONNEG),
    VALUE("RRVS", RCPT, RRVS, SMTP_EXT_RRVS, rrvs, rrvs, rrvs),
};

const smtp__param *smtp__param_at(size_t i)
{
    return i < sizeof table / sizeof table[0] ? &table[i] : NULL;
}

const smtp__param *smtp__param_find(int verb, smtp_str keyword)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const smtp__param *row = &table[i];
        if (row->verb == verb && smtp__same_word(keyword, &row->keyword)) {
            return row;
        }
    }
    return NULL;
}
