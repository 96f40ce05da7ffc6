/* SPDX-License-Identifier: MIT
 * The mechanisms of a session: those of the library and those of the caller, as one table. */
#include "sasl/roster.h"

#include <string.h>

#include "syntax/cursor.h"
#include "syntax/sized.h"

enum { NAME_MAX = 20 }; /* RFC 4422 3.1 */

static uint32_t bit_of(size_t i)
{
    return (uint32_t)SMTP_MECH_PLUGIN << i;
}

/* 1 when it is a name as it has to be written (RFC 4422 3.1). */
static int is_name(smtp_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char octet = (unsigned char)name.ptr[i];
        if (!smtp__is(octet, SMTP__MECHANISM) || (octet >= 'a' && octet <= 'z')) {
            return 0;
        }
    }
    return name.len > 0 && name.len <= NAME_MAX;
}

/* 1 for the names of mechanisms that need channel binding (RFC 5801 3). */
static int is_plus(smtp_str name)
{
    smtp_str plus = smtp_text("-PLUS");
    return name.len > plus.len && memcmp(name.ptr + name.len - plus.len, plus.ptr, plus.len) == 0;
}

static int is_replaced(smtp__roster roster, smtp_str name)
{
    for (size_t i = 0; i < roster.count; i++) {
        if (smtp_str_equal(roster.plugins[i].name, name)) {
            return 1;
        }
    }
    return 0;
}

int smtp__roster_check(smtp__roster roster)
{
    if (roster.count > SMTP_SASL_PLUGINS_MAX || (roster.count > 0 && roster.plugins == NULL)) {
        return SMTP_ERR_ARGUMENT;
    }
    for (size_t i = 0; i < roster.count; i++) {
        const smtp_sasl_plugin *plugin = &roster.plugins[i];
        smtp__roster before = {roster.plugins, i};
        int error = smtp__sized(plugin, plugin->size, sizeof *plugin);
        if (error == 0 && (!is_name(plugin->name) || is_replaced(before, plugin->name))) {
            error = SMTP_ERR_ARGUMENT;
        }
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static void describe(const smtp_sasl_plugin *plugin, size_t i, smtp_mechanism *out)
{
    out->name = plugin->name;
    out->bit = bit_of(i);
    out->hash = SMTP_HASH_NONE;
    out->strength = plugin->strength;
    out->plain = plugin->plain;
    out->client_first = plugin->client_first;
    out->binds = (uint32_t)is_plus(plugin->name);
}

int smtp__roster_at(smtp__roster roster, size_t i, smtp_mechanism *out)
{
    if (i < roster.count) {
        describe(&roster.plugins[i], i, out);
        return 1;
    }
    const smtp_mechanism *row = smtp_mechanism_at(i - roster.count);
    if (row == NULL) {
        return 0;
    }
    *out = *row;
    if (is_replaced(roster, row->name)) {
        out->bit = 0;
    }
    return 1;
}

int smtp__roster_find(smtp__roster roster, smtp_str name, smtp_mechanism *out)
{
    for (size_t i = 0; smtp__roster_at(roster, i, out); i++) {
        if (smtp_str_equal_nocase(name, out->name)) {
            return 1;
        }
    }
    return 0;
}

uint32_t smtp__roster_bits(smtp__roster roster, smtp_str names)
{
    smtp__cursor cursor = smtp__cursor_start(names);
    uint32_t bits = 0;
    while (cursor.at < cursor.end) {
        smtp_mechanism row;
        if (smtp__roster_find(roster, smtp__take_until(&cursor, SMTP__WSP), &row)) {
            bits |= row.bit;
        }
        (void)smtp__take_run(&cursor, SMTP__WSP);
    }
    return bits;
}

uint32_t smtp__roster_binds(smtp__roster roster, uint32_t bits)
{
    smtp_mechanism row;
    for (size_t i = 0; smtp__roster_at(roster, i, &row); i++) {
        if (row.binds && (row.bit & bits)) {
            return 1;
        }
    }
    return 0;
}

const smtp_sasl_plugin *smtp__roster_plugin(smtp__roster roster, uint32_t bit)
{
    for (size_t i = 0; i < roster.count; i++) {
        if (bit_of(i) == bit) {
            return roster.plugins + i;
        }
    }
    return NULL;
}

uint32_t smtp__roster_plugins(smtp__roster roster)
{
    return bit_of(roster.count) - bit_of(0);
}
