/* SPDX-License-Identifier: MIT
 * Holds the three accounts of each message against each other: what the client was told, what was
 * said on the wire, what is on the disk. */
#include "checks.h"

#include <string.h>

#include "simulation.h"

/* Only LMTP, and only where no reply came, may be tried again although it is stored (RFC 2033 5).
 */
static int is_lmtp_without_reply(const attempt *of, size_t position)
{
    return of->lmtp && of->told_code[position] == 0 && of->told_error[position] != SMTP_ERR_OK;
}

/* 1 when the end of data was answered, to whomever. */
static int is_answered(const attempt *of)
{
    size_t i;

    for (i = 0; i < RECIPIENTS; i++) {
        if (of->reply[i] != 0)
            return 1;
    }
    return 0;
}

/* A recipient as the server's side has it: the reply and the disk. */
static void check_stored(sim *s, const attempt *of, size_t recipient)
{
    size_t stored = disk_count(s, (size_t)(of - s->attempts), recipient);
    int code = of->reply[recipient];

    must(s, stored <= 1, CHECK_STORED_TWICE);
    if (code / 100 == 2)
        must(s, stored == 1, CHECK_STORED_ONCE);
    else if (code != 0)
        must(s, stored == 0, CHECK_STORED_REFUSED);
    if (stored > 0 && is_answered(of))
        must(s, of->accepted >> recipient & 1u, CHECK_RECIPIENTS);
    must(s, stored == 0 || of->of->sendable, CHECK_OCTETS);
}

static int result_of(int code)
{
    if (code / 100 == 2)
        return SMTP_RESULT_DELIVERED;
    return code / 100 == 5 ? SMTP_RESULT_PERMANENT : SMTP_RESULT_TEMPORARY;
}

/* Where client and server may differ, so that it is known that they did. */
static void note_doubt(sim *s, const attempt *of, size_t position, size_t stored)
{
    size_t number = (size_t)(of - s->attempts);

    if (of->told_result[position] == SMTP_RESULT_UNKNOWN)
        note(s, stored > 0 ? EVENT_UNKNOWN_STORED : EVENT_UNKNOWN_NOT_STORED, number, 0);
    else if (of->told_result[position] == SMTP_RESULT_TEMPORARY && stored > 0)
        note(s, EVENT_STORED_AGAIN, position, number);
}

/* The client knows that the server closed the session, and for which command. */
static int is_shut(const sim *s)
{
    return s->conversation.over && s->conversation.over_at <= s->ends[CLIENT].taken;
}

/* The client cannot know: all of the message has left it, and no reply to it has come. */
static int is_unknown(const sim *s, const attempt *of, int heard)
{
    return !heard && !is_shut(s) && of->result == SMTP_RESULT_UNKNOWN &&
           conversation_has_left(s, (size_t)(of - s->attempts));
}

/* A recipient whose RCPT was refused: 552 was "too many" once (RFC 5321 4.5.3.1.10). */
static void check_refused(sim *s, const attempt *of, size_t position)
{
    int code = of->refusal[of->which[position]];

    must(s, of->told_code[position] == code, CHECK_HEARD);
    must(s, of->told_result[position] == (code == 552 ? SMTP_RESULT_TEMPORARY : result_of(code)),
         CHECK_HEARD);
}

/* 1 when both sides can do what the letter needs. */
static int is_deliverable(const sim *s, const letter *of)
{
    const smtp_server_config *server = &s->plan.server;
    int chunks = (server->withhold & SMTP_EXT_CHUNKING) == 0 &&
                 (s->plan.client.flags & SMTP_CLIENT_NO_CHUNKING) == 0;

    if (!of->sendable || (server->message_max != 0 && of->expected_len > server->message_max))
        return 0;
    if ((of->flags & SMTP_ENVELOPE_8BIT) && (server->withhold & SMTP_EXT_8BITMIME))
        return 0;
    return !of->binary || chunks;
}

/* Where nothing stands in the way what can be delivered is; what cannot never is. A server that
 * ends the session over one letter leaves the next one to another connection, or unknown. */
static void check_calm(sim *s, const attempt *of)
{
    if (!is_deliverable(s, of->of))
        must(s, of->result != SMTP_RESULT_DELIVERED, CHECK_REFUSED);
    else if (s->mood.calm)
        must(s, of->result != SMTP_RESULT_PERMANENT, CHECK_REFUSED);
    if (s->mood.calm && s->server.error == SMTP_ERR_OK)
        must(s, of->result != SMTP_RESULT_UNKNOWN, CHECK_REFUSED);
}

/* A recipient as the client was told, against the reply and the disk. */
static void check_told(sim *s, const attempt *of, size_t position)
{
    size_t recipient = of->which[position];
    size_t stored = disk_count(s, (size_t)(of - s->attempts), recipient);
    int result = of->told_result[position];
    int heard = of->heard[recipient];

    must(s, of->told[position] == 1, CHECK_RECIPIENT_ONCE);
    must(s, result == of->to[position].result, CHECK_SUMMARY);
    if (result == SMTP_RESULT_DELIVERED)
        must(s, heard && of->reply[recipient] / 100 == 2 && stored == 1, CHECK_DELIVERED);
    else if (result == SMTP_RESULT_UNKNOWN)
        must(s, is_unknown(s, of, heard), CHECK_UNKNOWN);
    else
        must(s, stored == 0 || is_lmtp_without_reply(of, position), CHECK_FAILED);
    if (heard)
        must(s,
             of->told_code[position] == of->reply[recipient] &&
                 result == result_of(of->reply[recipient]),
             CHECK_HEARD);
    if (of->refusal[recipient] != 0 && of->refusal_ends[recipient] <= s->ends[CLIENT].taken)
        check_refused(s, of, position);
    note_doubt(s, of, position, stored);
}

/* The result of a message follows from those of its recipients. */
static void check_summary(sim *s, const attempt *of)
{
    size_t count[SMTP_RESULT_UNKNOWN + 1] = {0};
    size_t i;

    for (i = 0; i < of->envelope.recipient_count; i++)
        count[of->told_result[i]]++;
    must(s, count[SMTP_RESULT_NONE] == 0, CHECK_SUMMARY);
    must(s, of->delivered == count[SMTP_RESULT_DELIVERED], CHECK_SUMMARY);
    must(s, (of->result == SMTP_RESULT_DELIVERED) == (of->delivered > 0), CHECK_SUMMARY);
    must(s, (of->result == SMTP_RESULT_DELIVERED) == (of->error == SMTP_ERR_OK), CHECK_SUMMARY);
    must(s, count[of->result] > 0, CHECK_SUMMARY);
}

static void check_attempt(sim *s, const attempt *of)
{
    size_t i;

    for (i = 0; i < of->of->recipients; i++)
        check_stored(s, of, i);
    if (of->returned != SMTP_ERR_OK || of->died)
        return;
    must(s, of->sent == 1, CHECK_SENT_ONCE);
    if (of->sent != 1)
        return;
    for (i = 0; i < of->envelope.recipient_count; i++)
        check_told(s, of, i);
    check_summary(s, of);
    check_calm(s, of);
}

void check_connection(sim *s)
{
    size_t taken = (size_t)s->ends[CLIENT].taken;
    size_t i;
    size_t k;

    for (i = 0; i < s->attempt_count; i++) {
        attempt *of = &s->attempts[i];
        if (of->connection != s->connection)
            continue;
        for (k = 0; k < RECIPIENTS; k++)
            of->heard[k] = of->reply[k] != 0 && of->ends[k] <= taken;
        check_attempt(s, of);
    }
}

/* A message on the disk is a letter, whole. */
static void check_record(sim *s, const record *one)
{
    const letter *of;
    int whole;

    must(s, one->attempt < s->attempt_count, CHECK_OCTETS);
    if (one->attempt >= s->attempt_count)
        return;
    of = s->attempts[one->attempt].of;
    whole = one->len == of->expected_len &&
            memcmp(s->disk.octets + one->at, of->expected, one->len) == 0;
    must(s, whole, CHECK_OCTETS);
    must(s, one->recipients != 0 && one->recipients >> of->recipients == 0, CHECK_RECIPIENTS);
}

/* How often a letter may be there for a recipient beyond the first: where LMTP had to try again. */
static size_t count_excused(const sim *s, const letter *of, size_t recipient)
{
    size_t excused = 0;
    size_t i;
    size_t k;

    for (i = 0; i < s->attempt_count; i++) {
        const attempt *one = &s->attempts[i];
        for (k = 0; one->of == of && k < one->envelope.recipient_count; k++) {
            if (one->which[k] == recipient && one->told_result[k] == SMTP_RESULT_TEMPORARY &&
                is_lmtp_without_reply(one, k))
                excused++;
        }
    }
    return excused;
}

static void check_letter(sim *s, const letter *of, size_t recipient)
{
    int settled = of->settled[recipient];
    size_t excused = count_excused(s, of, recipient);
    size_t stored = 0;
    size_t i;

    for (i = 0; i < s->attempt_count; i++) {
        if (s->attempts[i].of == of)
            stored += disk_count(s, i, recipient);
    }
    must(s, settled != SMTP_RESULT_NONE, CHECK_UNSETTLED);
    must(s, stored <= 1 + excused, CHECK_STORED_TWICE);
    if (settled == SMTP_RESULT_DELIVERED)
        must(s, stored >= 1, CHECK_DELIVERED);
    if (settled == SMTP_RESULT_PERMANENT)
        must(s, stored <= excused, CHECK_FAILED);
}

void check_run(sim *s)
{
    size_t i;
    size_t k;

    for (i = 0; i < s->disk.count; i++) {
        if (!s->disk.records[i].withdrawn)
            check_record(s, &s->disk.records[i]);
    }
    for (i = 0; i < s->plan.letters; i++) {
        for (k = 0; k < s->letters[i].recipients; k++)
            check_letter(s, &s->letters[i], k);
    }
}
