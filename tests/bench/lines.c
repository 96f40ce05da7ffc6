/* SPDX-License-Identifier: MIT
 * Measures the parsers of command lines and of replies, each line found in a stream and checked
 * against the whole grammar. */
#include "bench.h"

#include <smtp/command.h>
#include <smtp/reply.h>
#include <stdio.h>
#include <string.h>

/* What a session looks like: short lines of every command, and the longer MAIL and RCPT. */
static const char commands[] =
    "EHLO mail.example.com\r\n"
    "MAIL FROM:<ann@example.com> SIZE=18230 BODY=8BITMIME\r\n"
    "RCPT TO:<bob@example.org>\r\n"
    "RCPT TO:<carol.jones+list@sales.example.net> NOTIFY=SUCCESS,FAILURE "
    "ORCPT=rfc822;carol.jones+2Blist@sales.example.net\r\n"
    "DATA\r\n"
    "MAIL FROM:<>\r\n"
    "RCPT TO:<Postmaster>\r\n"
    "BDAT 86400 LAST\r\n"
    "RSET\r\n"
    "EHLO [192.0.2.17]\r\n"
    "STARTTLS\r\n"
    "EHLO smtp-out-7.relay.example.com\r\n"
    "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n"
    "MAIL FROM:<bounces+18233-a09b-dan=example.edu@news.example.com> RET=HDRS ENVID=QQ314159\r\n"
    "RCPT TO:<dan@example.edu> NOTIFY=NEVER\r\n"
    "rcpt to:<\"erin the reader\"@example.org>\r\n"
    "BDAT 512\r\n"
    "BDAT 0 LAST\r\n"
    "mail from:<frank@[IPv6:2001:db8::25]> size=2048\r\n"
    "RCPT TO:<grace@mx1.dept.example.ac>\r\n"
    "DATA\r\n"
    "NOOP\r\n"
    "VRFY heidi\r\n"
    "HELO client.example\r\n"
    "QUIT\r\n";

static const char replies[] =
    "220 mx.example.org ESMTP ready\r\n"
    "250-mx.example.org greets mail.example.com\r\n"
    "250-PIPELINING\r\n"
    "250-SIZE 52428800\r\n"
    "250-8BITMIME\r\n"
    "250-STARTTLS\r\n"
    "250-AUTH PLAIN LOGIN SCRAM-SHA-256\r\n"
    "250-ENHANCEDSTATUSCODES\r\n"
    "250-SMTPUTF8\r\n"
    "250 CHUNKING\r\n"
    "220 2.0.0 Ready to start TLS\r\n"
    "334 \r\n"
    "235 2.7.0 Authentication successful\r\n"
    "250 2.1.0 Ok\r\n"
    "250 2.1.5 Ok\r\n"
    "550-5.1.1 The mailbox that you tried to reach does not exist here.\r\n"
    "550 5.1.1 Please look at its spelling.\r\n"
    "354 End data with <CRLF>.<CRLF>\r\n"
    "250 2.0.0 Ok: queued as 4XkP2r1QzJz9sRk\r\n"
    "451 4.7.1 Greylisting in action, please come back later\r\n"
    "252 2.1.5 Cannot VRFY user, but will accept the message\r\n"
    "250 OK\r\n"
    "221 2.0.0 Bye\r\n";

/* A stream of lines, and how many units (commands or replies) are in it. */
typedef struct stream {
    const char *octets;
    size_t len;
} stream;

static size_t run_search(const void *context)
{
    const stream *s = context;
    const char *end = s->octets + s->len;
    size_t lines = 0;

    for (const char *at = s->octets; at < end; lines++)
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
    return lines;
}

static size_t run_commands(const void *context)
{
    const stream *s = context;
    const char *end = s->octets + s->len;
    size_t good = 0;

    for (const char *at = s->octets; at < end;) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        smtp_command command;

        if (smtp_command_parse(&command, (smtp_str){at, (size_t)(lf - at) - 1}, NULL, NULL) == 0)
            good++;
        at = lf + 1;
    }
    return good;
}

static size_t run_replies(const void *context)
{
    const stream *s = context;
    smtp_reply_parser parser = {.line_max = 0};
    smtp_reply_line line;
    size_t complete = 0;
    size_t used = 0;

    for (size_t at = 0; at < s->len; at += used) {
        if (smtp_reply_parse(&parser, (smtp_str){s->octets + at, s->len - at}, &used, &line) != 1)
            return 0;
        complete += line.last != 0;
    }
    return complete;
}

/* The same lines many times over, as one stream. */
static stream repeated(const char *text, size_t times)
{
    size_t len = strlen(text);
    char *octets = bench_memory(len * times);
    stream s = {octets, len * times};

    for (size_t i = 0; i < times; i++)
        memcpy(octets + i * len, text, len);
    return s;
}

void bench_lines(const bench_effort *effort)
{
    enum { TIMES = 40, COMMANDS = 25, REPLIES = 14, REPLY_LINES = 23 };
    const stream asked = repeated(commands, TIMES);
    const stream answered = repeated(replies, TIMES);
    const bench_case command_cases[] = {
        {"line ends only", TIMES * COMMANDS / 1e6, TIMES * COMMANDS, run_search, &asked},
        {"parsed", TIMES * COMMANDS / 1e6, TIMES * COMMANDS, run_commands, &asked},
    };
    const bench_case reply_cases[] = {
        {"line ends only", TIMES * REPLIES / 1e6, TIMES * REPLY_LINES, run_search, &answered},
        {"parsed", TIMES * REPLIES / 1e6, TIMES * REPLIES, run_replies, &answered},
    };

    bench_row(effort, "lines", "command lines", "millions/s", command_cases, 2);
    bench_row(effort, "lines", "replies", "millions/s", reply_cases, 2);
}
