/* SPDX-License-Identifier: MIT
 * The trace fields and dates that the RFCs show: made from what they say. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/trace.h"
#include "syntax/lines.h"

/* A date as shown, and what it is in seconds since 1970 and minutes east of UTC. It is written with
 * the day of the week, two digits for the day, four for the year and a numeric zone. */
static const struct {
    const char *rfc, *shown;
    uint64_t seconds;
    int32_t zone;
    const char *canonical;
} dates[] = {
    {"821 4.1.1", "27 Oct 81 15:01:01 PST", 373071661, -480, "Tue, 27 Oct 1981 15:01:01 -0800"},
    {"821 4.1.1", "27 Oct 81 15:27:39 PST", 373073259, -480, "Tue, 27 Oct 1981 15:27:39 -0800"},
    {"821 4.1.1", "27 Oct 81 15:15:13 PST", 373072513, -480, "Tue, 27 Oct 1981 15:15:13 -0800"},
    {"821 4.1.1", "27 Oct 81 15:01:59 PST", 373071719, -480, "Tue, 27 Oct 1981 15:01:59 -0800"},
    {"821 4.1.2", "22 OCT 81 09:23:59 PDT", 372615839, -420, "Thu, 22 Oct 1981 09:23:59 -0700"},
    {"821 F", "2 Nov 81 22:40:10 UT", 373588810, 0, "Mon, 02 Nov 1981 22:40:10 +0000"},
    {"2034 6", "Mon, 11 Mar 1996 09:21:47 -0400", 826550507, -240,
     "Mon, 11 Mar 1996 09:21:47 -0400"},
    {"2821 D.3, 5321 D.3", "Thu, 21 May 1998 05:33:29 -0700", 895754009, -420,
     "Thu, 21 May 1998 05:33:29 -0700"},
    {"2821 D.3, 5321 D.3", "Thu, 21 May 1998 05:33:22 -0700", 895754002, -420,
     "Thu, 21 May 1998 05:33:22 -0700"},
    {"3464 E", "Sat, 2 Jul 1994 17:10:28 -0400", 773183428, -240,
     "Sat, 02 Jul 1994 17:10:28 -0400"},
    {"3464 E", "Thu, 7 Jul 1994 17:16:05 -0400", 773615765, -240,
     "Thu, 07 Jul 1994 17:16:05 -0400"},
    {"3464 E", "Thu, 7 Jul 1994 17:15:49 -0400", 773615749, -240,
     "Thu, 07 Jul 1994 17:15:49 -0400"},
    {"3464 E", "Fri, 8 Jul 1994 09:21:47 -0400", 773673707, -240,
     "Fri, 08 Jul 1994 09:21:47 -0400"},
    {"3464 E", "Fri, 08 Jul 1994 09:21:25 -0400", 773673685, -240,
     "Fri, 08 Jul 1994 09:21:25 -0400"},
    {"3464 E", "Sun, 10 Jul 1994 00:36:51 +0100", 773797011, 60, "Sun, 10 Jul 1994 00:36:51 +0100"},
    {"5322 A.1.1", "Fri, 21 Nov 1997 09:55:06 -0600", 880127706, -360,
     "Fri, 21 Nov 1997 09:55:06 -0600"},
    {"5322 A.1.2", "Tue, 1 Jul 2003 10:52:37 +0200", 1057049557, 120,
     "Tue, 01 Jul 2003 10:52:37 +0200"},
    {"5322 A.2", "Fri, 21 Nov 1997 10:01:10 -0600", 880128070, -360,
     "Fri, 21 Nov 1997 10:01:10 -0600"},
    {"5322 A.2", "Fri, 21 Nov 1997 11:00:00 -0600", 880131600, -360,
     "Fri, 21 Nov 1997 11:00:00 -0600"},
    {"5322 A.3", "Mon, 24 Nov 1997 14:22:01 -0800", 880410121, -480,
     "Mon, 24 Nov 1997 14:22:01 -0800"},
    {"5322 A.4", "21 Nov 1997 10:05:43 -0600", 880128343, -360, "Fri, 21 Nov 1997 10:05:43 -0600"},
    {"5322 A.4", "21 Nov 1997 10:01:22 -0600", 880128082, -360, "Fri, 21 Nov 1997 10:01:22 -0600"},
    {"5322 A.6.2", "21 Nov 97 09:55:06 GMT", 880106106, 0, "Fri, 21 Nov 1997 09:55:06 +0000"},
    {"7103 7.2", "Wed, 20 Oct 2010 20:53:35 -0400", 1287622415, -240,
     "Wed, 20 Oct 2010 20:53:35 -0400"},
    {"7103 7.5.1", "Wed, 20 Oct 2010 08:00:00 -0700", 1287586800, -420,
     "Wed, 20 Oct 2010 08:00:00 -0700"},
    {"8098 9", "Wed, 20 Sep 1995 00:19:00 -0400", 811570740, -240,
     "Wed, 20 Sep 1995 00:19:00 -0400"},
    {"8689 A.2", "Fri, 18 Jan 2019 10:26:55 -0800", 1547836015, -480,
     "Fri, 18 Jan 2019 10:26:55 -0800"},
};

/* A Received field and what it says, unfolded. The protocol is always named, a link never; the date
 * has the form above. */
static const struct {
    const char *rfc, *from, *by;
    uint32_t with;
    const char *id, *for_path;
    uint64_t date;
    int32_t zone;
    const char *field;
} received[] = {
    {"821 4.1.1", "GHI.ARPA", "JKL.ARPA", 0, "", "", 373073259, -480,
     "Received: from GHI.ARPA by JKL.ARPA with SMTP; Tue, 27 Oct 1981 15:27:39 -0800"},
    {"821 4.1.1", "DEF.ARPA", "GHI.ARPA", 0, "", "", 373072513, -480,
     "Received: from DEF.ARPA by GHI.ARPA with SMTP; Tue, 27 Oct 1981 15:15:13 -0800"},
    {"821 4.1.1", "ABC.ARPA", "DEF.ARPA", 0, "", "", 373071719, -480,
     "Received: from ABC.ARPA by DEF.ARPA with SMTP; Tue, 27 Oct 1981 15:01:59 -0800"},
    {"821 4.1.2", "ABC.ARPA", "XYZ.ARPA", 0, "", "", 372615839, -420,
     "Received: from ABC.ARPA by XYZ.ARPA with SMTP; Thu, 22 Oct 1981 09:23:59 -0700"},
    {"821 4.1.2", "ABC.ARPA", "XYZ.ARPA", 0, "M12345", "Smith@PDQ.ARPA", 372615839, -420,
     "Received: from ABC.ARPA by XYZ.ARPA with SMTP id M12345 for <Smith@PDQ.ARPA>; Thu, 22 Oct "
     "1981 09:23:59 -0700"},
    {"821 F", "MIT-AI.ARPA", "USC-ISIE.ARPA", 0, "", "", 373588810, 0,
     "Received: from MIT-AI.ARPA by USC-ISIE.ARPA with SMTP; Mon, 02 Nov 1981 22:40:10 +0000"},
    {"2821 D.3, 5321 D.3", "bar.com", "foo.com", SMTP_WITH_ESMTP, "", "", 895754009, -420,
     "Received: from bar.com by foo.com with ESMTP; Thu, 21 May 1998 05:33:29 -0700"},
    {"3464 E", "nsfnet-relay.ac.uk", "sun2.nsfnet-relay.ac.uk", 0,
     "<g.12954-0@sun2.nsfnet-relay.ac.uk>", "", 773797011, 60,
     "Received: from nsfnet-relay.ac.uk by sun2.nsfnet-relay.ac.uk with SMTP id "
     "<g.12954-0@sun2.nsfnet-relay.ac.uk>; Sun, 10 Jul 1994 00:36:51 +0100"},
    {"5322 A.4", "x.y.test", "example.net", SMTP_WITH_ESMTP, "ABC12345", "mary@example.net",
     880128343, -360,
     "Received: from x.y.test by example.net with ESMTP id ABC12345 for <mary@example.net>; Fri, "
     "21 Nov 1997 10:05:43 -0600"},
    {"5322 A.4", "node.example", "x.y.test", 0, "", "", 880128082, -360,
     "Received: from node.example by x.y.test with SMTP; Fri, 21 Nov 1997 10:01:22 -0600"},
};

/* A return path as shown, and without its source route. */
static const struct {
    const char *rfc, *path, *canonical;
} return_paths[] = {
    {"821 4.1.1", "<@GHI.ARPA,@DEF.ARPA,@ABC.ARPA:JOE@ABC.ARPA>", "<JOE@ABC.ARPA>"},
    {"821 4.1.2", "<@CHARLIE.ARPA,@BAKER.ARPA:JOE@ABLE.ARPA>", "<JOE@ABLE.ARPA>"},
};

static void check(const char *rfc, smtp_str got, const char *expected)
{
    if (!smtp_str_equal(got, smtp_text(expected))) {
        fail_msg("RFC %s: '%.*s', not '%s'", rfc, (int)got.len, got.ptr, expected);
    }
}

/* Makes one line of a folded field (RFC 5322 2.2.3), without its CRLF; a tab counts as a space. */
static smtp_str unfold(char *field, size_t len)
{
    size_t out = 0;
    assert_true(len >= 2 && memcmp(field + len - 2, "\r\n", 2) == 0);
    for (size_t i = 0; i < len - 2; i++) {
        if (field[i] != '\r' && field[i] != '\n') {
            field[out++] = (char)(field[i] == '\t' ? ' ' : field[i]);
        }
    }
    return octets_of(field, out);
}

/* Shows: R5321-4.4-10 R5321-4.4-13 */
static void test_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(dates); i++) {
        char out[31];
        size_t len = 0;
        assert_int_equal(smtp_date_format(out, sizeof out, &len, dates[i].seconds, dates[i].zone),
                         0);
        check(dates[i].rfc, octets_of(out, len), dates[i].canonical);
    }
}

/* Shows: R5321-4.4-2 R5321-4.4-3 R5321-4.4-5 R5321-4.4-6 */
static void test_received(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(received); i++) {
        char out[512];
        size_t len = 0;
        smtp_received in = {0};
        in.size = sizeof in;
        in.hello = smtp_text(received[i].from);
        in.by = smtp_text(received[i].by);
        in.with = received[i].with;
        in.id = smtp_text(received[i].id);
        in.for_path = smtp_text(received[i].for_path);
        in.date = received[i].date;
        in.zone = received[i].zone;
        assert_int_equal(smtp_received_format(out, sizeof out, &len, &in), 0);
        check(received[i].rfc, unfold(out, len), received[i].field);
    }
}

/* Shows: R5321-4.4-14 R5321-4.1.1.3-1 */
static void test_return_paths(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(return_paths); i++) {
        char out[SMTP_PATH_MAX + 32], expected[SMTP_PATH_MAX + 32] = "Return-Path: ";
        size_t len = 0;
        smtp_path path;
        assert_int_equal(smtp_path_parse(&path, smtp_text(return_paths[i].path), 0, 0, NULL, NULL),
                         0);
        assert_int_equal(smtp_return_path_format(out, sizeof out, &len, &path), 0);
        strcat(expected, return_paths[i].canonical);
        check(return_paths[i].rfc, unfold(out, len), expected);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_received),
        cmocka_unit_test(test_return_paths),
    };
    return cmocka_run_group_tests_name("syntax/rfc_trace", tests, NULL, NULL);
}
