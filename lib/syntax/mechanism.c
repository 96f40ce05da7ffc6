/* SPDX-License-Identifier: MIT
 * The table of SASL mechanisms. */
#include "smtp/extension.h"

#define ROW(name, bit, hash, strength, plain, client_first, binds)                                 \
    {                                                                                              \
        {name, sizeof name - 1}, SMTP_MECH_##bit, SMTP_HASH_##hash, strength, plain, client_first, \
            binds                                                                                  \
    }

/* Name, bit, digest, strength, plain, client first, binds. Channel binding outweighs the digest,
 * since it keeps out who sits in between. EXTERNAL stands low: only the caller knows whether TLS
 * has shown the server who the client is. */
static const smtp_mechanism mechanisms[] = {
    ROW("PLAIN", PLAIN, NONE, 20, 1, 1, 0),
    ROW("LOGIN", LOGIN, NONE, 15, 1, 0, 0),
    ROW("CRAM-MD5", CRAM_MD5, MD5, 30, 0, 0, 0),
    ROW("SCRAM-SHA-1", SCRAM_SHA_1, SHA1, 50, 0, 1, 0),
    ROW("SCRAM-SHA-1-PLUS", SCRAM_SHA_1_PLUS, SHA1, 70, 0, 1, 1),
    ROW("SCRAM-SHA-256", SCRAM_SHA_256, SHA256, 60, 0, 1, 0),
    ROW("SCRAM-SHA-256-PLUS", SCRAM_SHA_256_PLUS, SHA256, 80, 0, 1, 1),
    ROW("OAUTHBEARER", OAUTHBEARER, NONE, 45, 1, 1, 0),
    ROW("XOAUTH2", XOAUTH2, NONE, 40, 1, 1, 0),
    ROW("EXTERNAL", EXTERNAL, NONE, 10, 0, 1, 0),
    ROW("ANONYMOUS", ANONYMOUS, NONE, 5, 0, 1, 0),
};

const smtp_mechanism *smtp_mechanism_at(size_t i)
{
    return i < sizeof mechanisms / sizeof mechanisms[0] ? &mechanisms[i] : NULL;
}

const smtp_mechanism *smtp_mechanism_find(smtp_str name)
{
    const smtp_mechanism *row;
    for (size_t i = 0; (row = smtp_mechanism_at(i)) != NULL; i++) {
        if (smtp_str_equal_nocase(name, row->name)) {
            return row;
        }
    }
    return NULL;
}
