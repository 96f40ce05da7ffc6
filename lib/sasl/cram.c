/* SPDX-License-Identifier: MIT
 * CRAM-MD5 (RFC 2195). */
#include <string.h>

#include "sasl/crypto.h"
#include "sasl/sasl.h"

enum {
    MD5 = 16,         /* octets of the digest */
    DIGEST = 2 * MD5, /* characters of it */
    UNIQUE = 16       /* random octets of a challenge */
};

static void put_hex(smtp__writer *writer, const unsigned char *octets, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        smtp__put(writer, digits[octets[i] >> 4]);
        smtp__put(writer, digits[octets[i] & 15]);
    }
}

/* Writes the keyed digest of a challenge. */
static int put_digest(const smtp_sasl *sasl, smtp__writer *writer, smtp_str password,
                      smtp_str challenge)
{
    unsigned char digest[SMTP_SASL_DIGEST_MAX];
    int error = smtp__hmac(sasl->crypto, SMTP_HASH_MD5, password, challenge, digest);
    if (error == 0) {
        put_hex(writer, digest, MD5);
    }
    smtp_wipe(digest, sizeof digest);
    return error;
}

int smtp__cram_respond(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    smtp__put_str(&sasl->text, sasl->given.client.name);
    smtp__put(&sasl->text, ' ');
    int error = put_digest(sasl, &sasl->text, sasl->given.client.password, message);
    return error != 0 ? error : smtp__sasl_say(sasl, 0, SMTP_SASL_DONE, out);
}

/* A message identifier. There is no clock to stamp it with, and none is needed: it is random. */
int smtp__cram_challenge(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    unsigned char unique[UNIQUE];
    (void)message;
    int error = smtp__random(sasl->crypto, unique, sizeof unique);
    if (error != 0) {
        return error;
    }
    smtp__put(&sasl->text, '<');
    put_hex(&sasl->text, unique, sizeof unique);
    smtp__put(&sasl->text, '@');
    smtp__put_str(&sasl->text, sasl->given.server.hostname);
    smtp__put(&sasl->text, '>');
    return smtp__sasl_say(sasl, 0, SMTP_SASL_MORE, out);
}

/* 1 when these are the digits of a digest, in lower case as they must be. */
static int is_digest(const char *digits)
{
    for (size_t i = 0; i < DIGEST; i++) {
        unsigned char digit = (unsigned char)digits[i];
        if (!smtp__is(digit, SMTP__HEX) || smtp__lower(digit) != digit) {
            return 0;
        }
    }
    return 1;
}

/* The digest has no space, a name may have: the last one is the separator. */
int smtp__cram_hear(smtp_sasl *sasl, smtp_str message, smtp_str *out)
{
    (void)out;
    if (message.len < 1 + DIGEST || message.ptr[message.len - DIGEST - 1] != ' ' ||
        !is_digest(message.ptr + message.len - DIGEST)) {
        return SMTP_ERR_AUTH_PROTOCOL;
    }
    memcpy(sasl->expected, message.ptr + message.len - DIGEST, DIGEST);
    message.len -= 1 + DIGEST;
    int error = smtp__sasl_prepared(message, SMTP_SASL_NAME_MAX);
    if (error == 0) {
        error = smtp__sasl_keep(sasl, message, &sasl->question.name);
    }
    return error != 0 ? error : smtp__sasl_ask(sasl, SMTP_SASL_ASK_PASSWORD);
}

/* The digest is made for a refused name as well, so that it takes as long. */
int smtp__cram_answered(smtp_sasl *sasl, const smtp_sasl_answer *answer, smtp_str *out)
{
    char digits[DIGEST];
    smtp__writer writer = smtp__writer_start(digits, sizeof digits);
    smtp_str challenge = {sasl->text.out, sasl->text.len};
    if (answer->verdict == SMTP_SASL_ACCEPTED && answer->password.len == 0) {
        return SMTP_ERR_ARGUMENT;
    }
    int error = put_digest(sasl, &writer, answer->password, challenge);
    int same = smtp_secret_equal(smtp__octets((unsigned char *)digits, writer.len),
                                 smtp__octets(sasl->expected, DIGEST));
    smtp_wipe(digits, sizeof digits);
    if (error != 0) {
        return error;
    }
    return same ? smtp__sasl_decide(sasl, answer, out) : SMTP_ERR_AUTH_FAILED;
}
