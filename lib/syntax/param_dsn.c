/* SPDX-License-Identifier: MIT
 * The values of the parameters of DSN: ENVID, NOTIFY and ORCPT (RFC 3461 4, RFC 6533 3). */
#include "syntax/orcpt.h"
#include "syntax/param_value.h"

enum { ENVID_MAX = 100, ORCPT_MAX = 500 }; /* RFC 3461 5.4 */

static const smtp__choice notifies[] = {
    {SMTP__WORD("NEVER"), SMTP_NOTIFY_NEVER, 0},
    {SMTP__WORD("SUCCESS"), SMTP_NOTIFY_SUCCESS, 0},
    {SMTP__WORD("FAILURE"), SMTP_NOTIFY_FAILURE, 0},
    {SMTP__WORD("DELAY"), SMTP_NOTIFY_DELAY, 0},
    {{0, ""}, 0, 0},
};
static const smtp_str utf8_type = SMTP__STR("utf-8");

static unsigned char hex_octet(const char *digits)
{
    unsigned octet = 0;
    for (size_t i = 0; i < 2; i++) {
        unsigned digit = (unsigned char)digits[i];
        octet = octet << 4 | (digit <= '9' ? digit - '0' : digit - 'A' + 10);
    }
    return (unsigned char)octet;
}

/* Reads as much xtext as there is, the octets that it stands for being printable (RFC 3461 4.2
 * and 4.4). */
static void take_xtext(smtp__cursor *cursor)
{
    for (;;) {
        (void)smtp__take_run(cursor, SMTP__XCHAR);
        if (cursor->end - cursor->at < 3 || cursor->at[0] != '+' ||
            !smtp__is((unsigned char)cursor->at[1], SMTP__HEX_UPPER) ||
            !smtp__is((unsigned char)cursor->at[2], SMTP__HEX_UPPER) ||
            !smtp__is(hex_octet(cursor->at + 1), SMTP__PRINTABLE)) {
            return;
        }
        cursor->at += 3;
    }
}

/* What has been read since `start`, when it is neither empty nor too long. */
static int slice_within(smtp__cursor *cursor, const char *start, size_t limit, smtp_str *out)
{
    *out = smtp__since(cursor, start);
    if (out->len > limit) {
        cursor->at = start + limit;
    }
    return out->len == 0 || out->len > limit ? SMTP_ERR_PARAMETER_VALUE : 0;
}

int smtp__read_envid(const smtp__reading *in)
{
    const char *start = in->cursor->at;
    take_xtext(in->cursor);
    return slice_within(in->cursor, start, ENVID_MAX, &in->out->envid);
}

int smtp__read_notify(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    uint32_t bits = 0;
    do {
        smtp_str word = smtp__take_run(cursor, SMTP__ALPHA);
        uint32_t bit = smtp__choose(notifies, word)->value;
        /* NEVER stands alone, and a word that is there twice says nothing more. */
        if (bit == 0 || (bits & (bit | SMTP_NOTIFY_NEVER)) || (bits && bit == SMTP_NOTIFY_NEVER)) {
            cursor->at = word.ptr;
            return SMTP_ERR_PARAMETER_VALUE;
        }
        bits |= bit;
    } while (smtp__take(cursor, ','));
    in->out->notify = bits;
    return 0;
}

void smtp__write_notify(const smtp__writing *to)
{
    uint32_t bits = to->params->notify;
    for (const smtp__choice *choice = notifies; choice->word.length > 0; choice++) {
        if (bits & choice->value) {
            smtp__put_str(to->writer, smtp__word_str(&choice->word));
            bits &= ~choice->value;
            if (bits != 0) {
                smtp__put(to->writer, ','); /* with nothing behind it when the bit left has no word
                                             */
            }
        }
    }
}

static int take_utf8_address(smtp__cursor *cursor)
{
    while (!smtp__at_word_end(cursor)) {
        smtp__character ignored;
        const char *start = cursor->at;
        if (smtp__take_orcpt_utf8(cursor, &ignored) != 0) {
            cursor->at = start;
            return SMTP_ERR_PARAMETER_VALUE;
        }
    }
    return 0;
}

int smtp__read_orcpt(const smtp__reading *in)
{
    smtp__cursor *cursor = in->cursor;
    const char *start = cursor->at;
    int error = 0;
    while (!smtp__at_word_end(cursor) && *cursor->at != '=' &&
           smtp__is((unsigned char)*cursor->at, SMTP__ATEXT)) {
        cursor->at++;
    }
    in->out->orcpt_type = smtp__since(cursor, start);
    if (in->out->orcpt_type.len == 0 || !smtp__take(cursor, ';')) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    const char *address = cursor->at;
    size_t before = (size_t)(address - start); /* the limit is on type, semicolon and address */
    if (before >= ORCPT_MAX) {
        return SMTP_ERR_PARAMETER_VALUE;
    }
    if (smtp_str_equal_nocase(in->out->orcpt_type, utf8_type)) {
        error = take_utf8_address(cursor);
    } else {
        take_xtext(cursor);
    }
    return error != 0 ? error
                      : slice_within(cursor, address, ORCPT_MAX - before, &in->out->orcpt_address);
}

void smtp__write_orcpt(const smtp__writing *to)
{
    smtp__put_str(to->writer, to->params->orcpt_type);
    smtp__put(to->writer, ';');
    smtp__put_str(to->writer, to->params->orcpt_address);
}
