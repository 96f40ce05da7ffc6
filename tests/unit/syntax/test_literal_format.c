/* SPDX-License-Identifier: MIT
 * IP addresses as text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/addresses.h"

static const struct row {
    const char *written, *canonical;
} rows[] = {
    {"[123.255.37.2]", "[123.255.37.2]"},
    {"[000.010.200.007]", "[0.10.200.7]"},
    /* RFC 5952 4.1: no leading zeros */
    {"[IPv6:2001:0db8:0000:0000:0001:0000:0000:0001]", "[IPv6:2001:db8::1:0:0:1]"},
    /* 4.2.1: as much as possible is shortened */
    {"[IPv6:2001:db8:0:0:0:0:2:1]", "[IPv6:2001:db8::2:1]"},
    {"[ipv6:0:0:0:0:0:0:0:0]", "[IPv6:::]"},
    {"[IPv6:0:0:0:0:0:0:0:1]", "[IPv6:::1]"},
    {"[IPv6:1:0:0:0:0:0:0:0]", "[IPv6:1::]"},
    /* 4.2.2: not a single group */
    {"[IPv6:2001:db8:0:1:1:1:1:1]", "[IPv6:2001:db8:0:1:1:1:1:1]"},
    {"[IPv6:0:1:2:3:4:5:6:7]", "[IPv6:0:1:2:3:4:5:6:7]"},
    {"[IPv6:1:2:3:4:5:6:7:0]", "[IPv6:1:2:3:4:5:6:7:0]"},
    /* 4.2.3: the longest run, and the first of equals */
    {"[IPv6:2001:0:0:1:0:0:0:1]", "[IPv6:2001:0:0:1::1]"},
    {"[IPv6:2001:db8:0:0:1:0:0:1]", "[IPv6:2001:db8::1:0:0:1]"},
    {"[IPv6:0:0:1:0:0:0:0:1]", "[IPv6:0:0:1::1]"},
    {"[IPv6:0:0:1:2:3:4:0:0]", "[IPv6:::1:2:3:4:0:0]"},
    {"[IPv6:1:2:3:4:5:6:0:0]", "[IPv6:1:2:3:4:5:6::]"},
    /* 4.3: lower case */
    {"[IPV6:2001:DB8::ABCD:EF]", "[IPv6:2001:db8::abcd:ef]"},
    /* 5: mixed notation for what is known to be an IPv4 address, and only for that */
    {"[IPv6:::ffff:192.0.2.1]", "[IPv6:::ffff:192.0.2.1]"},
    {"[IPv6:0:0:0:0:0:FFFF:C000:0201]", "[IPv6:::ffff:192.0.2.1]"},
    {"[IPv6:::ffff:0:0]", "[IPv6:::ffff:0.0.0.0]"},
    {"[IPv6:::192.0.2.1]", "[IPv6:::c000:201]"},
    {"[IPv6:64:ff9b::192.0.2.33]", "[IPv6:64:ff9b::c000:221]"},
    {"[IPv6:1:2:3:4:5:6:192.0.2.1]", "[IPv6:1:2:3:4:5:6:c000:201]"},
    {"[Tag:Content]", "[Tag:Content]"},
};

/* Shows: R5321-4.1.3-1 R5321-4.1.3-2 R5321-4.1.3-3 */
static void test_canonical_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        smtp_host host;
        char out[64];
        size_t len;
        assert_int_equal(smtp_host_parse(&host, smtp_text(rows[i].written), 0, 0, NULL), 0);
        assert_int_equal(smtp_host_format(out, sizeof out, &len, &host), 0);
        if (!same_text(octets_of(out, len), rows[i].canonical)) {
            fail_msg("%s: %.*s", rows[i].written, (int)len, out);
        }
    }
}

/* Shows: R5321-4.1.3-3 */
static void test_any_address_reads_back(void **state)
{
    uint64_t seed = 5952;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        smtp_host host, back;
        char out[64], again[64];
        size_t len, again_len;
        memset(&host, 0, sizeof host);
        host.kind = octets_below(&seed, 4) == 0 ? SMTP_HOST_IPV4 : SMTP_HOST_IPV6;
        for (size_t k = 0; k < (host.kind == SMTP_HOST_IPV4 ? 4u : 16u); k += 2) {
            /* mostly zero groups, so that runs of every length occur */
            unsigned bits = octets_below(&seed, 3) == 0 ? (unsigned)octets_below(&seed, 65536) : 0;
            host.ip[k] = (unsigned char)(bits >> 8);
            host.ip[k + 1] = (unsigned char)(bits & 0xFF);
        }
        assert_int_equal(smtp_host_format(out, sizeof out, &len, &host), 0);
        assert_int_equal(smtp_host_parse(&back, octets_of(out, len), 0, 0, NULL), 0);
        assert_int_equal(back.kind, host.kind);
        assert_memory_equal(back.ip, host.ip, 16);
        assert_int_equal(smtp_host_format(again, sizeof again, &again_len, &back), 0);
        assert_true(smtp_str_equal(octets_of(out, len), octets_of(again, again_len)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_forms),
        cmocka_unit_test(test_any_address_reads_back),
    };
    return cmocka_run_group_tests_name("syntax/literal_format", tests, NULL, NULL);
}
