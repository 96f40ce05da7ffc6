/* SPDX-License-Identifier: MIT
 * The addresses that the RFCs show outside of commands: read and written back, or refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

/* A path, the form in which it is written, and the sections that show it. */
static const struct {
    const char *rfc, *path;
} same[] = {
    {"821 3.2", "<Mockapetris@USC-ISIF.ARPA>"},
    {"821 3.3", "<Smith@USC-ISIQ.ARPA>"},
    {"821 3.3", "<Jones@USC-ISIQ.ARPA>"},
    {"821 3.3 F", "<Fonebone@USC-ISIQ.ARPA>"},
    {"821 3.3", "<SQSmith@USC-ISIQ.ARPA>"},
    {"821 3.3 F", "<joe@foo-unix.ARPA>"},
    {"821 3.3 F", "<xyz@bar-unix.ARPA>"},
    {"821 F", "<ABC@MIT-MC.ARPA>"},
    {"821 F", "<XYZ@MIT-AI.ARPA>"},
    {"821 F", "<fred@BBN-UNIX.ARPA>"},
    {"1830 5.1, 3030 4.1", "<Susan@random.com>"},
    {"1854 3, 2197 5, 2920 4", "<nsb@thumper.bellore.com>"},
    {"2821 3.5.1, 5321 3.5.1", "<jsmith@foo.com>"},
    {"2821 3.5.1, 5321 3.5.1", "<hsmith@foo.com>"},
    {"2821 3.5.1, 5321 3.5.1", "<dweep@foo.com>"},
    {"2821 3.5.1, 5321 3.5.1", "<Postel@isi.edu>"},
    {"2821 3.5.1, 5321 3.5.1", "<Fonebone@physics.foo-u.edu>"},
    {"2821 3.5.1, 5321 3.5.1", "<SQSmith@specific.generic.com>"},
    {"821 2", "<John.Smith@USC-ISI.ARPA>"},
    {"821 4.1.1", "<USERX@HOSTY.ARPA>"},
    {"821 3.6", "<SMTP@HOSTY.ARPA>"},
    {"821 3.6", "<SAM@HOSTZ.ARPA>"},
    {"1123 5.2.15", "<craig@nnsc.nsf.net>"},
    {"1123 5.2.16", "<user%domain%relay3%relay2@relay1>"},
    {"1123 5.2.16", "<a!b!c!user@gateway-domain>"},
    {"7103 7.1.1 7.1.4", "<fran@example.com>"},
    {"7103 7.1.2", "<user2@example.org>"},
    {"7103 7.1.3", "<another@example.net>"},
    {"7103 7.1.4", "<sam@example.com>"},
    {"7103 7.1.6", "<joe@example.com>"},
    {"7103 7.1.6", "<\"Joe <joe@example.com>\"@example.net>"},
    {"5322 A.1.1", "<jdoe@machine.example>"},
    {"5322 A.1.1", "<mary@example.net>"},
    {"5322 A.1.1", "<mjones@machine.example>"},
    {"5322 A.1.2", "<john.q.public@example.com>"},
    {"5322 A.1.2", "<mary@x.test>"},
    {"5322 A.1.2", "<one@y.test>"},
    {"5322 A.1.2", "<boss@nil.test>"},
    {"5322 A.1.2", "<sysservices@example.net>"},
    {"5322 A.1.3", "<pete@silly.example>"},
    {"5322 A.1.3", "<c@a.test>"},
    {"5322 A.1.3", "<jdoe@one.test>"},
    {"5322 A.2", "<smith@home.example>"},
    {"5322 A.3", "<j-brown@other.example>"},
    {"5322 A.4", "<jdoe@node.example>"},
    {"3464 E", "<louisl@larry.slip.umd.edu>"},
    {"3464 E", "<arathib@vnet.ibm.com>"},
    {"3464 E", "<johnh@hpnjld.njd.hp.com>"},
    {"3464 E", "<wsnell@sdcc13.ucsd.edu>"},
    {"3464 E", "<thomas@de-montfort.ac.uk>"},
    {"8098 2.1", "<customer-support@example.com>"},
    {"8098 2.1", "<bob@example.com>"},
    {"8098 9", "<Joe_Recipient@example.com>"},
    {"8098 9", "<Jane_Sender@example.org>"},
    {"8689 A.2", "<admin@example.com>"},
};

/* Source routes are read past and never written (RFC 5321 C). */
static const struct {
    const char *rfc, *path, *canonical;
} routes[] = {
    {"821 3.3 F", "<@USC-ISIF.ARPA:Q-Smith@ISI-VAXA.ARPA>", "<Q-Smith@ISI-VAXA.ARPA>"},
    {"821 3.6", "<@ONE,@TWO:JOE@THREE>", "<JOE@THREE>"},
    {"821 4.1.1", "<@HOSTA.ARPA,@HOSTB.ARPA:USERC@HOSTD.ARPA>", "<USERC@HOSTD.ARPA>"},
    {"1123 5.2.18", "<@relay1,@relay2,@relay3:user@domain>", "<user@domain>"},
    {"7103 7.1.1", "<@example.net:fran@example.com>", "<fran@example.com>"},
    {"5322 A.6.1", "<@node.test:mary@example.net>", "<mary@example.net>"},
};

static const struct {
    const char *rfc, *text;
    unsigned char ip[4];
} literals[] = {
    {"821 4.1.2, 2821 4.1.3, 5321 4.1.3", "[123.255.37.2]", {123, 255, 37, 2}},
    {"2821 4.3.1, 5321 4.3.1", "[10.0.0.1]", {10, 0, 0, 1}},
    {"7628 4.1", "[172.31.135.47]", {172, 31, 135, 47}},
    {"8689 A.1", "[192.0.2.1]", {192, 0, 2, 1}},
};

/* What older programs sent, or message headers allow, and no path may be. */
static const struct {
    const char *rfc, *path;
    int error;
    size_t offset;
} refused[] = {
    {"7103 7.1.2", "<<<user2@example.org>>>", SMTP_ERR_LOCAL_PART, 1},
    {"7103 7.1.3", "<another@example.net", SMTP_ERR_BRACKET, 20},
    {"7103 7.1.3", "second@example.org>", SMTP_ERR_BRACKET, 0},
    {"7103 7.1.5", "<third@example.net, fourth@example.net>", SMTP_ERR_DOMAIN_CHARACTER, 18},
    {"5322 A.5", "<c@(Chris's host.)public.example>", SMTP_ERR_DOMAIN_CHARACTER, 3},
    {"5322 A.5", "<pete(his account)@silly.test(his host)>", SMTP_ERR_LOCAL_PART, 5},
    {"5322 A.6.1", "<jdoe@test  . example>", SMTP_ERR_DOMAIN_CHARACTER, 10},
    {"5322 A.6.3", "<jdoe@machine(comment).  example>", SMTP_ERR_DOMAIN_CHARACTER, 13},
};

static void check(const char *rfc, const char *text, const char *canonical)
{
    smtp_str copy = octets_copy(smtp_text(text));
    char out[SMTP_PATH_MAX];
    size_t offset = 0, len = 0;
    smtp_path path;
    smtp_mailbox mailbox;
    int error = smtp_path_parse(&path, copy, ALLOW_NOTHING, TOLERATE_NOTHING, NULL, &offset);
    if (error != 0) {
        fail_msg("RFC %s: '%s': %s at %zu", rfc, text, smtp_error_name(error), offset);
    }
    assert_int_equal(path.kind, SMTP_PATH_MAILBOX);
    assert_int_equal(smtp_path_format(out, sizeof out, &len, &path), 0);
    assert_true(same_text(octets_of(out, len), canonical));
    assert_int_equal(smtp_mailbox_parse(&mailbox, octets_of(out + 1, len - 2), ALLOW_NOTHING,
                                        TOLERATE_NOTHING, NULL),
                     0);
    assert_true(smtp_mailbox_equal(&mailbox, &path.mailbox));
    octets_free(copy);
}

/* Shows: R5321-2.3.11-1 R5321-2.4-4 R5321-4.1.2-1 */
static void test_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(same); i++) {
        check(same[i].rfc, same[i].path, same[i].path);
    }
}

/* Shows: R5321-4.1.2-2 R5321-4.1.2-3 R5321-4.1.2-4 */
static void test_routes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++) {
        check(routes[i].rfc, routes[i].path, routes[i].canonical);
    }
}

/* Shows: R5321-4.1.3-1 */
static void test_literals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(literals); i++) {
        smtp_str text = smtp_text(literals[i].text);
        char out[SMTP_DOMAIN_MAX];
        size_t offset = 0, len = 0;
        smtp_host host;
        int error = smtp_host_parse(&host, text, ALLOW_NOTHING, TOLERATE_NOTHING, &offset);
        if (error != 0 || host.kind != SMTP_HOST_IPV4) {
            fail_msg("RFC %s: %s at %zu", literals[i].rfc, smtp_error_name(error), offset);
        }
        assert_memory_equal(host.ip, literals[i].ip, sizeof literals[i].ip);
        assert_int_equal(smtp_host_format(out, sizeof out, &len, &host), 0);
        assert_true(same_text(octets_of(out, len), literals[i].text));
    }
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        verdict_of(verdict_path, refused[i].path, ALLOW_NOTHING, TOLERATE_NOTHING, refused[i].error,
                   refused[i].offset);
    }
}

/* RFC 821 4.1.2, RFC 5321 4.1.2: nine characters, the comma being the fourth. */
/* Shows: R5321-4.1.2-7 R5321-4.1.2-10 */
static void test_quoted_pair(void **state)
{
    char out[16];
    size_t len = 0;
    (void)state;
    assert_int_equal(smtp_local_part_unquote(out, sizeof out, &len, smtp_text("\"Joe\\,Smith\"")),
                     0);
    assert_true(same_text(octets_of(out, len), "Joe,Smith"));
    assert_int_equal(len, 9);
    assert_int_equal(smtp_local_part_quote(out, sizeof out, &len, smtp_text("Joe,Smith")), 0);
    assert_true(same_text(octets_of(out, len), "\"Joe,Smith\""));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_literals),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_quoted_pair),
    };
    return cmocka_run_group_tests_name("syntax/rfc_addresses", tests, NULL, NULL);
}
