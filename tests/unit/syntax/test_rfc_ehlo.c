/* SPDX-License-Identifier: MIT
 * The EHLO responses that the RFCs show: what they offer, and the keywords again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "smtp/extension.h"
#include "smtp/reply.h"
#include "syntax/lines.h"

/* The lines of a response without their codes, separated by line feeds; what it offers; the octets
 * of SIZE, 0 when it gives none; and how many of its keywords are private ones. */
static const struct {
    const char *rfc, *lines;
    uint32_t extensions, mechanisms;
    uint64_t size;
    size_t unknown;
} rows[] = {
    {"1425 8, 1869 8", "dbc.mtview.ca.us says hello", 0, 0, 0, 0},
    {"1425 8, 1869 8",
     "dbc.mtview.ca.us says hello\n"
     "EXPN\n"
     "HELP\n"
     "8BITMIME\n"
     "XONE\n"
     "XVRB",
     SMTP_EXT_EXPN | SMTP_EXT_HELP | SMTP_EXT_8BITMIME, 0, 0, 2},
    {"1652 4",
     "dbc.mtview.ca.us says hello\n"
     "8BITMIME",
     SMTP_EXT_8BITMIME, 0, 0, 0},
    {"1830 5.1, 3030 4.1",
     "cnri.reston.va.us says hello\n"
     "CHUNKING",
     SMTP_EXT_CHUNKING, 0, 0, 0},
    {"1830 5.2, 3030 4.2",
     "cnri.reston.va.us says hello\n"
     "PIPELINING\n"
     "BINARYMIME\n"
     "CHUNKING",
     SMTP_EXT_PIPELINING | SMTP_EXT_BINARYMIME | SMTP_EXT_CHUNKING, 0, 0, 0},
    {"1845 5",
     "dbc.mtview.ca.us says hello\n"
     "CHECKPOINT",
     SMTP_EXT_CHECKPOINT, 0, 0, 0},
    {"1854 3, 2197 5, 2920 4",
     "innosoft.com\n"
     "PIPELINING",
     SMTP_EXT_PIPELINING, 0, 0, 0},
    {"1870 8",
     "sigurd.innosoft.com\n"
     "EXPN\n"
     "HELP\n"
     "SIZE 1000000",
     SMTP_EXT_EXPN | SMTP_EXT_HELP | SMTP_EXT_SIZE, 0, 1000000, 0},
    {"1891 10.1",
     "Pure-Heart.ORG\n"
     "DSN\n"
     "EXPN\n"
     "SIZE",
     SMTP_EXT_DSN | SMTP_EXT_EXPN | SMTP_EXT_SIZE, 0, 0, 0},
    {"1891 10.2 10.5",
     "mail.Big-Bucks.COM\n"
     "DSN",
     SMTP_EXT_DSN, 0, 0, 0},
    {"1891 10.3, 3461 10.3",
     "Ivory.EDU\n"
     "DSN",
     SMTP_EXT_DSN, 0, 0, 0},
    {"1985 7",
     "sigurd.innosoft.com\n"
     "EXPN\n"
     "HELP\n"
     "ETRN",
     SMTP_EXT_EXPN | SMTP_EXT_HELP | SMTP_EXT_ETRN, 0, 0, 0},
    {"2033 4.2",
     "foo.edu\n"
     "PIPELINING\n"
     "SIZE",
     SMTP_EXT_PIPELINING | SMTP_EXT_SIZE, 0, 0, 0},
    {"2034 6",
     "dbc.mtview.ca.us says hello\n"
     "ENHANCEDSTATUSCODES",
     SMTP_EXT_ENHANCEDSTATUSCODES, 0, 0, 0},
    {"2487 6",
     "mail.imc.org offers a warm hug of welcome\n"
     "STARTTLS",
     SMTP_EXT_STARTTLS, 0, 0, 0},
    {"2554 4",
     "smtp.example.com\n"
     "AUTH CRAM-MD5 DIGEST-MD5",
     SMTP_EXT_AUTH, SMTP_MECH_CRAM_MD5, 0, 0},
    {"2645 6",
     "EXAMPLE.NET\n"
     "AUTH CRAM-MD5 EXTERNAL\n"
     "ATRN",
     SMTP_EXT_AUTH | SMTP_EXT_ATRN, SMTP_MECH_CRAM_MD5 | SMTP_MECH_EXTERNAL, 0, 0},
    {"2645 6",
     "example.org\n"
     "SIZE",
     SMTP_EXT_SIZE, 0, 0, 0},
    {"2821 D.1 D.2 D.3, 5321 D.1 D.2 D.3",
     "foo.com greets bar.com\n"
     "8BITMIME\n"
     "SIZE\n"
     "DSN\n"
     "HELP",
     SMTP_EXT_8BITMIME | SMTP_EXT_SIZE | SMTP_EXT_DSN | SMTP_EXT_HELP, 0, 0, 0},
    {"2821 D.3, 5321 D.3", "xyz.com is on the air", 0, 0, 0, 0},
    {"2821 D.4, 5321 D.4",
     "foo.com greets bar.com\n"
     "8BITMIME\n"
     "SIZE\n"
     "DSN\n"
     "VRFY\n"
     "HELP",
     SMTP_EXT_8BITMIME | SMTP_EXT_SIZE | SMTP_EXT_DSN | SMTP_EXT_VRFY | SMTP_EXT_HELP, 0, 0, 0},
    {"3207 5",
     "mail.imc.org offers a warm hug of welcome\n"
     "8BITMIME\n"
     "STARTTLS\n"
     "DSN",
     SMTP_EXT_8BITMIME | SMTP_EXT_STARTTLS | SMTP_EXT_DSN, 0, 0, 0},
    {"3207 5",
     "mail.imc.org touches your hand gently for a moment\n"
     "8BITMIME\n"
     "DSN",
     SMTP_EXT_8BITMIME | SMTP_EXT_DSN, 0, 0, 0},
    {"3461 10.1",
     "Example.ORG\n"
     "DSN\n"
     "EXPN\n"
     "SIZE",
     SMTP_EXT_DSN | SMTP_EXT_EXPN | SMTP_EXT_SIZE, 0, 0, 0},
    {"3461 10.2 10.5",
     "mail.Example.COM\n"
     "DSN",
     SMTP_EXT_DSN, 0, 0, 0},
    {"4468 3.4",
     "owlry.example.com\n"
     "8BITMIME\n"
     "BURL imap\n"
     "AUTH PLAIN\n"
     "DSN\n"
     "ENHANCEDSTATUSCODES",
     SMTP_EXT_8BITMIME | SMTP_EXT_BURL | SMTP_EXT_AUTH | SMTP_EXT_DSN |
         SMTP_EXT_ENHANCEDSTATUSCODES,
     SMTP_MECH_PLAIN, 0, 0},
    {"4468 3.4",
     "owlry.example.com\n"
     "8BITMIME\n"
     "PIPELINING\n"
     "BURL imap\n"
     "AUTH PLAIN\n"
     "DSN\n"
     "ENHANCEDSTATUSCODES",
     SMTP_EXT_8BITMIME | SMTP_EXT_PIPELINING | SMTP_EXT_BURL | SMTP_EXT_AUTH | SMTP_EXT_DSN |
         SMTP_EXT_ENHANCEDSTATUSCODES,
     SMTP_MECH_PLAIN, 0, 0},
    {"4954 4.1",
     "smtp.example.com Hello client.example.com\n"
     "AUTH GSSAPI DIGEST-MD5\n"
     "ENHANCEDSTATUSCODES\n"
     "STARTTLS",
     SMTP_EXT_AUTH | SMTP_EXT_ENHANCEDSTATUSCODES | SMTP_EXT_STARTTLS, 0, 0, 0},
    {"4954 4.1",
     "smtp.example.com Hello client.example.com\n"
     "AUTH GSSAPI DIGEST-MD5 PLAIN",
     SMTP_EXT_AUTH, SMTP_MECH_PLAIN, 0, 0},
    {"4954 4.1",
     "smtp.example.com Hello client.example.com\n"
     "AUTH DIGEST-MD5 CRAM-MD5\n"
     "ENHANCEDSTATUSCODES\n"
     "STARTTLS",
     SMTP_EXT_AUTH | SMTP_EXT_ENHANCEDSTATUSCODES | SMTP_EXT_STARTTLS, SMTP_MECH_CRAM_MD5, 0, 0},
    {"4954 4.1",
     "smtp.example.com Hello client.example.com\n"
     "AUTH EXTERNAL GSSAPI DIGEST-MD5 PLAIN",
     SMTP_EXT_AUTH, SMTP_MECH_EXTERNAL | SMTP_MECH_PLAIN, 0, 0},
    {"6710 8",
     "example.com\n"
     "STARTTLS\n"
     "AUTH SCRAM-SHA-1 DIGEST-MD5\n"
     "DSN\n"
     "DELIVERBY\n"
     "ENHANCEDSTATUSCODES\n"
     "MT-PRIORITY MIXER",
     SMTP_EXT_STARTTLS | SMTP_EXT_AUTH | SMTP_EXT_DSN | SMTP_EXT_DELIVERBY |
         SMTP_EXT_ENHANCEDSTATUSCODES | SMTP_EXT_MT_PRIORITY,
     SMTP_MECH_SCRAM_SHA_1, 0, 0},
    {"6710 8",
     "example.com\n"
     "STARTTLS\n"
     "AUTH SCRAM-SHA-1 DIGEST-MD5\n"
     "DSN\n"
     "DELIVERBY\n"
     "ENHANCEDSTATUSCODES\n"
     "MT-PRIORITY",
     SMTP_EXT_STARTTLS | SMTP_EXT_AUTH | SMTP_EXT_DSN | SMTP_EXT_DELIVERBY |
         SMTP_EXT_ENHANCEDSTATUSCODES | SMTP_EXT_MT_PRIORITY,
     SMTP_MECH_SCRAM_SHA_1, 0, 0},
    {"6710 8",
     "example.net\n"
     "DSN\n"
     "DELIVERBY\n"
     "MT-PRIORITY STANAG4406",
     SMTP_EXT_DSN | SMTP_EXT_DELIVERBY | SMTP_EXT_MT_PRIORITY, 0, 0, 0},
    {"7628 4.1",
     "mx.example.com at your service,[172.31.135.47]\n"
     "SIZE 35651584\n"
     "8BITMIME\n"
     "AUTH LOGIN PLAIN OAUTHBEARER\n"
     "ENHANCEDSTATUSCODES\n"
     "STARTTLS\n"
     "PIPELINING",
     SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_AUTH | SMTP_EXT_ENHANCEDSTATUSCODES |
         SMTP_EXT_STARTTLS | SMTP_EXT_PIPELINING,
     SMTP_MECH_LOGIN | SMTP_MECH_PLAIN | SMTP_MECH_OAUTHBEARER, 35651584, 0},
    {"7628 4.4",
     "mx.example.com at your service,[172.31.135.47]\n"
     "SIZE 35651584\n"
     "8BITMIME\n"
     "AUTH LOGIN PLAIN OAUTHBEARER\n"
     "ENHANCEDSTATUSCODES\n"
     "PIPELINING",
     SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_AUTH | SMTP_EXT_ENHANCEDSTATUSCODES |
         SMTP_EXT_PIPELINING,
     SMTP_MECH_LOGIN | SMTP_MECH_PLAIN | SMTP_MECH_OAUTHBEARER, 35651584, 0},
    {"8689 A.1",
     "mail.example.net Hello example.org [192.0.2.1]\n"
     "SIZE 52428800\n"
     "8BITMIME\n"
     "PIPELINING\n"
     "STARTTLS\n"
     "HELP",
     SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_PIPELINING | SMTP_EXT_STARTTLS | SMTP_EXT_HELP, 0,
     52428800, 0},
    {"8689 A.1",
     "mail.example.net Hello example.org [192.0.2.1]\n"
     "SIZE 52428800\n"
     "8BITMIME\n"
     "PIPELINING\n"
     "REQUIRETLS\n"
     "HELP",
     SMTP_EXT_SIZE | SMTP_EXT_8BITMIME | SMTP_EXT_PIPELINING | SMTP_EXT_REQUIRETLS | SMTP_EXT_HELP,
     0, 52428800, 0},
    {"9422",
     "mail.example.com\n"
     "LIMITS RCPTMAX=20 MAILMAX=5",
     SMTP_EXT_LIMITS, 0, 0, 0},
};

/* Cuts the first line off. */
static smtp_str next_line(smtp_str *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    smtp_str line = {rest->ptr, end != NULL ? (size_t)(end - rest->ptr) : rest->len};
    size_t taken = line.len + (end != NULL ? 1 : 0);
    rest->ptr += taken;
    rest->len -= taken;
    return line;
}

/* Sends the response as the reply that it is, and reads that. Returns its number of lines. */
static size_t read_response(smtp_str lines, char *wire, size_t capacity, smtp_capabilities *out)
{
    smtp_reply_parser parser = {0};
    smtp_reply_line line = {0};
    size_t len = 0, used = 0, count = 0;
    assert_int_equal(smtp_reply_format(wire, capacity, &len, 250, 0, lines), 0);
    smtp_str rest = octets_of(wire, len);
    memset(out, 0, sizeof *out);
    while (!line.last) {
        smtp_str expected = next_line(&lines);
        assert_int_equal(smtp_reply_parse(&parser, rest, &used, &line), 1);
        assert_int_equal(line.code, 250);
        assert_true(smtp_str_equal(line.text, expected));
        assert_int_equal(smtp_capabilities_read(out, line.text, count == 0, NULL, NULL), 0);
        rest.ptr += used;
        rest.len -= used;
        count++;
    }
    assert_int_equal(rest.len, 0);
    return count;
}

static int has_line(smtp_str lines, smtp_str line)
{
    while (lines.len > 0) {
        if (smtp_str_equal(next_line(&lines), line)) {
            return 1;
        }
    }
    return 0;
}

/* Every known line stands among those that are written, and the first one is the first. */
static void check_written(const char *rfc, smtp_str lines, const smtp_capabilities *in,
                          size_t expected)
{
    smtp_str rest = lines;
    smtp_str first = next_line(&rest);
    char out[SMTP_REPLY_LINE_MAX];
    size_t len = 0, count = 0;
    while (smtp_capabilities_line(out, sizeof out, &len, in, count) == 1) {
        smtp_str line = octets_of(out, len);
        if (count == 0 ? !smtp_str_equal(line, first) : !has_line(rest, line)) {
            fail_msg("RFC %s: '%.*s'", rfc, (int)len, out);
        }
        count++;
    }
    assert_int_equal(smtp_capabilities_line(out, sizeof out, &len, in, count), 0);
    assert_int_equal(count, expected);
}

/* Shows: R5321-4.1.1.1-9 R5321-4.1.1.1-13 R1870-3-1 R1870-3-2 R2034-3-1 R2920-2-1 R3030-2-1 */
/* Shows: R4468-3-1 R4954-3-1 */
static void test_responses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char wire[1024];
        smtp_str lines = smtp_text(rows[i].lines);
        smtp_capabilities found;
        size_t count = read_response(lines, wire, sizeof wire, &found);
        if (found.extensions != rows[i].extensions || found.mechanisms != rows[i].mechanisms) {
            fail_msg("RFC %s: '%s'", rows[i].rfc, rows[i].lines);
        }
        assert_int_equal(found.size_kind, rows[i].size > 0 ? SMTP_SIZE_VALUE : SMTP_SIZE_UNKNOWN);
        assert_true(found.size_max == rows[i].size);
        check_written(rows[i].rfc, lines, &found, count - rows[i].unknown);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_responses),
    };
    return cmocka_run_group_tests_name("syntax/rfc_ehlo", tests, NULL, NULL);
}
