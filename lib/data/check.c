/* SPDX-License-Identifier: MIT
 * What is in content that is not framed by dots (BDAT, RFC 3030). */
#include "data/scan.h"

enum checker_state { NOT_AFTER_CR = 0, AFTER_CR };

void smtp_data_check(smtp_data_checker *checker, smtp_str input)
{
    const unsigned char *text = (const unsigned char *)input.ptr;
    int after_cr = checker->private_state == AFTER_CR;
    int lf_first = input.len > 0 && text[0] == SMTP__LF;

    checker->private_state = NOT_AFTER_CR;
    if (after_cr != lf_first) {
        checker->found |= after_cr ? SMTP_FOUND_BARE_CR : SMTP_FOUND_BARE_LF;
    }
    if (input.len > 0) {
        smtp__scan(text, input.len, 0, &checker->found);
        if (text[input.len - 1] == SMTP__CR) {
            checker->private_state = AFTER_CR;
        }
    }
}
