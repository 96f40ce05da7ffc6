/* SPDX-License-Identifier: MIT
 * The syntax of the parameters' values: a reader and a writer each. */
#ifndef SMTP_SYNTAX_PARAM_VALUE_H
#define SMTP_SYNTAX_PARAM_VALUE_H

#include "syntax/param.h"

/* Shared by rows: an int out of the row's choices, and a slice as it stands in the member. */
smtp__param_reader smtp__read_choice;
smtp__param_writer smtp__write_choice;
smtp__param_writer smtp__write_slice;

smtp__param_reader smtp__read_size, smtp__read_auth, smtp__read_by, smtp__read_holdfor,
    smtp__read_holduntil, smtp__read_mt_priority, smtp__read_solicit, smtp__read_mtrk,
    smtp__read_transid, smtp__read_rrvs;
smtp__param_writer smtp__write_size, smtp__write_by, smtp__write_holdfor, smtp__write_holduntil,
    smtp__write_mt_priority, smtp__write_mtrk, smtp__write_rrvs;

/* Those of delivery status notifications (RFC 3461, RFC 6533). */
smtp__param_reader smtp__read_envid, smtp__read_notify, smtp__read_orcpt;
smtp__param_writer smtp__write_notify, smtp__write_orcpt;

/* Reads solicitation class keywords, separated by commas, and says whether they are such (RFC
 * 3865 2.2). */
int smtp__take_solicitation(smtp__cursor *cursor);

#endif
