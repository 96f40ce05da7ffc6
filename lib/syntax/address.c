/* SPDX-License-Identifier: MIT
 * What the parsers of addresses share. */
#include "syntax/address.h"

#include "base/utf8.h"

int smtp__finish(const smtp__cursor *cursor, smtp_str text, int error, size_t *offset)
{
    if (error == 0 && (size_t)(cursor->at - text.ptr) != text.len) {
        error = SMTP_ERR_TRAILING;
    }
    if (error != 0 && offset != NULL) {
        *offset = (size_t)(cursor->at - text.ptr);
    }
    return error;
}

int smtp__refuse(const smtp__cursor *cursor, int error)
{
    if (smtp__at_class(cursor, SMTP__CONTROL)) {
        return SMTP_ERR_CONTROL;
    }
    if (!smtp__at_class(cursor, SMTP__NON_ASCII)) {
        return error;
    }
    if (smtp__utf8_step(cursor->at, cursor->end) == 0) {
        return SMTP_ERR_UTF8;
    }
    return (cursor->allow & SMTP_ADDRESS_UTF8) ? error : SMTP_ERR_UTF8_NOT_ALLOWED;
}

int smtp__take_utf8(smtp__cursor *cursor)
{
    size_t step = smtp__utf8_step(cursor->at, cursor->end);
    if (step == 0) {
        return SMTP_ERR_UTF8;
    }
    if (!(cursor->allow & SMTP_ADDRESS_UTF8)) {
        return SMTP_ERR_UTF8_NOT_ALLOWED;
    }
    cursor->at += step;
    cursor->utf8 = 1;
    return 0;
}

/* What is inline has its one copy here, for where a compiler would rather call it. */
extern inline const char *smtp__end_of(smtp_str str);
extern inline smtp__cursor smtp__address_start(smtp_str text, uint32_t allow, uint32_t tolerate);
extern inline int smtp__at_class(const smtp__cursor *cursor, uint32_t classes);
extern inline int smtp__at_stop(const smtp__cursor *cursor);
extern inline int smtp__within(smtp__cursor *cursor, const char *begin, size_t limit, int error,
                               int too_long);
