/* SPDX-License-Identifier: MIT
 * The library as a server: opened as the settings say, and what its program does to it. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

#define CALLBACK(name)                                                                             \
    {                                                                                              \
#name, offsetof(smtp_server_callbacks, name)                                               \
    }

static const struct callback {
    const char *name;
    size_t offset;
} callbacks[] = {
    CALLBACK(connect), CALLBACK(hello), CALLBACK(starttls), CALLBACK(mail), CALLBACK(rcpt),
    CALLBACK(data),    CALLBACK(body),  CALLBACK(message),  CALLBACK(vrfy), CALLBACK(expn),
    CALLBACK(help),    CALLBACK(noop),  CALLBACK(etrn),     CALLBACK(atrn), CALLBACK(command),
    CALLBACK(reset),   CALLBACK(close), CALLBACK(auth),     CALLBACK(burl),
};

/* Fills or empties the places of the callbacks that a setting names. */
static int place_callbacks(play *p, const setting *from, int there)
{
    int (*const nothing)(smtp_server *, const smtp_mail_event *, void *) = NULL;
    smtp_str rest = from->value;

    while (rest.len > 0) {
        smtp_str word = word_next(&rest);
        size_t i = 0;

        while (i < sizeof callbacks / sizeof callbacks[0] && !is_word(word, callbacks[i].name))
            i++;
        if (i == sizeof callbacks / sizeof callbacks[0])
            return play_failed(p, from->number, "a callback that is not known");
        memcpy((char *)&p->server_callbacks + callbacks[i].offset,
               there ? (const char *)&server_every + callbacks[i].offset : (const char *)&nothing,
               sizeof nothing);
    }
    return 1;
}

int server_open(play *p)
{
    size_t bytes;
    size_t i;
    int result;

    p->server_callbacks = server_usual;
    for (i = 0; i < p->talk->setting_count; i++) {
        const setting *from = &p->talk->settings[i];
        if ((is_word(from->key, "callbacks") && !place_callbacks(p, from, 1)) ||
            (is_word(from->key, "without") && !place_callbacks(p, from, 0)))
            return 0;
    }
    if (p->way->storage) {
        bytes = smtp_server_bytes(&p->server_config);
        p->storage = grown(NULL, 0, bytes == 0 ? 1 : bytes);
        result = smtp_server_init(&p->server, p->storage, bytes, &p->server_config,
                                  &p->server_callbacks, p);
    } else {
        result = smtp_server_new(&p->server, &p->server_config, &p->server_callbacks, p, NULL);
    }
    if (result != SMTP_ERR_OK)
        return play_failed(p, p->talk->number, "the server cannot be made: %s",
                           smtp_error_name(result));
    p->session = smtp_server_session(p->server);
    return 1;
}

void server_close(play *p)
{
    smtp_server_del(p->server);
}

int server_action(play *p, smtp_str verb, smtp_str rest, int *result)
{
    smtp_str words = rest;
    smtp_str code;
    int value = 0;
    uint32_t status;
    size_t i;
    uint64_t ticket = is_word(verb, "again") ? p->ticket_before : p->ticket;

    if (p->server == NULL ||
        (!is_word(verb, "resolve") && !is_word(verb, "again") && !is_word(verb, "close")))
        return 0;
    if (!is_word(verb, "close")) {
        code = word_next(&words);
        for (i = 0; i < code.len && code.ptr[i] >= '0' && code.ptr[i] <= '9'; i++)
            value = value * 10 + (code.ptr[i] - '0');
    }
    rest = words;
    status = status_value(word_next(&words));
    if (status == 0)
        words = rest;
    if (is_word(verb, "close"))
        *result = smtp_server_close(p->server, status, words, p->now);
    else
        *result = smtp_server_answer(p->server, ticket, value, status, words, p->now);
    return 1;
}
