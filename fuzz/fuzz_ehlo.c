/* SPDX-License-Identifier: MIT
 * EHLO responses: what is read, written and read again is the same. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "smtp/command.h"
#include "smtp/extension.h"

enum { ROOM = 16384 };

static void read_lines(smtp_capabilities *out, smtp_str lines)
{
    smtp_str line;
    int first = 1;

    memset(out, 0, sizeof *out);
    while (next_line(&lines, &line)) {
        smtp_str keyword = {NULL, 0};
        smtp_str parameters = {NULL, 0};
        int error = smtp_capabilities_read(out, line, first, &keyword, &parameters);

        CHECK(error == SMTP_ERR_OK || error == SMTP_ERR_KEYWORD);
        if (error == SMTP_ERR_OK && !first)
            CHECK(keyword.len > 0);
        CHECK(is_within(keyword, line) && is_within(parameters, line));
        first = 0;
    }
}

/* Gives 0 when what was read is nothing that can be said. */
static int write_lines(const smtp_capabilities *from, text *to)
{
    static char line[ROOM];
    size_t len = 0;
    size_t i = 0;
    int result;

    while ((result = smtp_capabilities_line(line, sizeof line, &len, from, i)) == 1) {
        smtp_str written = {line, 0};
        size_t less = 0;

        written.len = len;
        CHECK(is_free_of_controls(written));
        text_add(to, written);
        text_say(to, "\n");
        if (len > 0)
            CHECK(smtp_capabilities_line(line, len - 1, &less, from, i) == SMTP_ERR_NO_SPACE);
        i++;
        CHECK(i < 64);
    }
    CHECK(result == 0 || result == SMTP_ERR_CONTROL || result == SMTP_ERR_KEYWORD ||
          result == SMTP_ERR_ARGUMENT);
    return result == 0;
}

/* Of a keyword that stands there twice all is read, and only one line is written. */
static void check_limit(uint32_t once, uint32_t twice)
{
    CHECK(twice == once || twice == 0);
}

static void check_same(const smtp_capabilities *a, const smtp_capabilities *b)
{
    CHECK(a->extensions == b->extensions && (b->mechanisms & ~a->mechanisms) == 0);
    CHECK(a->size_kind == b->size_kind && a->size_max == b->size_max);
    check_limit(a->mail_max, b->mail_max);
    check_limit(a->rcpt_max, b->rcpt_max);
    check_limit(a->rcpt_domain_max, b->rcpt_domain_max);
    CHECK(a->deliver_by_min == b->deliver_by_min);
    CHECK(a->hold_max == b->hold_max && a->hold_until_max == b->hold_until_max);
    CHECK(smtp_str_equal(a->domain, b->domain) && smtp_str_equal(a->greeting, b->greeting));
    CHECK(smtp_str_equal(a->priority_profile, b->priority_profile));
    CHECK(smtp_str_equal(a->no_soliciting, b->no_soliciting));
}

static void try_round_trip(smtp_str lines)
{
    smtp_capabilities once;
    smtp_capabilities twice;
    text written = {NULL, 0, 0};
    text again = {NULL, 0, 0};

    read_lines(&once, lines);
    CHECK(is_within(once.domain, lines) && is_within(once.greeting, lines));
    CHECK(is_within(once.burl, lines) && is_within(once.limits, lines));
    if (write_lines(&once, &written)) {
        read_lines(&twice, text_str(&written));
        check_same(&once, &twice);
        CHECK(write_lines(&twice, &again));
        text_compare(&written, &again, "responses");
    }
    text_drop(&written);
    text_drop(&again);
}

static void try_names(smtp_str words, choices *from)
{
    const smtp_extension *found = smtp_extension_find(words);
    uint32_t extensions = draw_bits(from, 4);
    uint32_t more = extensions | draw_bits(from, 4);
    int verb = (int)draw(from, 64);

    if (found != NULL)
        CHECK(smtp_str_equal_nocase(found->keyword, words));
    CHECK(smtp_command_line_max(verb, extensions) >= 512);
    CHECK(smtp_command_line_max(verb, more) >= smtp_command_line_max(verb, extensions));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);

    if (in.text.len > 0 && in.text.len <= 4096) {
        try_round_trip(in.text);
        try_names(in.text, &in.choices);
    }
    free(in.block);
    return 0;
}
