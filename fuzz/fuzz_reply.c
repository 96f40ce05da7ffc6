/* SPDX-License-Identifier: MIT
 * Replies: the same lines whatever the cut, and well-formed ones written. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "smtp/reply.h"

enum { ROOM = 65536 };

static void try_line(smtp_str line)
{
    smtp_reply_line parsed;
    size_t offset = (size_t)-1;
    int error = smtp_reply_line_parse(&parsed, line, &offset);

    if (error != SMTP_ERR_OK) {
        CHECK(error < 0 && offset <= line.len);
        return;
    }
    CHECK(parsed.code >= 200 && parsed.code <= 599);
    CHECK(is_within(parsed.text, line) && is_within(parsed.words, line));
    CHECK(parsed.words.len <= parsed.text.len);
    if (parsed.status != 0) {
        CHECK(parsed.status / 1000000 == (uint32_t)parsed.code / 100);
        CHECK(parsed.words.len < parsed.text.len);
    }
}

/* What a stream of replies says, told piece by piece; an error ends it. */
static void parse_stream(smtp_str stream, const smtp_reply_parser *limits, choices cuts, size_t cut,
                         text *told)
{
    smtp_reply_parser parser = *limits;
    size_t at = 0;

    parser.storage = malloc(parser.line_max);
    CHECK(parser.storage != NULL);
    while (at < stream.len) {
        size_t len = cut != 0 ? cut : 1 + draw(&cuts, 64);
        smtp_str piece = part(stream, at, len < stream.len - at ? len : stream.len - at);
        char *block = exact(piece);
        smtp_reply_line line;
        size_t used = 0;
        int result;

        piece.ptr = block;
        result = smtp_reply_parse(&parser, piece, &used, &line);
        CHECK(used <= piece.len && (result != 0 || used == piece.len));
        at += used;
        if (result == 1) {
            text_say(told, "%d %d %lu ", line.code, line.last, (unsigned long)line.status);
            text_add(told, line.text);
            text_say(told, "|");
            text_add(told, line.words);
            text_say(told, "\n");
        }
        free(block);
        if (result < 0) {
            text_say(told, "%s at %lu\n", smtp_error_name(result), (unsigned long)at);
            break;
        }
    }
    free(parser.storage);
}

static void try_stream(smtp_str stream, choices *from)
{
    smtp_reply_parser limits;
    text whole = {NULL, 0, 0};
    text each = {NULL, 0, 0};
    text some = {NULL, 0, 0};

    memset(&limits, 0, sizeof limits);
    limits.line_max = 16 + 8 * draw(from, 256);
    limits.total_max = 16 + 16 * draw(from, 256);
    parse_stream(stream, &limits, *from, stream.len, &whole);
    parse_stream(stream, &limits, *from, 1, &each);
    parse_stream(stream, &limits, *from, 0, &some);
    text_compare(&whole, &each, "lines");
    text_compare(&whole, &some, "lines");
    text_drop(&whole);
    text_drop(&each);
    text_drop(&some);
}

static void add_solid(text *to, smtp_str words)
{
    size_t i;

    for (i = 0; i < words.len; i++) {
        if (memchr(" \r\n", words.ptr[i], 3) == NULL)
            text_add(to, part(words, i, 1));
    }
}

/* The text of the lines is the text that was given, but for where it was folded. */
static void check_folded(smtp_str written, uint32_t status, smtp_str words)
{
    text given = {NULL, 0, 0};
    text found = {NULL, 0, 0};
    char code[16];
    size_t skip = 0;
    smtp_str line;

    if (status != 0)
        CHECK(smtp_status_format(code, sizeof code, &skip, status) == SMTP_ERR_OK);
    add_solid(&given, words);
    while (next_line(&written, &line)) {
        smtp_reply_line parsed;
        line.len--;
        CHECK(smtp_reply_line_parse(&parsed, line, NULL) == SMTP_ERR_OK);
        CHECK(parsed.text.len >= skip && memcmp(parsed.text.ptr, code, skip) == 0);
        add_solid(&found, part(parsed.text, skip, parsed.text.len - skip));
    }
    text_compare(&given, &found, "texts");
    text_drop(&given);
    text_drop(&found);
}

static void try_format(smtp_str words, choices *from)
{
    static char out[ROOM];
    int code = (int)(2 + draw(from, 4)) * 100 + (int)draw(from, 100);
    uint32_t status = draw(from, 2) == 0 ? 0 : smtp_status(code / 100, (int)draw_bits(from, 1), 7);
    smtp_str written = {out, 0};
    size_t less = 0;
    int error = smtp_reply_format(out, sizeof out, &written.len, code, status, words);

    if (error != SMTP_ERR_OK) {
        CHECK(error != SMTP_ERR_NO_SPACE);
        CHECK(error != SMTP_ERR_UTF8 || !smtp_utf8_valid(words, NULL));
        CHECK(error != SMTP_ERR_CONTROL || !is_free_of_controls(words));
        CHECK(error != SMTP_ERR_ARGUMENT || (status != 0 && code / 100 == 3));
        return;
    }
    CHECK(check_replies(written, 0) == 1);
    check_folded(written, status, words);
    CHECK(smtp_reply_format(out, written.len - 1, &less, code, status, words) == SMTP_ERR_NO_SPACE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);

    if (in.text.len <= 8192) {
        try_line(in.text);
        try_format(in.text, &in.choices);
        try_stream(in.text, &in.choices);
    }
    free(in.block);
    return 0;
}
