/* SPDX-License-Identifier: MIT
 * The callbacks of a server: they become events, and answer as the transcript says. */
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN(s) (int)(s).len, (s).ptr

/* The next answer for an event, which is then used up, or NULL. */
static const answer *next_answer(play *p, const char *event)
{
    size_t i;

    for (i = 0; i < p->answer_count; i++) {
        const answer *found = p->answers[i];
        if (strcmp(found->event, event) == 0) {
            p->answer_count--;
            memmove(p->answers + i, p->answers + i + 1, (p->answer_count - i) * sizeof *p->answers);
            return found;
        }
    }
    return NULL;
}

static int give_answer(play *p, const char *event, uint64_t ticket)
{
    const answer *next = next_answer(p, event);
    int code;

    if (next == NULL)
        return SMTP_ACCEPT;
    if (next->kind == ANSWER_VALUE)
        return next->code;
    if (next->kind == ANSWER_DEFER) {
        p->ticket_before = p->ticket;
        p->ticket = ticket;
        return SMTP_DEFER;
    }
    code = smtp_server_reply(p->server, next->code, next->status, text_str(&next->words));
    if (code != (next->wanted != 0 ? next->wanted : next->code))
        (void)play_failed(p, next->number, "smtp_server_reply gave %d, %s", code,
                          smtp_error_name(code));
    return code;
}

static int on_connect(smtp_server *server, const smtp_connect_event *event, void *user)
{
    (void)server;
    play_event(user, event->early ? "connect early" : "connect");
    return give_answer(user, "connect", event->ticket);
}

static int on_hello(smtp_server *server, const smtp_hello_event *event, void *user)
{
    smtp_str verb = smtp_verb_name(event->verb);

    (void)server;
    play_event(user, "hello %.*s %.*s%s", SHOWN(verb), SHOWN(event->host->text),
               event->early ? " early" : "");
    return give_answer(user, "hello", event->ticket);
}

static int on_starttls(smtp_server *server, const smtp_connect_event *event, void *user)
{
    (void)server;
    play_event(user, "starttls");
    return give_answer(user, "starttls", event->ticket);
}

/* Whether one of the users is named and proved. */
static int is_user(const play *p, const smtp_sasl_question *question)
{
    size_t i;

    for (i = 0; i < p->user_count; i++) {
        smtp_str known = p->users[i];
        const char *colon = memchr(known.ptr, ':', known.len);
        smtp_str password = {NULL, 0};

        if (colon == NULL)
            continue;
        password.ptr = colon + 1;
        password.len = known.len - (size_t)(colon + 1 - known.ptr);
        known.len = (size_t)(colon - known.ptr);
        if (smtp_str_equal(known, question->name))
            return smtp_str_equal(password, question->password);
    }
    return 0;
}

/* Answered as the transcript says, or by the users of its settings. */
static int on_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    play *p = user;
    const smtp_sasl_question *question = event->question;
    size_t before = p->answer_count;
    int given;

    (void)server;
    play_event(p, "auth %.*s%s%.*s", SHOWN(question->name), question->authzid.len > 0 ? " as " : "",
               SHOWN(question->authzid));
    given = give_answer(p, "auth", event->ticket);
    if (p->answer_count != before)
        return given;
    return is_user(p, question) ? SMTP_ACCEPT : 535;
}

/* "<a@b> SIZE=10", and behind it the route that was read past. */
static void envelope_event(play *p, const char *what, const smtp_path *path,
                           const smtp_params *params)
{
    static const smtp_str nothing = {"", 0};
    smtp_str mailbox = path->kind == SMTP_PATH_NULL ? nothing : path->mailbox.text;
    smtp_str words = params != NULL ? params->text : nothing;

    play_event(p, "%s <%.*s>%s%.*s%s%.*s", what, SHOWN(mailbox), words.len > 0 ? " " : "",
               SHOWN(words), path->route.len > 0 ? " route " : "", SHOWN(path->route));
}

static int on_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    (void)server;
    envelope_event(user, "mail", event->path, event->params);
    return give_answer(user, "mail", event->ticket);
}

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    text what = {NULL, 0, 0};

    (void)server;
    text_say(&what, "rcpt %lu", (unsigned long)event->position);
    text_add(&what, "", 1);
    envelope_event(user, what.ptr, event->path, event->params);
    text_drop(&what);
    return give_answer(user, "rcpt", event->ticket);
}

static int on_data(smtp_server *server, const smtp_data_event *event, void *user)
{
    (void)server;
    play_event(user, "data recipients=%lu%s", (unsigned long)event->recipients,
               event->chunked ? " chunked" : "");
    return give_answer(user, "data", event->ticket);
}

static int on_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    play *p = user;

    (void)server;
    if (event->offset != p->body_octets)
        (void)play_failed(p, 0,
                          "a piece of the body says offset %lu, and %lu octets came before it",
                          (unsigned long)event->offset, (unsigned long)p->body_octets);
    if (event->chunk.len == 0)
        (void)play_failed(p, 0, "an empty piece of the body");
    play_body(p, event->chunk);
    return give_answer(p, "body", event->ticket);
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    play *p = user;
    text found = {NULL, 0, 0};

    (void)server;
    if (event->octets != p->body_octets)
        (void)play_failed(p, 0, "the message says %lu octets, and %lu came",
                          (unsigned long)event->octets, (unsigned long)p->body_octets);
    if (event->found != 0)
        text_say(&found, " found=");
    name_words(&found, names_found, event->found, ",");
    if ((p->server_config.flags & SMTP_SERVER_LMTP) != 0)
        text_say(&found, " position=%lu", (unsigned long)event->position);
    play_event(p, "message octets=%lu recipients=%lu%.*s", (unsigned long)event->octets,
               (unsigned long)event->recipients, (int)found.len,
               found.ptr != NULL ? found.ptr : "");
    text_drop(&found);
    if (event->position + 1 == event->recipients ||
        (p->server_config.flags & SMTP_SERVER_LMTP) == 0)
        p->body_octets = 0;
    return give_answer(p, "message", event->ticket);
}

/* "vrfy Crispin": the name of the callback and what the command says. */
static int command_event(play *p, const char *callback, const smtp_command_event *event)
{
    const smtp_command *command = event->command;
    int custom = command->verb >= SMTP_VERB_CUSTOM;

    play_event(
        p, "%s%s%.*s%s%s%.*s%s", callback, custom ? " " : "", custom ? (int)command->name.len : 0,
        command->name.ptr, command->argument.len > 0 ? " " : "",
        (command->flags & SMTP_COMMAND_SUBDOMAINS) != 0 ? "@"
        : (command->flags & SMTP_COMMAND_QUEUE) != 0    ? "#"
                                                        : "",
        SHOWN(command->argument), (command->flags & SMTP_COMMAND_SMTPUTF8) != 0 ? " SMTPUTF8" : "");
    return give_answer(p, callback, event->ticket);
}

static int on_vrfy(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "vrfy", event);
}

static int on_expn(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "expn", event);
}

static int on_help(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "help", event);
}

static int on_noop(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "noop", event);
}

static int on_etrn(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "etrn", event);
}

static int on_atrn(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "atrn", event);
}

static int on_burl(smtp_server *server, const smtp_burl_event *event, void *user)
{
    (void)server;
    play_event(user, "burl %.*s%s%s", (int)event->url.len, event->url.ptr,
               event->first ? " first" : "", event->last ? " last" : "");
    return give_answer(user, "burl", event->ticket);
}

static int on_command(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    return command_event(user, "command", event);
}

static void on_reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    play *p = user;

    (void)server;
    p->body_octets = 0;
    play_event(p, "reset %s%s%s", name_word(names_reset, (uint32_t)event->reason),
               event->error != 0 ? " " : "",
               event->error != 0 ? smtp_error_name(event->error) : "");
}

static void on_close(smtp_server *server, const smtp_close_event *event, void *user)
{
    (void)server;
    play_event(user, "close %s", smtp_error_name(event->error));
}

const smtp_server_callbacks server_usual = {
    .size = sizeof server_usual,
    .auth = on_auth,
    .mail = on_mail,
    .rcpt = on_rcpt,
    .body = on_body,
    .message = on_message,
    .reset = on_reset,
    .close = on_close,
};

const smtp_server_callbacks server_every = {
    .size = sizeof server_every,
    .connect = on_connect,
    .hello = on_hello,
    .starttls = on_starttls,
    .auth = on_auth,
    .mail = on_mail,
    .rcpt = on_rcpt,
    .data = on_data,
    .body = on_body,
    .message = on_message,
    .vrfy = on_vrfy,
    .expn = on_expn,
    .help = on_help,
    .noop = on_noop,
    .etrn = on_etrn,
    .atrn = on_atrn,
    .burl = on_burl,
    .command = on_command,
    .reset = on_reset,
    .close = on_close,
};
