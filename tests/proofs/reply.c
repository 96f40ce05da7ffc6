/* SPDX-License-Identifier: MIT
 * Replies: lines and streams of them read, and whole replies written.
 * with: base/ctype.c base/number.c base/str.c base/writer.c syntax/cursor.c syntax/reply.c
 *     syntax/reply_line*.c syntax/status.c
 * bound: lines of 0 to 8 octets; a stream in every state, with pieces of 0 to 3 octets and lines
 *     of up to 3; texts of 0 to 4 octets cut for lines of 1 to 3, and of 0 to 2 written, to room
 *     for 4 and for 40 */
#define PROMISE_UTF8
#define PROMISE_STATUS
#include "promises.h"

#include "smtp/reply.h"
#include "syntax/reply_format.c"

static void line(void)
{
    smtp_str line = any_text(8);
    smtp_reply_line out;
    size_t offset;
    int error = smtp_reply_line_parse(&out, line, &offset);
    /*@ assert error == 0 || offset <= line.len; */
    /*@ assert out.text.len <= line.len && out.words.len <= line.len; */
}

static void stream(void)
{
    block storage = any_block_of(2, 4);
    smtp_reply_parser parser = {(uint32_t)storage.len,      any_bits(), storage.ptr,
                                any_up_to(storage.len - 1), 0,          any_int()};
    smtp_str input = any_text(3);
    smtp_reply_line out;
    size_t used;
    /*@ split parser.private_line; */
    parser.private_total = Frama_C_unsigned_int_interval(0, parser.total_max);
    if (any_of(2)) {
        parser.storage = NULL;
        parser.private_line = 0;
    }
    (void)smtp_reply_parse(&parser, input, &used, &out);
    /*@ assert used <= input.len && parser.private_line < storage.len; */
}

static void unset_limits(void)
{
    static char storage[SMTP_REPLY_LINE_RECEIVED_MAX];
    smtp_reply_parser parser = {0, 0, storage, 0, any_up_to(SMTP_REPLY_RECEIVED_MAX), any_int()};
    smtp_str input = any_text(3);
    smtp_reply_line out;
    size_t used;
    (void)smtp_reply_parse(&parser, input, &used, &out);
}

static void fold(void)
{
    block text = any_block(4);
    smtp__cursor cursor = {text.ptr, text.ptr + text.len, 0, 0, 0, 0};
    size_t room = Frama_C_size_t_interval(1, 3);
    size_t read = any_up_to(text.len);
    smtp_str out;
    /*@ split room; */
    /*@ split read; */
    cursor.at += read;
    (void)take_line(&cursor, room, &out);
}

/* None, or any. */
static uint32_t any_status(void)
{
    return any_of(2) ? Frama_C_unsigned_int_interval(1, UINT32_MAX) : 0;
}

static void format(void)
{
    smtp_str text = any_text(2);
    block out = any_of(2) ? any_block_of(4, 4) : any_block_of(40, 40);
    size_t len;
    (void)smtp_reply_format(out.ptr, out.len, &len, any_int(), any_status(), text);
    /*@ assert len <= out.len; */
}

/* What it is given is one line already. */
static void format_line(void)
{
    smtp_str text = any_text(2);
    block out = any_of(2) ? any_block_of(4, 4) : any_block_of(40, 40);
    size_t len;
    (void)smtp__reply_format_line(out.ptr, out.len, &len, any_int(), any_status(), text);
    /*@ assert len <= out.len; */
}

int main(void)
{
    CALL_ONE_OF(line, stream, unset_limits, fold, format, format_line);
    return 0;
}
