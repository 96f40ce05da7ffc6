/* SPDX-License-Identifier: MIT
 * Paths, replies, EHLO responses and dates in the form that they should have, with any octets in
 * some places, whole or without their end.
 * with: base/ctype.c base/number.c base/str.c base/writer.c base/xtext.c syntax/*.c
 * bound: the forms below, where each ? is any octet, whole and without the last octet or two,
 *     under all rules
 * contents: kept */
#define PROMISE_UTF8
#include "promises.h"

#include "smtp/extension.h"
#include "smtp/reply.h"
#include "smtp/trace.h"

static void path(void)
{
    static const char *const forms[] = {
        "<@?b,@c.d:e@f?>", "<\"?\\?\"@a>",  "<?.b@[IPv6:1::?:2.3.4.5]>",
        "<?ostmaster>?",   "a.?@[1.2.3.?]", "<a@[x-y:z?]>",
    };
    smtp_str text = ANY_FORM(forms);
    smtp_path out;
    size_t used, offset;
    int error = smtp_path_parse(&out, text, any_bits(), any_bits(), &used, &offset);
    /*@ assert error == 0 || offset <= text.len; */
    /*@ assert out.text.len <= text.len; */
}

static void reply(void)
{
    static const char *const forms[] = {"25?-2.1.?0 a?", "4?1 4.?.7?8 b"};
    smtp_str line = ANY_FORM(forms);
    smtp_reply_line out;
    size_t offset;
    int error = smtp_reply_line_parse(&out, line, &offset);
    /*@ assert error == 0 || offset <= line.len; */
}

static void response(void)
{
    static const char *const forms[] = {
        "SIZE ?23?",
        "AUTH=PLAIN ?OGIN X-Y?",
        "LIMITS MAILMAX=1?,RCPTMAX=?",
        "DELIVERBY ?4?",
        "FUTURERELEASE ?9 2026-0?-01T01:02:03?",
        "MT-PRIORITY STANAG?4406",
        "NO-SOLICITING a?b",
        "BURL imap?x",
        "a.?c hello?",
    };
    smtp_str line = ANY_FORM(forms);
    smtp_capabilities out = {0};
    smtp_str keyword, parameters;
    (void)smtp_capabilities_read(&out, line, any_of(2), &keyword, &parameters);
    /*@ assert parameters.len <= line.len; */
}

static void date(void)
{
    static const char *const forms[] = {"20?6-0?-3?T1?:59:6?.?Z", "1969-12-31T2?:59:00-0?:?0"};
    uint64_t seconds;
    (void)smtp_timestamp_parse(&seconds, ANY_FORM(forms));
}

int main(void)
{
    CALL_ONE_OF(path, reply, response, date);
    return 0;
}
