/* SPDX-License-Identifier: MIT
 * Properties of all addresses: random ones round trip, damaged ones are judged within the text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

enum { ALL = SMTP_ADDRESS_UTF8 | SMTP_ADDRESS_NULL | SMTP_ADDRESS_POSTMASTER };

static const char *const wide[] = {"\xC3\xB6", "\xE7\x94\xA8", "\xF0\x9F\x93\xA7"};

/* One character of a set, or one outside ASCII. */
static void append_one(char *text, uint64_t *seed, const char *set)
{
    if (octets_below(seed, 12) == 0) {
        strcat(text, wide[octets_below(seed, 3)]);
    } else {
        append_run(text, set[octets_below(seed, strlen(set))], 1);
    }
}

static void append_local_part(char *text, uint64_t *seed)
{
    size_t atoms = 1 + octets_below(seed, 3);
    if (octets_below(seed, 3) == 0) {
        strcat(text, "\"");
        for (size_t n = octets_below(seed, 12); n > 0; n--) {
            if (octets_below(seed, 4) == 0) {
                append_run(text, '\\', 1);
                append_run(text, (char)(unsigned char)(32 + octets_below(seed, 95)), 1);
            } else {
                append_one(text, seed, "abz AZ09.@<>,;:()[]!~");
            }
        }
        strcat(text, "\"");
        return;
    }
    for (size_t i = 0; i < atoms; i++) {
        strcat(text, i > 0 ? "." : "");
        for (size_t n = 1 + octets_below(seed, 5); n > 0; n--) {
            append_one(text, seed, "abzAZ09!#$%&'*+-/=?^_`{|}~");
        }
    }
}

static void append_host(char *text, uint64_t *seed)
{
    static const char *const literals[] = {"[192.0.2.1]",  "[IPv6:2001:db8::1]",
                                           "[IPv6:::]",    "[IPv6:::ffff:192.0.2.1]",
                                           "[tag:c,>;@x]", "[IPv6:1:2:3:4:5:6:7:8]"};
    size_t labels = 1 + octets_below(seed, 4);
    if (octets_below(seed, 4) == 0) {
        strcat(text, literals[octets_below(seed, COUNT(literals))]);
        return;
    }
    for (size_t i = 0; i < labels; i++) {
        strcat(text, i > 0 ? "." : "");
        append_one(text, seed, "abzAZ09");
        for (size_t n = octets_below(seed, 5); n > 0; n--) {
            append_one(text, seed, "abzAZ09-");
        }
        append_one(text, seed, "abzAZ09");
    }
}

static void make_mailbox(char *text, uint64_t *seed)
{
    text[0] = '\0';
    append_local_part(text, seed);
    strcat(text, "@");
    append_host(text, seed);
}

/* The canonical form parses to the same mailbox, is no longer than promised, and is its own. */
/* Shows: R5321-4.1.2-1 R5321-4.1.2-9 R5321-4.1.2-10 R5321-2.4-4 R5321-2.4-5 */
static void test_round_trip(void **state)
{
    uint64_t seed = 5321;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[300], out[320], again[320];
        smtp_mailbox mailbox, back;
        smtp_str copy;
        size_t len, again_len;
        make_mailbox(text, &seed);
        copy = octets_copy(smtp_text(text));
        if (smtp_mailbox_parse(&mailbox, copy, SMTP_ADDRESS_UTF8, 0, NULL) != 0) {
            fail_msg("%s", text);
        }
        assert_int_equal(smtp_mailbox_format(out, sizeof out, &len, &mailbox), 0);
        assert_true(len <= copy.len + sizeof "IPv6:::ffff:255.255.255.255");
        assert_int_equal(smtp_mailbox_parse(&back, octets_of(out, len), SMTP_ADDRESS_UTF8, 0, NULL),
                         0);
        assert_true(smtp_mailbox_equal(&mailbox, &back));
        assert_int_equal(back.utf8, mailbox.utf8);
        assert_int_equal(smtp_mailbox_format(again, sizeof again, &again_len, &back), 0);
        assert_true(smtp_str_equal(octets_of(out, len), octets_of(again, again_len)));
        octets_free(copy);
    }
}

/* In brackets and alone a mailbox is judged alike, and is the same. */
static void test_path_agrees_with_mailbox(void **state)
{
    uint64_t seed = 6531;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[300], bracketed[310];
        smtp_mailbox mailbox;
        smtp_path path;
        int error, path_error;
        make_mailbox(text, &seed);
        text[octets_below(&seed, strlen(text))] = "a.@\"\\->< _"[octets_below(&seed, 10)];
        snprintf(bracketed, sizeof bracketed, "<%s>", text);
        error = smtp_mailbox_parse(&mailbox, smtp_text(text), SMTP_ADDRESS_UTF8, 0, NULL);
        path_error = smtp_path_parse(&path, smtp_text(bracketed), SMTP_ADDRESS_UTF8, 0, NULL, NULL);
        if ((error == 0) != (path_error == 0)) {
            fail_msg("%s: %s, %s", text, smtp_error_name(error), smtp_error_name(path_error));
        }
        assert_true(error != 0 || smtp_mailbox_equal(&mailbox, &path.mailbox));
    }
}

/* Damage of every kind, under every set of flags: the offset is in the text or its end; what is
 * taken holds no control and only well-formed UTF-8, and has a canonical form. */
/* Shows: R5321-4.1.2-11 R5321-4.1.2-12 R6531-3.2-3 R6531-3.3-2 */
static void test_damaged(void **state)
{
    uint64_t seed = 4711;
    (void)state;
    for (int i = 0; i < 60000; i++) {
        char text[400] = "<", out[400];
        smtp_path path;
        smtp_str copy;
        size_t length, used = 9999, offset = 9999, len;
        uint32_t allow = (uint32_t)octets_below(&seed, 8);
        uint32_t tolerate = octets_below(&seed, 2) ? (uint32_t)octets_below(&seed, 1 << 13) : 0;
        make_mailbox(text + 1, &seed);
        strcat(text, ">");
        length = strlen(text);
        for (size_t n = octets_below(&seed, 3); n > 0; n--) {
            text[octets_below(&seed, length)] = octets_below(&seed, 2)
                                                    ? "<>@,:\"\\.-[] "[octets_below(&seed, 12)]
                                                    : (char)(unsigned char)octets_below(&seed, 256);
        }
        copy = octets_copy(
            octets_of(text, octets_below(&seed, 4) ? length : octets_below(&seed, length)));
        if (smtp_path_parse(&path, copy, allow, tolerate, &used, &offset) != 0) {
            assert_true(offset <= copy.len);
            assert_int_equal(used, 0);
            octets_free(copy);
            continue;
        }
        assert_true(used <= copy.len);
        assert_true(smtp_utf8_valid(path.text, NULL));
        for (size_t k = 0; k < path.text.len; k++) {
            assert_false((unsigned char)path.text.ptr[k] < 32 || path.text.ptr[k] == 127);
        }
        assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), 0);
        if (tolerate == 0) {
            assert_int_equal(smtp_path_parse(&path, octets_of(out, len), allow, 0, NULL, NULL), 0);
        }
        octets_free(copy);
    }
}

/* Every beginning of a path is refused, and none is read past its end. */
static void test_cut_off(void **state)
{
    static const char *const rows[] = {
        "<@a.example,@b.example:first.last@mail.example.com>",
        "<\"a\\\"b c\"@[IPv6:2001:db8::192.0.2.1]>",
        "<D\xC3\xB6rte@\xE4\xBE\x8B\xE5\xAD\x90.example>",
        "<a@[tag:content]>",
        "<Postmaster>",
        "<>",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i]);
        for (size_t cut = 0; cut <= length; cut++) {
            smtp_str copy = octets_copy(octets_of(rows[i], cut));
            smtp_path path;
            size_t offset = 0;
            int error = smtp_path_parse(&path, copy, ALL, 0, NULL, &offset);
            assert_int_equal(error == 0, cut == length);
            assert_true(offset <= cut);
            octets_free(copy);
        }
    }
}

/* The paths that the RFCs show in their examples. */
/* Shows: R5321-4.1.2-1 R5321-4.1.2-2 */
static void test_examples_of_the_rfcs(void **state)
{
    static const char *const rows[] = {
        /* RFC 1870 8, RFC 2033 4.2, RFC 2034 6, RFC 2920 4 */
        "<ned@thor.innosoft.com>",
        "<ned@ymir.claremont.edu>",
        "<chris@bar.com>",
        "<pat@foo.edu>",
        "<green@foo.edu>",
        "<nosuchuser@dbc.mtview.ca.us>",
        "<nsb@thumper.bellcore.com>",
        /* RFC 3030 4 */
        "<Sam@Random.com>",
        "<gvaudre@cnri.reston.va.us>",
        /* RFC 3461 10 */
        "<Alice@Example.ORG>",
        "<Bob@Example.COM>",
        "<Dana@Ivory.EDU>",
        "<Eric@Bombs.AF.MIL>",
        "<George@Tax-ME.GOV>",
        "<>",
        /* RFC 3464 E */
        "<g.12954-0@sun2.nsfnet-relay.ac.uk>",
        "<louisl@larry.slip.umd.edu>",
        /* RFC 3696 3, as its errata have it */
        "<\"Abc@def\"@example.com>",
        "<\"Fred Bloggs\"@example.com>",
        "<\"Joe.\\\\Blow\"@example.com>",
        "<user+mailbox@example.com>",
        "<customer/department=shipping@example.com>",
        "<$A12345@example.com>",
        "<!def!xyz%abc@example.com>",
        "<_somename@example.com>",
        /* RFC 4468 3.4, RFC 4954 5.1 */
        "<ron@gryffindor.example.com>",
        "<e=mc2@example.com>",
        "<john+@example.org>",
        /* RFC 5321 3.5.1, 4.1.1.3, 4.1.3, C, D */
        "<Postmaster>",
        "<@a,@b:user@d>",
        "<@hosta.int,@jkl.org:userc@d.bar.org>",
        "<@jkl.org:userc@d.bar.org>",
        "<userx@y.foo.org>",
        "<Admin.MRC@foo.com>",
        "<Fonebone@physics.foo-u.edu>",
        "<SQSmith@specific.generic.com>",
        "<Jones@XYZ.COM>",
        "<user@[123.255.37.2]>",
        /* RFC 7103 7.5.2, RFC 8689 A.2 */
        "<unknown@[192.0.2.1]>",
        "<5c421a6f79c0e_d153ff8286d45c468473@mail.example.org>",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        verdict_of(verdict_path, rows[i], SMTP_ADDRESS_NULL | SMTP_ADDRESS_POSTMASTER, 0, 0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_path_agrees_with_mailbox),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_examples_of_the_rfcs),
    };
    return cmocka_run_group_tests_name("syntax/address", tests, NULL, NULL);
}
