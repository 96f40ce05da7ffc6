/* SPDX-License-Identifier: MIT
 * The words by which a transcript calls bits, results and errors: those of the headers without
 * their prefix. */
#include "transcript.h"

#include <string.h>

#define END                                                                                        \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

const name names_tolerate[] = {
    {"LF_COMMAND", SMTP_TOLERATE_LF_COMMAND},
    {"SPACE_AFTER_COLON", SMTP_TOLERATE_SPACE_AFTER_COLON},
    {"NO_BRACKETS", SMTP_TOLERATE_NO_BRACKETS},
    {"8BIT", SMTP_TOLERATE_8BIT},
    {"CR_BODY", SMTP_TOLERATE_CR_BODY},
    {"LF_BODY", SMTP_TOLERATE_LF_BODY},
    {"NUL_BODY", SMTP_TOLERATE_NUL_BODY},
    {"DOTS", SMTP_TOLERATE_DOTS},
    {"TRAILING_DOT", SMTP_TOLERATE_TRAILING_DOT},
    {"UNDERSCORE", SMTP_TOLERATE_UNDERSCORE},
    {"LONG_LOCAL_PART", SMTP_TOLERATE_LONG_LOCAL_PART},
    {"HELLO_NAME", SMTP_TOLERATE_HELLO_NAME},
    {"SPACES", SMTP_TOLERATE_SPACES},
    END,
};

const name names_extension[] = {
    {"PIPELINING", SMTP_EXT_PIPELINING},
    {"SIZE", SMTP_EXT_SIZE},
    {"8BITMIME", SMTP_EXT_8BITMIME},
    {"ENHANCEDSTATUSCODES", SMTP_EXT_ENHANCEDSTATUSCODES},
    {"SMTPUTF8", SMTP_EXT_SMTPUTF8},
    {"STARTTLS", SMTP_EXT_STARTTLS},
    {"AUTH", SMTP_EXT_AUTH},
    {"CHUNKING", SMTP_EXT_CHUNKING},
    {"BINARYMIME", SMTP_EXT_BINARYMIME},
    {"DSN", SMTP_EXT_DSN},
    {"DELIVERBY", SMTP_EXT_DELIVERBY},
    {"FUTURERELEASE", SMTP_EXT_FUTURERELEASE},
    {"MT-PRIORITY", SMTP_EXT_MT_PRIORITY},
    {"REQUIRETLS", SMTP_EXT_REQUIRETLS},
    {"LIMITS", SMTP_EXT_LIMITS},
    {"ETRN", SMTP_EXT_ETRN},
    {"ATRN", SMTP_EXT_ATRN},
    {"NO-SOLICITING", SMTP_EXT_NO_SOLICITING},
    {"BURL", SMTP_EXT_BURL},
    {"MTRK", SMTP_EXT_MTRK},
    {"RRVS", SMTP_EXT_RRVS},
    {"CONPERM", SMTP_EXT_CONPERM},
    {"CONNEG", SMTP_EXT_CONNEG},
    {"CHECKPOINT", SMTP_EXT_CHECKPOINT},
    {"VRFY", SMTP_EXT_VRFY},
    {"EXPN", SMTP_EXT_EXPN},
    {"HELP", SMTP_EXT_HELP},
    END,
};

const name names_server_flag[] = {
    {"LMTP", SMTP_SERVER_LMTP},
    {"IMPLICIT_TLS", SMTP_SERVER_IMPLICIT_TLS},
    {"REQUIRE_TLS", SMTP_SERVER_REQUIRE_TLS},
    {"REQUIRE_AUTH", SMTP_SERVER_REQUIRE_AUTH},
    {"AUTH_WITHOUT_TLS", SMTP_SERVER_AUTH_WITHOUT_TLS},
    {"NO_ENHANCED_CODES", SMTP_SERVER_NO_ENHANCED_CODES},
    {"REFUSE_EARLY_TALKER", SMTP_SERVER_REFUSE_EARLY_TALKER},
    {"SUBMISSION", SMTP_SERVER_SUBMISSION},
    END,
};

const name names_client_flag[] = {
    {"LMTP", SMTP_CLIENT_LMTP},
    {"NO_PIPELINING", SMTP_CLIENT_NO_PIPELINING},
    {"NO_CHUNKING", SMTP_CLIENT_NO_CHUNKING},
    {"NO_HELO", SMTP_CLIENT_NO_HELO},
    {"NO_QUIT_REPLY", SMTP_CLIENT_NO_QUIT_REPLY},
    END,
};

const name names_tls[] = {
    {"REQUIRED", SMTP_TLS_REQUIRED},
    {"OPPORTUNISTIC", SMTP_TLS_OPPORTUNISTIC},
    {"NONE", SMTP_TLS_NONE},
    {"IMPLICIT", SMTP_TLS_IMPLICIT},
    END,
};

const name names_envelope_flag[] = {
    {"MEND", SMTP_ENVELOPE_MEND},
    {"8BIT", SMTP_ENVELOPE_8BIT},
    {"UTF8", SMTP_ENVELOPE_UTF8},
    END,
};

const name names_found[] = {
    {"BARE_CR", SMTP_FOUND_BARE_CR},
    {"BARE_LF", SMTP_FOUND_BARE_LF},
    {"NUL", SMTP_FOUND_NUL},
    {"8BIT", SMTP_FOUND_8BIT},
    END,
};

const name names_wants[] = {
    {"READ", SMTP_WANTS_READ},
    {"WRITE", SMTP_WANTS_WRITE},
    {"TLS_HANDSHAKE", SMTP_WANTS_TLS_HANDSHAKE},
    {"CLOSE", SMTP_WANTS_CLOSE},
    {"TURN", SMTP_WANTS_TURN},
    END,
};

const name names_reset[] = {
    {"NONE", SMTP_RESET_NONE},
    {"RSET", SMTP_RESET_RSET},
    {"HELLO", SMTP_RESET_HELLO},
    {"QUIT", SMTP_RESET_QUIT},
    {"TLS", SMTP_RESET_TLS},
    {"REFUSED", SMTP_RESET_REFUSED},
    {"CONNECTION", SMTP_RESET_CONNECTION},
    {"TIMEOUT", SMTP_RESET_TIMEOUT},
    END,
};

const name names_result[] = {
    {"none", SMTP_RESULT_NONE},           {"delivered", SMTP_RESULT_DELIVERED},
    {"temporary", SMTP_RESULT_TEMPORARY}, {"permanent", SMTP_RESULT_PERMANENT},
    {"unknown", SMTP_RESULT_UNKNOWN},     END,
};

static const name names_error[] = {
#define ERROR_NAME(word, value, sentence) {#word, (uint32_t) - (value)},
    SMTP_ERROR_MAP(ERROR_NAME)
#undef ERROR_NAME
        END,
};

uint32_t name_value(const name *table, smtp_str word, int *known)
{
    for (; table->word != NULL; table++) {
        if (is_word(word, table->word))
            return table->value;
    }
    *known = 0;
    return 0;
}

const char *name_word(const name *table, uint32_t value)
{
    for (; table->word != NULL; table++) {
        if (table->value == value)
            return table->word;
    }
    return "?";
}

void name_words(text *to, const name *table, uint32_t bits, const char *between)
{
    const char *before = "";

    for (; table->word != NULL; table++) {
        if ((bits & table->value) != 0) {
            text_say(to, "%s%s", before, table->word);
            before = between;
        }
    }
}

uint32_t name_bits(const name *table, smtp_str words, int *known)
{
    uint32_t bits = 0;
    size_t at = 0;

    while (at < words.len) {
        smtp_str word;
        size_t end = at;

        while (end < words.len && words.ptr[end] != ' ' && words.ptr[end] != ',')
            end++;
        word.ptr = words.ptr + at;
        word.len = end - at;
        if (word.len > 0)
            bits |= name_value(table, word, known);
        at = end + 1;
    }
    return bits;
}

int error_value(smtp_str word, int *known)
{
    return -(int)name_value(names_error, word, known);
}

uint32_t status_value(smtp_str word)
{
    uint32_t status = 0;
    size_t used = 0;

    if (smtp_status_parse(&status, word, 0, &used) != SMTP_ERR_OK || used != word.len)
        return 0;
    return status;
}
