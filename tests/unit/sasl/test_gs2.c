/* SPDX-License-Identifier: MIT
 * The GS2 header, and the names in it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "sasl/exchange.h"
#include "sasl/gs2.h"

/* Shows: R5802-6-1 */
static void test_read(void **state)
{
    static const struct {
        const char *text;
        char flag;
        const char *binding, *authzid, *rest;
    } rows[] = {
        {"n,,n=user", 'n', "", "", "n=user"},
        {"y,,", 'y', "", "", ""},
        {"n,a=user@example.com,\x01", 'n', "", "user@example.com", "\x01"},
        {"p=tls-unique,a=x=2Cy,rest", 'p', "tls-unique", "x=2Cy", "rest"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp__gs2 header;
        smtp_str copy = octets_copy(smtp_text(rows[i].text));
        smtp__cursor cursor = smtp__cursor_start(copy);
        assert_int_equal(smtp__gs2_read(&cursor, &header), 0);
        assert_int_equal(header.flag, rows[i].flag);
        assert_text(header.binding, rows[i].binding);
        assert_text(header.authzid, rows[i].authzid);
        assert_text(smtp__rest(&cursor), rows[i].rest);
        octets_free(copy);
    }
}

/* RFC 5802 5: what begins with something else is not valid. */
static void test_refused(void **state)
{
    static const char *const rows[] = {
        "",    "n",     "n,",     "x,,",   "N,,",   "n=,,",   "y=a,,",     "p,,",   "p",
        "p=x", "p=x,a", "n,a=,x", "n,a,x", "n,a=x", "n,b=x,", "n,user=x,", "F,n,,",
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        smtp__gs2 header;
        smtp_str copy = octets_copy(smtp_text(rows[i]));
        smtp__cursor cursor = smtp__cursor_start(copy);
        assert_int_equal(smtp__gs2_read(&cursor, &header), SMTP_ERR_AUTH_PROTOCOL);
        octets_free(copy);
    }
}

static void test_write(void **state)
{
    char out[64];
    smtp__writer writer = smtp__writer_start(out, sizeof out);
    (void)state;
    smtp__gs2_write(&writer, 'n', SMTP_BINDING_NONE, nothing);
    smtp__gs2_write(&writer, 'y', SMTP_BINDING_UNIQUE, smtp_text("a,b"));
    smtp__gs2_write(&writer, 'p', SMTP_BINDING_EXPORTER, smtp_text("a=b"));
    assert_text(octets_of(out, writer.len), "n,,y,a=a=2Cb,p=tls-exporter,a=a=3Db,");
}

static void test_bindings(void **state)
{
    (void)state;
    assert_int_equal(smtp__gs2_binding(smtp_text("tls-exporter")), SMTP_BINDING_EXPORTER);
    assert_int_equal(smtp__gs2_binding(smtp_text("tls-server-end-point")), SMTP_BINDING_END_POINT);
    assert_int_equal(smtp__gs2_binding(smtp_text("tls-unique")), SMTP_BINDING_UNIQUE);
    assert_int_equal(smtp__gs2_binding(smtp_text("TLS-unique")), SMTP_BINDING_NONE);
    assert_int_equal(smtp__gs2_binding(nothing), SMTP_BINDING_NONE);
}

/* Shows: R5802-5.1-3 */
static void test_saslname(void **state)
{
    static const struct {
        const char *coded, *name;
        int error;
    } rows[] = {
        {"user", "user", 0},
        {"=2C", ",", 0},
        {"a=3D=2Cb=3D", "a=,b=", 0},
        {"=3D2C", "=2C", 0},
        {"m\xC3\xBC=3Dller", "m\xC3\xBC=ller", 0},
        {"=", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a=2", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a=2D", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a=2c", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a==2C", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a=00", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"\xFF", NULL, SMTP_ERR_AUTH_PROTOCOL},
        {"a\nb", NULL, SMTP_ERR_AUTH_FAILED},
        {"", NULL, SMTP_ERR_AUTH_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        smtp_str coded, name;
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        assert_int_equal(smtp__sasl_copy(server.sasl, smtp_text(rows[i].coded), &coded), 0);
        assert_int_equal(smtp__saslname_read(server.sasl, coded, &name), rows[i].error);
        if (rows[i].error == 0) {
            assert_text(name, rows[i].name);
            assert_text(coded, rows[i].coded);
        }
        side_end(&server);
    }
}

/* write, then read, gives the same for any octets that a name can have. */
static void test_saslname_round_trip(void **state)
{
    uint64_t seed = 5802;
    (void)state;
    for (int round = 0; round < 500; round++) {
        side server;
        smtp_sasl_server_config config = config_of(NULL);
        char octets[80];
        size_t len = 1 + octets_below(&seed, sizeof octets - 1);
        smtp_str name;
        for (size_t i = 0; i < len; i++) {
            octets[i] = octets_below(&seed, 3) == 0 ? ",=2C3D"[octets_below(&seed, 6)]
                                                    : (char)(' ' + octets_below(&seed, 95));
        }
        server_begin(&server, SMTP_MECH_SCRAM_SHA_1, &config, 0);
        smtp__saslname_write(&server.sasl->text, octets_of(octets, len));
        smtp_str coded = {server.sasl->text.out, server.sasl->text.len};
        assert_null(memchr(coded.ptr, ',', coded.len));
        assert_int_equal(smtp__saslname_read(server.sasl, coded, &name), 0);
        assert_octets(name, octets_of(octets, len));
        side_end(&server);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_write),    cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_saslname), cmocka_unit_test(test_saslname_round_trip),
    };
    return cmocka_run_group_tests_name("sasl/gs2", tests, NULL, NULL);
}
