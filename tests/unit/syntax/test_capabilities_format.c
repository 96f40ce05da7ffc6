/* SPDX-License-Identifier: MIT
 * EHLO responses, written. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/extension.h"
#include "syntax/lines.h"

static smtp_capabilities full(void)
{
    smtp_capabilities in = {0};
    in.extensions = SMTP_EXT_HELP * 2u - 1;
    in.mechanisms = SMTP_MECH_PLAIN | SMTP_MECH_SCRAM_SHA_256 | SMTP_MECH_ANONYMOUS;
    in.size_kind = SMTP_SIZE_VALUE;
    in.size_max = 10240000;
    in.mail_max = 5;
    in.rcpt_domain_max = 999999;
    in.deliver_by_min = 240;
    in.hold_max = 999999999;
    in.hold_until_max = 1893456000;
    in.domain = smtp_text("mail.example.org");
    in.greeting = smtp_text("at your service");
    in.priority_profile = smtp_text("MIXER");
    in.no_soliciting = smtp_text("org.example:ADV:ADLT");
    in.burl = smtp_text("imap imap://imap.example.org");
    return in;
}

/* Shows: R5321-4.1.1.1-9 R5321-4.1.1.1-11 R2920-2-1 R3030-2-1 R3207-2-1 R1985-2-1 R2034-3-1
 * R4865-4.2-2 R6531-3.1-1 */
static void test_written(void **state)
{
    static const char *const lines[] = {
        "mail.example.org at your service",
        "PIPELINING",
        "SIZE 10240000",
        "8BITMIME",
        "ENHANCEDSTATUSCODES",
        "SMTPUTF8",
        "STARTTLS",
        "AUTH PLAIN SCRAM-SHA-256 ANONYMOUS",
        "CHUNKING",
        "BINARYMIME",
        "DSN",
        "DELIVERBY 240",
        "FUTURERELEASE 999999999 2030-01-01T00:00:00Z",
        "MT-PRIORITY MIXER",
        "REQUIRETLS",
        "LIMITS MAILMAX=5 RCPTDOMAINMAX=999999",
        "ETRN",
        "ATRN",
        "NO-SOLICITING org.example:ADV:ADLT",
        "BURL imap imap://imap.example.org",
        "MTRK",
        "RRVS",
        "CONPERM",
        "CONNEG",
        "CHECKPOINT",
        "VRFY",
        "EXPN",
        "HELP",
    };
    smtp_capabilities in = full();
    char out[128];
    size_t len = 99;
    (void)state;
    for (size_t i = 0; i < ROWS(lines); i++) {
        assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, i), 1);
        assert_text(octets_of(out, len), lines[i]);
        assert_int_equal(smtp_capabilities_line(out, len, &len, &in, i), 1);
        assert_int_equal(smtp_capabilities_line(out, len - 1, &len, &in, i), SMTP_ERR_NO_SPACE);
        assert_int_equal(len, 0);
        assert_int_equal(smtp_capabilities_line(NULL, 0, &len, &in, i), SMTP_ERR_NO_SPACE);
    }
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, ROWS(lines)), 0);
    in.extensions = SMTP_EXT_DSN | SMTP_EXT_HELP;
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 2), 1);
    assert_text(octets_of(out, len), "HELP");
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 3), 0);
    assert_int_equal(len, 0);
}

/* What was written is read as the same. */
static void test_round_trip(void **state)
{
    smtp_capabilities in = full(), read = {0};
    char out[28][128];
    size_t len;
    (void)state;
    for (size_t i = 0; smtp_capabilities_line(out[i], sizeof out[i], &len, &in, i) == 1; i++) {
        assert_int_equal(smtp_capabilities_read(&read, octets_of(out[i], len), i == 0, NULL, NULL),
                         0);
        assert_true(i < 27 || in.extensions == read.extensions);
        if (i == 27) {
            break;
        }
    }
    assert_int_equal(read.mechanisms, in.mechanisms);
    assert_int_equal(read.size_kind, in.size_kind);
    assert_true(read.size_max == in.size_max && read.hold_until_max == in.hold_until_max);
    assert_int_equal(read.mail_max, 5);
    assert_int_equal(read.rcpt_max, 0);
    assert_int_equal(read.rcpt_domain_max, 999999);
    assert_int_equal(read.deliver_by_min, 240);
    assert_int_equal(read.hold_max, 999999999);
    assert_text(read.domain, "mail.example.org");
    assert_text(read.greeting, "at your service");
    assert_text(read.priority_profile, "MIXER");
    assert_text(read.no_soliciting, "org.example:ADV:ADLT");
    assert_text(read.burl, "imap imap://imap.example.org");
    assert_text(read.limits, "MAILMAX=5 RCPTDOMAINMAX=999999");
    assert_text(read.auth, "PLAIN SCRAM-SHA-256 ANONYMOUS");
}

/* Nothing that is not one line of ASCII which a client understands. */
/* Shows: R6531-3.7.1-2 R5321-2.3.8-2 */
static void test_not_written(void **state)
{
    static const char *const texts[] = {"a\r\nSTARTTLS", "a\nb", "a\x01", "a\x7F", "\xC3\xB6"};
    char out[128];
    size_t len = 99;
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        smtp_capabilities in = full();
        in.greeting = smtp_text(texts[i]);
        assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 0), SMTP_ERR_CONTROL);
        in = full();
        in.domain = smtp_text(texts[i]);
        assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 0), SMTP_ERR_CONTROL);
        in.extensions = SMTP_EXT_BURL;
        in.burl = smtp_text(texts[i]);
        assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 1), SMTP_ERR_CONTROL);
        assert_int_equal(len, 0);
    }
    smtp_capabilities in = full();
    in.domain = smtp_text("");
    in.greeting = smtp_text("");
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 0), SMTP_ERR_KEYWORD);
    in.extensions = SMTP_EXT_MT_PRIORITY;
    in.priority_profile = smtp_text("two words");
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 1), SMTP_ERR_ARGUMENT);
    in.extensions = SMTP_EXT_FUTURERELEASE;
    in.hold_max = 0;
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 1), SMTP_ERR_ARGUMENT);
    in.extensions = SMTP_EXT_LIMITS;
    in.mail_max = in.rcpt_domain_max = 0;
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 1), SMTP_ERR_ARGUMENT);
    in.extensions = SMTP_EXT_AUTH;
    in.auth = smtp_text("PLAIN LOG(IN");
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, &in, 1), SMTP_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_not_written),
    };
    return cmocka_run_group_tests_name("syntax/capabilities_format", tests, NULL, NULL);
}
