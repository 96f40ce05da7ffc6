/* SPDX-License-Identifier: MIT
 * The settings of a transcript, put into the configuration of its role. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

/* What a value is. */
enum { VALUE_TEXT, VALUE_U32, VALUE_U64, VALUE_BITS, VALUE_WORD };

typedef struct member {
    const char *key;
    int kind;
    size_t offset;
    const name *words;
} member;

#define SERVER(key, kind, words)                                                                   \
    {                                                                                              \
#key, kind, offsetof(smtp_server_config, key), words                                       \
    }
#define CLIENT(key, kind, words)                                                                   \
    {                                                                                              \
#key, kind, offsetof(smtp_client_config, key), words                                       \
    }

static const member server_members[] = {
    SERVER(hostname, VALUE_TEXT, NULL),
    SERVER(flags, VALUE_BITS, names_server_flag),
    SERVER(tolerate, VALUE_BITS, names_tolerate),
    SERVER(offer, VALUE_BITS, names_extension),
    SERVER(withhold, VALUE_BITS, names_extension),
    SERVER(message_max, VALUE_U64, NULL),
    SERVER(recipients_max, VALUE_U32, NULL),
    SERVER(transactions_max, VALUE_U32, NULL),
    SERVER(commands_max, VALUE_U32, NULL),
    SERVER(errors_max, VALUE_U32, NULL),
    SERVER(line_max, VALUE_U32, NULL),
    SERVER(line_buffer, VALUE_U32, NULL),
    SERVER(output_buffer, VALUE_U32, NULL),
    SERVER(greeting_delay, VALUE_U64, NULL),
    SERVER(command_timeout, VALUE_U64, NULL),
    SERVER(data_timeout, VALUE_U64, NULL),
    SERVER(deliver_by_min, VALUE_U32, NULL),
    SERVER(hold_max, VALUE_U32, NULL),
    SERVER(hold_until_max, VALUE_U64, NULL),
    SERVER(priority_profile, VALUE_TEXT, NULL),
    SERVER(no_soliciting, VALUE_TEXT, NULL),
    SERVER(burl, VALUE_TEXT, NULL),
    SERVER(auth_failures_max, VALUE_U32, NULL),
    SERVER(auth_line_max, VALUE_U32, NULL),
    {NULL, 0, 0, NULL},
};

static const member client_members[] = {
    CLIENT(hostname, VALUE_TEXT, NULL),
    CLIENT(tls, VALUE_WORD, names_tls),
    CLIENT(flags, VALUE_BITS, names_client_flag),
    CLIENT(reply_line_max, VALUE_U32, NULL),
    CLIENT(reply_max, VALUE_U32, NULL),
    CLIENT(output_buffer, VALUE_U32, NULL),
    CLIENT(pending_max, VALUE_U32, NULL),
    CLIENT(greeting_timeout, VALUE_U64, NULL),
    CLIENT(command_timeout, VALUE_U64, NULL),
    CLIENT(data_timeout, VALUE_U64, NULL),
    CLIENT(body_timeout, VALUE_U64, NULL),
    CLIENT(message_timeout, VALUE_U64, NULL),
    {NULL, 0, 0, NULL},
};

static uint64_t number_of(smtp_str value, int *known)
{
    uint64_t number = 0;
    size_t i;

    for (i = 0; i < value.len; i++) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            *known = 0;
        number = number * 10 + (uint64_t)(value.ptr[i] - '0');
    }
    return number;
}

static int set_member(void *config, const member *to, smtp_str value)
{
    char *at = (char *)config + to->offset;
    int known = 1;
    uint64_t wide;
    uint32_t bits;

    if (to->kind == VALUE_TEXT) {
        memcpy(at, &value, sizeof value);
        return 1;
    }
    if (to->kind == VALUE_U64) {
        wide = number_of(value, &known);
        memcpy(at, &wide, sizeof wide);
        return known;
    }
    if (to->kind == VALUE_U32)
        bits = (uint32_t)number_of(value, &known);
    else if (to->kind == VALUE_BITS)
        bits = name_bits(to->words, value, &known);
    else
        bits = name_value(to->words, value, &known);
    memcpy(at, &bits, sizeof bits);
    return known;
}

/* The parts of "one; two" as an array of slices that the play keeps. */
static const smtp_str *list_of(play *p, smtp_str value, size_t *count)
{
    smtp_str *list = play_keep(p, (value.len + 1) * sizeof *list);

    *count = 0;
    while (value.len > 0) {
        const char *end = memchr(value.ptr, ';', value.len);
        size_t len = end == NULL ? value.len : (size_t)(end - value.ptr);

        list[*count].ptr = value.ptr;
        list[(*count)++].len = len;
        if (end != NULL)
            len++;
        while (len < value.len && value.ptr[len] == ' ')
            len++;
        value.ptr += len;
        value.len -= len;
    }
    return list;
}

/* "XFOO MAIL; XBAR RCPT": parameters of the caller's own. */
static void read_params(play *p, smtp_str value)
{
    size_t count = 0;
    const smtp_str *list = list_of(p, value, &count);
    smtp_param_rule *rules = play_keep(p, (count + 1) * sizeof *rules);
    size_t i;

    for (i = 0; i < count; i++) {
        smtp_str rest = list[i];

        memset(&rules[i], 0, sizeof rules[i]);
        rules[i].keyword = word_next(&rest);
        rules[i].verb = smtp_verb_find(word_next(&rest));
        rules[i].value = is_word(rest, "value") ? 1 : is_word(rest, "bare") ? 2 : 0;
    }
    p->server_config.params = rules;
    p->server_config.param_count = count;
    p->client_config.params = rules;
    p->client_config.param_count = count;
}

/* "ann:tea; bob:milk": who may authenticate, by the mechanisms that need no cryptography. */
static void read_users(play *p, smtp_str value)
{
    p->users = list_of(p, value, &p->user_count);
    p->server_config.sasl = smtp_sasl_suite_all();
}

/* The settings that are not a plain member; 0: neither is this one. */
static int read_special(play *p, const setting *from)
{
    if (is_word(from->key, "role") || is_word(from->key, "callbacks") ||
        is_word(from->key, "without"))
        return 1; /* parse.c and the opening of the role read them */
    if (is_word(from->key, "body") && is_word(from->value, "whole"))
        return p->body_whole = 1;
    if (is_word(from->key, "keywords"))
        p->server_config.keywords = list_of(p, from->value, &p->server_config.keyword_count);
    else if (is_word(from->key, "verbs"))
        p->server_config.verbs = list_of(p, from->value, &p->server_config.verb_count);
    else if (is_word(from->key, "users"))
        read_users(p, from->value);
    else if (is_word(from->key, "params"))
        read_params(p, from->value);
    else
        return 0;
    return 1;
}

int config_read(play *p)
{
    const member *members = p->talk->client ? client_members : server_members;
    void *config = p->talk->client ? (void *)&p->client_config : (void *)&p->server_config;
    size_t i;

    p->server_config.size = sizeof p->server_config;
    p->client_config.size = sizeof p->client_config;
    for (i = 0; i < p->talk->setting_count; i++) {
        const setting *from = &p->talk->settings[i];
        const member *to = members;

        if (read_special(p, from))
            continue;
        while (to->key != NULL && !is_word(from->key, to->key))
            to++;
        if (to->key == NULL || !set_member(config, to, from->value))
            return play_failed(p, from->number, "a setting that is not known");
    }
    return 1;
}
