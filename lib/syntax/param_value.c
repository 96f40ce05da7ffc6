/* SPDX-License-Identifier: MIT
 * The values of MAIL and RCPT parameters, but for those of DSN. */
#include "syntax/param_value.h"

#include "smtp/trace.h"

enum {
    SIZE_DIGITS = 20,   /* RFC 1870 3 */
    SECONDS_DIGITS = 9, /* RFC 2852 4, RFC 3885 3.1, RFC 4865 3 */
    SOLICIT_MAX = 1000, /* RFC 3865 2.2 */
    TRANSID_MAX = 80,   /* RFC 1845 2 */
    AUTH_MAX = 512,     /* more than any mailbox */
    TIMESTAMP_MAX = 32
};

static void *member(const smtp__reading *in)
{
    return (unsigned char *)in->out + in->param->offset;
}

static const void *member_of(const smtp__writing *to)
{
    return (const unsigned char *)to->params + to->param->offset;
}

/* Reads seconds, at most as many as an int32_t holds. */
static int take_seconds(smtp__cursor *cursor, uint32_t *out)
{
    uint64_t seconds;
    if (smtp__take_number(cursor, SECONDS_DIGITS, &seconds) != 0) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    *out = (uint32_t)seconds;
    return 0;
}

/* ---- words and slices ---- */

const smtp__choice *smtp__choose(const smtp__choice *choices, smtp_str word)
{
    while (choices->word.length > 0 && !smtp__same_word(word, &choices->word)) {
        choices++;
    }
    return choices;
}

int smtp__read_choice(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    smtp_str word = smtp__take_run(cursor, SMTP__LET_DIG);
    const smtp__choice *choice = smtp__choose(in->param->choices, word);
    int *value = member(in);
    if (choice->word.length > 0 && (choice->extensions & ~in->syntax->extensions) == 0) {
        *value = (int)choice->value;
        return 0;
    }
    cursor->at = word.ptr;
    return choice->word.length > 0 ? SMTP_ERR_PARAMETER_NOT_OFFERED : SMTP_ERR_PARAMETER_VALUE;
}

void smtp__write_choice(const smtp__writing *to)
{
    const int *value = member_of(to);
    for (const smtp__choice *choice = to->param->choices; choice->word.length > 0; choice++) {
        if ((int)choice->value == *value) {
            smtp__put_str(to->writer, smtp__word_str(&choice->word));
        }
    }
}

void smtp__write_slice(const smtp__writing *to)
{
    const smtp_str *slice = member_of(to);
    smtp__put_str(to->writer, *slice);
}

/* ---- SIZE (RFC 1870 3) ---- */

int smtp__read_size(const smtp__reading *in)
{
    const char *start = in->cursor->at;
    int error = smtp__take_number(in->cursor, SIZE_DIGITS, &in->out->size);
    if (error == SMTP_ERR_NUMBER_TOO_LARGE) {
        if (smtp__take_run(in->cursor, SMTP__DIGIT).len > SIZE_DIGITS) {
            in->cursor->at = start + SIZE_DIGITS;
            return SMTP_ERR_PARAMETER_VALUE;
        }
        in->out->size = UINT64_MAX; /* 20 digits may be over 64 bits: no message is that large */
        return 0;
    }
    return error != 0 ? SMTP_ERR_PARAMETER_VALUE : 0;
}

void smtp__write_size(const smtp__writing *to)
{
    smtp__put_number(to->writer, to->params->size);
}

/* ---- AUTH (RFC 4954 5) ---- */

int smtp__read_auth(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    uint32_t allow = (in->syntax->extensions & SMTP_EXT_SMTPUTF8) ? SMTP_ADDRESS_UTF8 : 0;
    char octets[AUTH_MAX];
    smtp_str decoded = {octets, 0};
    smtp_mailbox mailbox;
    in->out->auth = smtp__take_word(cursor);
    if (smtp_str_equal(in->out->auth, smtp_text("<>"))) {
        return 0;
    }
    if (smtp_xtext_decode(octets, sizeof octets, &decoded.len, in->out->auth) == 0 &&
        smtp_mailbox_parse(&mailbox, decoded, allow, in->syntax->tolerate, NULL) == 0) {
        return 0;
    }
    cursor->at = start;
    return SMTP_ERR_PARAMETER_VALUE;
}

/* ---- BY (RFC 2852 4) ---- */

int smtp__read_by(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    int negative = smtp__take(cursor, '-');
    uint32_t seconds;
    if (!negative) {
        (void)smtp__take(cursor, '+');
    }
    if (take_seconds(cursor, &seconds) != 0 || !smtp__take(cursor, ';')) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->by_seconds = negative ? -(int32_t)seconds : (int32_t)seconds;
    in->out->by_mode = smtp__take_text(cursor, "R")   ? SMTP_BY_RETURN
                       : smtp__take_text(cursor, "N") ? SMTP_BY_NOTIFY
                                                      : SMTP_BY_NONE;
    if (in->out->by_mode == SMTP_BY_NONE) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    if (in->out->by_mode == SMTP_BY_RETURN && in->out->by_seconds <= 0) {
        cursor->at = start; /* to be returned before it was sent */
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->by_trace = (uint32_t)smtp__take_text(cursor, "T");
    return 0;
}

void smtp__write_by(const smtp__writing *to)
{
    int64_t seconds = to->params->by_seconds;
    if (seconds < 0) {
        smtp__put(to->writer, '-');
        seconds = -seconds;
    }
    smtp__put_number(to->writer, (uint64_t)seconds);
    smtp__put(to->writer, ';');
    if (to->params->by_mode == SMTP_BY_RETURN || to->params->by_mode == SMTP_BY_NOTIFY) {
        smtp__put(to->writer, to->params->by_mode == SMTP_BY_RETURN ? 'R' : 'N');
    }
    if (to->params->by_trace) {
        smtp__put(to->writer, 'T');
    }
}

/* ---- HOLDFOR and HOLDUNTIL (RFC 4865 3) ---- */

int smtp__read_holdfor(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    return smtp__at(cursor, '0') ? SMTP_ERR_PARAMETER_VALUE
                                 : take_seconds(cursor, &in->out->hold_for);
}

void smtp__write_holdfor(const smtp__writing *to)
{
    smtp__put_number(to->writer, to->params->hold_for);
}

int smtp__read_holduntil(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    smtp_str text = smtp__take_word(cursor);
    if (smtp_timestamp_parse(&in->out->hold_until, text) != 0) {
        cursor->at = text.ptr;
        return SMTP_ERR_PARAMETER_VALUE;
    }
    return 0;
}

static void put_timestamp(smtp__writer *writer, uint64_t seconds)
{
    char text[TIMESTAMP_MAX];
    smtp_str str = {text, 0};
    if (smtp_timestamp_format(text, sizeof text, &str.len, seconds) == 0) {
        smtp__put_str(writer, str);
    }
}

void smtp__write_holduntil(const smtp__writing *to)
{
    put_timestamp(to->writer, to->params->hold_until);
}

/* ---- MT-PRIORITY (RFC 6710 7) ---- */

int smtp__read_mt_priority(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    int sign = smtp__take(cursor, '-') ? -1 : 1;
    uint64_t digit;
    if ((sign < 0 && smtp__at(cursor, '0')) || smtp__take_number(cursor, 1, &digit) != 0) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->mt_priority = sign * (int)digit;
    return 0;
}

void smtp__write_mt_priority(const smtp__writing *to)
{
    int64_t priority = to->params->mt_priority;
    if (priority < 0) {
        smtp__put(to->writer, '-');
        priority = -priority;
    }
    smtp__put_number(to->writer, (uint64_t)priority);
}

/* ---- SOLICIT (RFC 3865 2.2 and 2.3) ---- */

/* Reads letters, digits, hyphens and underscores, as mechanisms have them, and dots and colons. */
static void take_solicitation_word(smtp__cursor *cursor)
{
    while (smtp__take_run(cursor, SMTP__MECHANISM).len > 0 || smtp__take(cursor, '.') ||
           smtp__take(cursor, ':')) {
    }
}

int smtp__take_solicitation(smtp__cursor *cursor)
{
    const char *start = cursor->at;
    do {
        if (cursor->at == cursor->end || !smtp__is((unsigned char)*cursor->at, SMTP__ALPHA)) {
            return 0;
        }
        take_solicitation_word(cursor);
    } while (smtp__take(cursor, ','));
    if (cursor->at - start > SOLICIT_MAX) {
        cursor->at = start + SOLICIT_MAX;
        return 0;
    }
    return 1;
}

int smtp__read_solicit(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    if (!smtp__take_solicitation(cursor)) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->solicit = smtp__since(cursor, start);
    return 0;
}

/* ---- MTRK (RFC 3885 3.1) ---- */

int smtp__read_mtrk(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    in->out->mtrk_timeout = 0;
    if (smtp__take_base64(cursor, &in->out->mtrk) != 0) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    return smtp__take(cursor, ':') ? take_seconds(cursor, &in->out->mtrk_timeout) : 0;
}

void smtp__write_mtrk(const smtp__writing *to)
{
    smtp__put_str(to->writer, to->params->mtrk);
    if (to->params->mtrk_timeout > 0) {
        smtp__put(to->writer, ':');
        smtp__put_number(to->writer, to->params->mtrk_timeout);
    }
}

/* ---- TRANSID (RFC 1845 2) ---- */

/* Reads words without the specials of MIME, separated by dots. */
static int take_transid_token(smtp__cursor *cursor)
{
    do {
        const char *start = cursor->at;
        while (cursor->at < cursor->end && smtp__is((unsigned char)*cursor->at, SMTP__ATEXT) &&
               *cursor->at != '/' && *cursor->at != '=' && *cursor->at != '?') {
            cursor->at++;
        }
        if (cursor->at == start) {
            return 0;
        }
    } while (smtp__take(cursor, '.'));
    return 1;
}

int smtp__read_transid(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    if (!smtp__take(cursor, '<') || !take_transid_token(cursor) || !smtp__take(cursor, '@') ||
        !take_transid_token(cursor) || !smtp__take(cursor, '>')) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->transid = smtp__since(cursor, start);
    if (in->out->transid.len > TRANSID_MAX) {
        cursor->at = start + TRANSID_MAX;
        return SMTP_ERR_PARAMETER_VALUE;
    }
    return 0;
}

/* ---- RRVS (RFC 7293 3.1) ---- */

int smtp__read_rrvs(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    while (!smtp__at_word_end(cursor) && *cursor->at != ';') {
        if (*cursor->at == '.') {
            return SMTP_ERR_PARAMETER_VALUE; /* no fraction of a second here */
        }
        cursor->at++;
    }
    if (smtp_timestamp_parse(&in->out->rrvs, smtp__since(cursor, start)) != 0) {
        cursor->at = start;
        return SMTP_ERR_PARAMETER_VALUE;
    }
    in->out->rrvs_action = SMTP_RRVS_NONE;
    if (smtp__take(cursor, ';')) {
        in->out->rrvs_action = smtp__take_text(cursor, "C")   ? SMTP_RRVS_CONTINUE
                               : smtp__take_text(cursor, "R") ? SMTP_RRVS_REJECT
                                                              : SMTP_RRVS_NONE;
        return in->out->rrvs_action == SMTP_RRVS_NONE ? SMTP_ERR_PARAMETER_VALUE : 0;
    }
    return 0;
}

void smtp__write_rrvs(const smtp__writing *to)
{
    put_timestamp(to->writer, to->params->rrvs);
    if (to->params->rrvs_action != SMTP_RRVS_NONE) {
        smtp__put(to->writer, ';');
        smtp__put_text(to->writer, to->params->rrvs_action == SMTP_RRVS_CONTINUE ? "C"
                                   : to->params->rrvs_action == SMTP_RRVS_REJECT ? "R"
                                                                                 : "");
    }
}
