/* SPDX-License-Identifier: MIT
 * What the parsers of addresses share. */
#include "syntax/address.h"

#include "base/utf8.h"

int smtp__scan_finish(const smtp__scan *scan, smtp_str text, int error, size_t *offset)
{
    if (error == 0 && (size_t)(scan->at - text.ptr) != text.len) {
        error = SMTP_ERR_TRAILING;
    }
    if (error != 0 && offset != NULL) {
        *offset = (size_t)(scan->at - text.ptr);
    }
    return error;
}

int smtp__scan_refuse(const smtp__scan *scan, int error)
{
    if (smtp__scan_is(scan, SMTP__CONTROL)) {
        return SMTP_ERR_CONTROL;
    }
    if (!smtp__scan_is(scan, SMTP__NON_ASCII)) {
        return error;
    }
    if (smtp__utf8_step(scan->at, scan->end) == 0) {
        return SMTP_ERR_UTF8;
    }
    return (scan->allow & SMTP_ADDRESS_UTF8) ? error : SMTP_ERR_UTF8_NOT_ALLOWED;
}

int smtp__scan_utf8(smtp__scan *scan)
{
    size_t step = smtp__utf8_step(scan->at, scan->end);
    if (step == 0) {
        return SMTP_ERR_UTF8;
    }
    if (!(scan->allow & SMTP_ADDRESS_UTF8)) {
        return SMTP_ERR_UTF8_NOT_ALLOWED;
    }
    scan->at += step;
    return 0;
}
