/* SPDX-License-Identifier: MIT
 * What a client puts on the wire. */
#include "wire.h"

#include <string.h>

#include "smtp/command.h"

enum { WIRE_COMMAND, WIRE_WAIT, WIRE_CONTENT, WIRE_CHUNK };

static void begin_content(wire *w)
{
    w->state = WIRE_CONTENT;
    memcpy(w->last, "\0\0\0\r\n", sizeof w->last);
}

static int is_base64(smtp_str line)
{
    char out[16384];
    size_t len;

    return line.len == 0 || smtp_str_equal(line, smtp_text("*")) ||
           smtp_base64_decode(out, sizeof out, &len, line) == SMTP_ERR_OK;
}

static void take_line(wire *w)
{
    smtp_syntax syntax;
    smtp_command command;
    smtp_str line = text_str(&w->line);

    CHECK(line.len > 1 && line.ptr[line.len - 2] == '\r');
    line.len -= 2;
    w->line.len = 0;
    CHECK(is_free_of_controls(line));
    memset(&syntax, 0, sizeof syntax);
    syntax.size = sizeof syntax;
    syntax.flags = SMTP_SYNTAX_UTF8;
    syntax.extensions = UINT32_MAX;
    if (smtp_command_parse(&command, line, &syntax, NULL) != SMTP_ERR_OK) {
        if (w->auth && is_base64(line))
            return;
        w->line.len = line.len;
        text_show("not a command", &w->line, 0);
        CHECK(0);
    }
    CHECK(smtp_utf8_valid(line, NULL));
    if (command.verb == SMTP_VERB_DATA)
        w->state = WIRE_WAIT;
    if (command.verb == SMTP_VERB_BDAT && command.octets > 0) {
        w->state = WIRE_CHUNK;
        w->left = command.octets;
    }
    w->auth |= command.verb == SMTP_VERB_AUTH;
}

/* Nothing may follow DATA before its reply. */
static void take_answer(wire *w)
{
    CHECK(w->reply_count > 0);
    if (w->replies[w->reply_first])
        begin_content(w);
    else
        w->state = WIRE_COMMAND;
    w->reply_first = (w->reply_first + 1) % WIRE_REPLIES;
    w->reply_count--;
}

static void take_content(wire *w, char octet)
{
    char before = w->last[sizeof w->last - 1];

    CHECK((octet == '\n') == (before == '\r'));
    memmove(w->last, w->last + 1, sizeof w->last - 1);
    w->last[sizeof w->last - 1] = octet;
}

void wire_take(wire *w, smtp_str octets)
{
    size_t i;

    for (i = 0; i < octets.len; i++) {
        if (w->state == WIRE_WAIT)
            take_answer(w);
        if (w->state == WIRE_COMMAND) {
            text_add(&w->line, part(octets, i, 1));
            if (octets.ptr[i] == '\n')
                take_line(w);
        } else if (w->state == WIRE_CHUNK) {
            if (--w->left == 0)
                w->state = WIRE_COMMAND;
        } else {
            take_content(w, octets.ptr[i]);
            if (memcmp(w->last, "\r\n.\r\n", sizeof w->last) == 0)
                w->state = WIRE_COMMAND;
        }
    }
}

void wire_data_reply(wire *w, int code)
{
    CHECK(w->reply_count < WIRE_REPLIES);
    w->replies[(w->reply_first + w->reply_count++) % WIRE_REPLIES] = code / 100 == 3;
}
