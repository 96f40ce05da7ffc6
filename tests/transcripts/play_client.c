/* SPDX-License-Identifier: MIT
 * The library as a client: its callbacks become events. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

/* " 250", " 2.1.0", " EOF": what is there of a reply and an error. */
static void say_outcome(text *to, int code, uint32_t status, int error)
{
    char words[16];
    size_t len = 0;

    if (code != 0)
        text_say(to, " %d", code);
    if (status != 0 && smtp_status_format(words, sizeof words, &len, status) == SMTP_ERR_OK)
        text_say(to, " %.*s", (int)len, words);
    if (error != SMTP_ERR_OK)
        text_say(to, " %s", smtp_error_name(error));
}

static void outcome_event(play *p, const char *what, text *outcome)
{
    text_add(outcome, "", 1);
    play_event(p, "%s%s", what, outcome->ptr);
    text_drop(outcome);
}

static void on_ready(smtp_client *client, const smtp_ready_event *event, void *user)
{
    text words = {NULL, 0, 0};
    const smtp_capabilities *can = event->capabilities;

    (void)client;
    text_say(&words, " %s%s", event->esmtp ? "ESMTP" : "SMTP", event->tls ? " TLS" : "");
    if (can->extensions != 0)
        text_say(&words, " ");
    name_words(&words, names_extension, can->extensions, " ");
    if (can->size_kind == SMTP_SIZE_VALUE)
        text_say(&words, " size=%lu", (unsigned long)can->size_max);
    outcome_event(user, "ready", &words);
}

static const char *verb_word(int verb)
{
    static const name others[] = {
        {"CONNECT", (uint32_t)SMTP_VERB_CONNECT},
        {"END_OF_DATA", (uint32_t)SMTP_VERB_END_OF_DATA},
        {"UNKNOWN", SMTP_VERB_UNKNOWN},
        {"CUSTOM", SMTP_VERB_CUSTOM},
        {NULL, 0},
    };

    return smtp_verb_name(verb).len > 0 ? smtp_verb_name(verb).ptr
                                        : name_word(others, (uint32_t)verb);
}

static void on_reply(smtp_client *client, const smtp_reply_event *event, void *user)
{
    text words = {NULL, 0, 0};
    size_t len = smtp_verb_name(event->verb).len;

    (void)client;
    text_say(&words, " ");
    text_add(&words, verb_word(event->verb), len > 0 ? len : strlen(verb_word(event->verb)));
    say_outcome(&words, event->code, event->status, SMTP_ERR_OK);
    text_say(&words, " \"%.*s\"", (int)event->text.len, event->text.len > 0 ? event->text.ptr : "");
    outcome_event(user, "reply", &words);
}

static void on_recipient(smtp_client *client, const smtp_recipient_event *event, void *user)
{
    text words = {NULL, 0, 0};
    const smtp_recipient *of = event->recipient;

    (void)client;
    if (of != event->envelope->recipients + event->position)
        (void)play_failed(user, 0, "recipient %lu is not the one of its position",
                          (unsigned long)event->position);
    text_say(&words, " %lu %s", (unsigned long)event->position,
             name_word(names_result, (uint32_t)of->result));
    say_outcome(&words, of->code, of->status, event->error);
    outcome_event(user, "recipient", &words);
}

static void on_sent(smtp_client *client, const smtp_sent_event *event, void *user)
{
    text words = {NULL, 0, 0};

    (void)client;
    text_say(&words, " %s", name_word(names_result, (uint32_t)event->result));
    say_outcome(&words, event->code, event->status, event->error);
    text_say(&words, " delivered=%lu", (unsigned long)event->delivered);
    outcome_event(user, "sent", &words);
    send_ended(user);
}

static int on_body(smtp_client *client, smtp_body_request *request, void *user)
{
    (void)client;
    return send_body(user, request);
}

static void on_close(smtp_client *client, const smtp_client_close_event *event, void *user)
{
    text words = {NULL, 0, 0};

    (void)client;
    text_say(&words, " %s", smtp_error_name(event->error));
    if (event->code != 0)
        text_say(&words, " %d", event->code);
    outcome_event(user, "close", &words);
}

int client_open(play *p)
{
    size_t bytes;
    size_t i;
    int result;

    p->client_callbacks.size = sizeof p->client_callbacks;
    p->client_callbacks.ready = on_ready;
    p->client_callbacks.recipient = on_recipient;
    p->client_callbacks.sent = on_sent;
    p->client_callbacks.body = on_body;
    p->client_callbacks.close = on_close;
    for (i = 0; i < p->talk->setting_count; i++) {
        if (is_word(p->talk->settings[i].key, "callbacks") &&
            is_word(p->talk->settings[i].value, "reply"))
            p->client_callbacks.reply = on_reply;
    }
    if (p->way->storage) {
        bytes = smtp_client_bytes(&p->client_config);
        p->storage = grown(NULL, 0, bytes == 0 ? 1 : bytes);
        result = smtp_client_init(&p->client, p->storage, bytes, &p->client_config,
                                  &p->client_callbacks, p);
    } else {
        result = smtp_client_new(&p->client, &p->client_config, &p->client_callbacks, p, NULL);
    }
    if (result != SMTP_ERR_OK)
        return play_failed(p, p->talk->number, "the client cannot be made: %s",
                           smtp_error_name(result));
    p->session = smtp_client_session(p->client);
    return 1;
}

void client_close(play *p)
{
    smtp_client_del(p->client);
    while (p->send != NULL)
        send_ended(p);
}

/* "command VRFY Crispin"; a verb that the library does not know is the caller's own. */
static int send_command(play *p, smtp_str rest)
{
    smtp_str word = word_next(&rest);
    int verb = smtp_verb_find(word);
    text argument = {NULL, 0, 0};
    int open = 0;
    int result = SMTP_ERR_ARGUMENT;

    if (verb == SMTP_VERB_UNKNOWN)
        verb = SMTP_VERB_CUSTOM;
    if (text_decode(&argument, rest, 0, &open))
        result = smtp_client_command(p->client, verb, word, text_str(&argument), p->now);
    text_drop(&argument);
    return result;
}

int client_action(play *p, smtp_str verb, smtp_str rest, int *result)
{
    if (p->client == NULL)
        return 0;
    if (is_word(verb, "send"))
        *result = send_start(p, rest);
    else if (is_word(verb, "command"))
        *result = send_command(p, rest);
    else if (is_word(verb, "quit"))
        *result = smtp_client_quit(p->client, p->now);
    else
        return 0;
    return 1;
}
