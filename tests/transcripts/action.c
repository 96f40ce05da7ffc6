/* SPDX-License-Identifier: MIT
 * The actions of the embedding program that both roles have, and what each action is to give. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

/* Offers what the peer said although the session does not ask for it: it may look, and takes
 * nothing. */
static int offer(play *p)
{
    size_t used = 0;
    char *block = grown(NULL, 0, p->input.len + 1);
    int result;

    if (p->input.len > 0)
        memcpy(block, p->input.ptr, p->input.len);
    result = smtp_session_receive(p->session, block, p->input.len, p->now, &used);
    free(block);
    if (used > 0)
        (void)play_failed(p, 0, "input was taken that was not asked for");
    return result;
}

/* "time +300000", "eof", "tls started": what both roles have. */
static int common_action(play *p, smtp_str verb, smtp_str rest, int *result)
{
    static const smtp_tls_info tls_info = {
        sizeof tls_info, {"TLS1.3", 6}, {"TLS_AES_256_GCM_SHA384", 22}, {NULL, 0}, {NULL, 0},
        {NULL, 0},       {NULL, 0}};
    size_t i;
    smtp_time by = 0;

    if (is_word(verb, "time")) {
        for (i = 1; i < rest.len; i++)
            by = by * 10 + (smtp_time)(rest.ptr[i] - '0');
        p->now += by;
        *result = smtp_session_expire(p->session, p->now);
    } else if (is_word(verb, "offer")) {
        *result = offer(p);
    } else if (is_word(verb, "hold") || is_word(verb, "release")) {
        p->held = is_word(verb, "hold");
    } else if (is_word(verb, "eof")) {
        *result = smtp_session_eof(p->session, p->now);
    } else if (is_word(verb, "tls") && is_word(rest, "started")) {
        *result = smtp_session_tls_started(p->session, &tls_info, p->now);
    } else if (is_word(verb, "tls") && is_word(rest, "failed")) {
        *result = smtp_session_tls_failed(p->session, p->now);
    } else {
        return 0;
    }
    return 1;
}

/* An action and, behind "=>", the error that it is to give. Without one, calls of which the session
 * dies are fine. */
int act_step(play *p, const step *action)
{
    smtp_str rest = action->line;
    smtp_str verb = word_next(&rest);
    int known = 1;
    int wanted;
    int result = SMTP_ERR_OK;

    wanted = script_wanted(&rest, &known);
    if (!known)
        return play_failed(p, action->number, "the error behind => is not known");
    if (!common_action(p, verb, rest, &result) && !server_action(p, verb, rest, &result) &&
        !client_action(p, verb, rest, &result))
        return play_failed(p, action->number, "an action that is not known");
    if (result != wanted &&
        (wanted != SMTP_ERR_OK || result != smtp_session_error(p->session, NULL)))
        return play_failed(p, action->number, "the call gave %s", smtp_error_name(result));
    return 1;
}
