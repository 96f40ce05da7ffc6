/* SPDX-License-Identifier: MIT
 * The callbacks of a server session under test: each is checked against the account first. */
#include "serving_events.h"

#include <stdlib.h>
#include <string.h>

/* The positive codes that a caller may give in its own words. */
static const int own_codes[] = {220, 0, 0, 0, 250, 250, 0, 0, 250, 250, 250, 250, 250};

static void flush_body(serving *s)
{
    if (s->body.len == 0)
        return;
    text_say(&s->log, "body ");
    text_add(&s->log, text_str(&s->body));
    text_say(&s->log, "\n");
    s->body.len = 0;
}

/* Any event: 0 when the session is deleted in it. */
static int begin(serving *s, const char *name, uint64_t ticket)
{
    size_t used = 1;

    CHECK(!s->closed && !s->gone && s->due == 0);
    if (ticket != 0) {
        CHECK(ticket > s->ticket);
        s->ticket = ticket;
    }
    CHECK(smtp_session_receive(s->session, "x", 1, s->now, &used) == SMTP_ERR_REENTRANT);
    CHECK(used == 0);
    CHECK(smtp_server_answer(s->server, ticket, 250, 0, smtp_text(NULL), s->now) ==
          SMTP_ERR_REENTRANT);
    if (strcmp(name, "body") != 0) {
        flush_body(s);
        text_say(&s->log, "%s", name);
        if (++s->events == s->plan->delete_at) {
            smtp_server_del(s->server);
            s->gone = 1;
            return 0;
        }
    }
    return 1;
}

static void say(serving *s, const char *before, smtp_str words)
{
    text_say(&s->log, "%s", before);
    text_add(&s->log, words);
}

static void end_say(serving *s)
{
    text_say(&s->log, "\n");
}

static void store(serving *s)
{
    s->stored = realloc(s->stored, (s->stored_count + 1) * sizeof *s->stored);
    CHECK(s->stored != NULL);
    s->current.recipients = s->accepted;
    if ((s->plan->config.flags & SMTP_SERVER_LMTP) == 0)
        s->current.recipients = s->recipients;
    s->stored[s->stored_count++] = s->current;
    memset(&s->current, 0, sizeof s->current);
}

static void outcome_message(serving *s, int good)
{
    int lmtp = (s->plan->config.flags & SMTP_SERVER_LMTP) != 0;

    s->accepted += good ? 1u : 0u;
    s->messages += good && s->accepted == 1;
    s->position++;
    if ((lmtp && s->position < s->recipients) || s->accepted == 0)
        return; /* a reset follows when none was accepted */
    s->open = 0;
    s->content = 0;
    store(s);
}

void serving_outcome(serving *s, int kind, int good)
{
    if (kind == KIND_MESSAGE) {
        outcome_message(s, good);
    } else if (kind == KIND_MAIL && good) {
        s->open = 1;
        s->content = 0;
        s->refused = 0;
        s->recipients = s->position = s->accepted = 0;
        s->taken = 0;
        s->refuse_at = UINT64_MAX;
        s->body_defers = 0;
        s->mails++;
        s->rcpts_asked = 0;
        s->current.body.len = 0;
    } else if (kind == KIND_RCPT && good) {
        s->recipients++;
        s->rcpts++;
    } else if ((kind == KIND_DATA || kind == KIND_BURL) && good) {
        s->content = 1;
    } else if (kind == KIND_AUTH && good) {
        s->vouched = 1;
        s->vouched_in_tls = smtp_session_tls_active(s->session);
    } else if (kind == KIND_ATRN && good) {
        s->turned = 1;
    } else if (kind == KIND_BODY && !good) {
        s->refused = 1;
    }
}

static int defer(serving *s, int kind, int answer, int wrong)
{
    s->due = s->ticket;
    s->due_kind = kind;
    s->due_answer = answer;
    s->due_wrong = wrong;
    return SMTP_DEFER;
}

static uint32_t next_answer(serving *s)
{
    if (s->plan->answer_count == 0)
        return 0;
    return s->plan->answers[s->answered++ % s->plan->answer_count];
}

static smtp_str long_words(void)
{
    static const char words[] = "It cannot be, it will not be, and it shall not be; "
                                "Let_nobody_say_that_it_was_not_said_in_words_that_are_long_enough "
                                "\xc3\xa4\xc3\xb6\xc3\xbc \xf0\x9f\x98\x80 and so on.\n\n"
                                "Ask the postmaster, who will tell you the same in other words.";

    return smtp_text(words);
}

/* The words of VRFY and EXPN are mailboxes. */
static int name_mailboxes(serving *s, uint32_t octet)
{
    static const struct {
        const char *words;
        int good;
    } names[] = {
        {"Ann <ann@x.example>\nbob@x.example", 1},
        {"Fine\nindeed", 0},
        {"<@a.example:ann@x.example>", 0},
        {"ann@x.example\n", 0},
    };
    size_t row = (octet >> 4) % (sizeof names / sizeof names[0]);
    int answer = smtp_server_reply(s->server, 250, 0, smtp_text(names[row].words));

    CHECK((answer == 250) == names[row].good);
    return answer;
}

/* The answer to an event: what is returned, and the account of it. */
static int decide(serving *s, int kind)
{
    static const int nonsense[] = {
        2, -1, 99, 334, 0x7fffffff, 199, SMTP_ERR_STORE, SMTP_ERR_STORE_FULL};
    uint32_t octet = next_answer(s);
    int answer = SMTP_ACCEPT;

    switch (octet & 15) {
    case 8:
        answer = 550;
        break;
    case 9:
        answer = 450;
        break;
    case 10:
        if (kind == KIND_NAMES)
            answer = name_mailboxes(s, octet);
        else
            answer = smtp_server_reply(s->server, own_codes[kind], 0, smtp_text("Fine\nindeed"));
        break;
    case 11:
        answer = smtp_server_reply(s->server, 554, SMTP_STATUS(5, 7, 1), long_words());
        break;
    case 12:
        return defer(s, kind, SMTP_ACCEPT, octet >> 7 != 0);
    case 13:
        return defer(s, kind, 451, octet >> 7 != 0);
    case 14:
        answer = nonsense[octet >> 5];
        break;
    case 15:
        answer = 421;
        break;
    default:
        break;
    }
    serving_outcome(s, kind, answer == SMTP_ACCEPT || answer / 100 == 2);
    return answer;
}

static int on_connect(smtp_server *server, const smtp_connect_event *event, void *user)
{
    serving *s = user;

    CHECK(server == s->server && !s->connected);
    s->connected = 1;
    if ((s->plan->config.flags & SMTP_SERVER_IMPLICIT_TLS) == 0)
        CHECK(event->early || s->now - s->start >= s->plan->config.greeting_delay);
    if (!begin(s, "connect", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %d", event->early);
    end_say(s);
    return decide(s, KIND_CONNECT);
}

static int on_hello(smtp_server *server, const smtp_hello_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "hello", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %d %d ", event->verb, event->early);
    say(s, "", event->host->text);
    end_say(s);
    CHECK(is_free_of_controls(event->host->text));
    return decide(s, KIND_HELLO);
}

static int on_starttls(smtp_server *server, const smtp_connect_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "starttls", event->ticket))
        return SMTP_ACCEPT;
    end_say(s);
    CHECK(!smtp_session_tls_active(s->session));
    return decide(s, KIND_STARTTLS);
}

/* A verdict is answered as the choices say; a password is given where it is asked for. */
static int on_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    serving *s = user;
    smtp_sasl_answer answer;
    int result;

    if (!begin(s, "auth", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %d %d ", event->question->mechanism, event->question->kind);
    say(s, "", event->question->authzid);
    say(s, ",", event->question->name);
    say(s, ",", event->question->password);
    end_say(s);
    CHECK(!s->open && smtp_server_identity(server).len == 0);
    result = decide(s, KIND_AUTH);
    if (result != SMTP_ACCEPT || event->question->kind == SMTP_SASL_ASK_VERDICT)
        return result;
    memset(&answer, 0, sizeof answer);
    answer.size = sizeof answer;
    answer.verdict = SMTP_SASL_ACCEPTED;
    answer.password = smtp_text("secret");
    return smtp_server_auth(server, event->ticket, &answer, s->now);
}

static uint32_t or_else(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

/* Somebody was let in, and what was said in the clear does not count inside of TLS. */
static void check_vouched(const serving *s)
{
    CHECK(s->vouched && s->vouched_in_tls == smtp_session_tls_active(s->session));
}

static int on_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "mail", event->ticket))
        return SMTP_ACCEPT;
    say(s, " ", event->path->text);
    text_say(&s->log, " %lx ", (unsigned long)event->params->present);
    say(s, "", event->params->text);
    end_say(s);
    CHECK(!s->open);
    CHECK(++s->mails_asked <= or_else(s->plan->config.transactions_max, 1000));
    CHECK(event->path->kind == SMTP_PATH_NULL || event->path->kind == SMTP_PATH_MAILBOX);
    if (s->plan->config.flags & SMTP_SERVER_REQUIRE_TLS)
        CHECK(smtp_session_tls_active(s->session));
    if (s->plan->config.flags & (SMTP_SERVER_REQUIRE_AUTH | SMTP_SERVER_SUBMISSION))
        check_vouched(s);
    s->current.from.len = 0;
    text_add(&s->current.from, event->path->mailbox.text);
    return decide(s, KIND_MAIL);
}

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "rcpt", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %lu ", (unsigned long)event->position);
    say(s, "", event->path->text);
    text_say(&s->log, " %lx", (unsigned long)event->params->present);
    end_say(s);
    CHECK(s->open && event->position == s->recipients);
    CHECK(++s->rcpts_asked <= or_else(s->plan->config.recipients_max, 1000));
    CHECK(event->path->kind == SMTP_PATH_MAILBOX || event->path->kind == SMTP_PATH_POSTMASTER);
    return decide(s, KIND_RCPT);
}

static int on_data(smtp_server *server, const smtp_data_event *event, void *user)
{
    serving *s = user;
    uint32_t octet;

    (void)server;
    if (!begin(s, "data", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %lu %d", (unsigned long)event->recipients, event->chunked);
    end_say(s);
    CHECK(s->open && !s->content && s->recipients > 0 && event->recipients == s->recipients);
    octet = next_answer(s);
    s->refuse_at = octet & 1 ? octet >> 2 : UINT64_MAX;
    s->body_defers = (octet & 2) != 0;
    return decide(s, KIND_DATA);
}

/* In the usual words, or in words that each recipient of LMTP gets. */
static int refuse_body(serving *s)
{
    int lmtp = (s->plan->config.flags & SMTP_SERVER_LMTP) != 0;

    s->refused = 1;
    if (s->refuse_at & 1)
        return 554;
    s->words_last = lmtp ? s->recipients : 1;
    s->words += s->words_last;
    CHECK(smtp_server_reply(s->server, 554, SMTP_STATUS(5, 7, 1), smtp_text(SERVING_REFUSAL)) ==
          554);
    return 554;
}

/* What is shown of a body that is going to be refused depends on the cut: only what comes before is
 * written down. */
static int on_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    serving *s = user;
    uint64_t room = s->refuse_at > s->taken ? s->refuse_at - s->taken : 0;
    size_t shown = event->chunk.len < room ? event->chunk.len : (size_t)room;

    (void)server;
    (void)begin(s, "body", event->ticket);
    CHECK(s->open && !s->refused && s->recipients > 0 && event->chunk.len > 0);
    CHECK(s->content || !s->asks_data);
    CHECK(event->offset == s->taken);
    s->taken += event->chunk.len;
    text_add(&s->body, part(event->chunk, 0, shown));
    text_add(&s->current.body, event->chunk);
    if (s->taken > s->refuse_at)
        return refuse_body(s);
    return s->body_defers ? defer(s, KIND_BODY, SMTP_ACCEPT, 0) : SMTP_ACCEPT;
}

/* What the session knows is enough for a Received field. */
static void check_received(const serving *s)
{
    char out[2048];
    size_t len;
    smtp_received received;

    memset(&received, 0, sizeof received);
    received.size = sizeof received;
    CHECK(smtp_server_received(s->server, &received) == SMTP_ERR_OK);
    CHECK(smtp_received_format(out, sizeof out, &len, &received) == SMTP_ERR_OK);
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "message", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %lu %lu %lu %lx", (unsigned long)event->octets,
             (unsigned long)event->recipients, (unsigned long)event->position,
             (unsigned long)event->found);
    end_say(s);
    CHECK(s->open && !s->refused && s->recipients > 0);
    CHECK(event->recipients == s->recipients && event->position == s->position);
    CHECK(s->content || !s->asks_data);
    CHECK(event->octets == s->taken || s->callbacks.body == NULL);
    check_received(s);
    return decide(s, KIND_MESSAGE);
}

static int on_burl(smtp_server *server, const smtp_burl_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (!begin(s, "burl", event->ticket))
        return SMTP_ACCEPT;
    text_say(&s->log, " %d %d ", event->first, event->last);
    say(s, "", event->url);
    end_say(s);
    CHECK(s->open && !s->refused && s->recipients > 0);
    CHECK(event->url.len > 0 && is_free_of_controls(event->url));
    CHECK(event->first == !s->content || !s->asks_data);
    return decide(s, KIND_BURL);
}

static int begin_command(serving *s, const smtp_command_event *event)
{
    if (!begin(s, "command", event->ticket))
        return 0;
    text_say(&s->log, " %d ", event->command->verb);
    say(s, "", event->command->argument);
    end_say(s);
    return 1;
}

static int on_command(smtp_server *server, const smtp_command_event *event, void *user)
{
    serving *s = user;

    (void)server;
    return begin_command(s, event) ? decide(s, KIND_COMMAND) : SMTP_ACCEPT;
}

static int on_names(smtp_server *server, const smtp_command_event *event, void *user)
{
    serving *s = user;

    (void)server;
    return begin_command(s, event) ? decide(s, KIND_NAMES) : SMTP_ACCEPT;
}

static int on_etrn(smtp_server *server, const smtp_command_event *event, void *user)
{
    const serving *s = user;

    CHECK((s->plan->config.flags & SMTP_SERVER_SUBMISSION) == 0);
    return on_command(server, event, user);
}

static int on_atrn(smtp_server *server, const smtp_command_event *event, void *user)
{
    serving *s = user;

    (void)server;
    CHECK((s->plan->config.flags & SMTP_SERVER_SUBMISSION) == 0);
    CHECK(!s->open);
    check_vouched(s);
    return begin_command(s, event) ? decide(s, KIND_ATRN) : SMTP_ACCEPT;
}

/* Also while the answer to `message` or `body` is due. */
static void on_reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    serving *s = user;

    (void)server;
    if (s->due != 0)
        CHECK(event->reason >= SMTP_RESET_REFUSED);
    s->due = 0;
    if (!begin(s, "reset", 0))
        return;
    text_say(&s->log, " %d %s", event->reason, smtp_error_name(event->error));
    end_say(s);
    CHECK(s->open);
    if (s->accepted > 0)
        store(s); /* LMTP: some have it */
    s->open = 0;
    s->content = 0;
}

static void on_close(smtp_server *server, const smtp_close_event *event, void *user)
{
    serving *s = user;

    (void)server;
    s->due = 0;
    if (!begin(s, "close", 0))
        return;
    text_say(&s->log, " %s", smtp_error_name(event->error));
    end_say(s);
    CHECK(!s->open && (!s->turned || event->error == SMTP_ERR_OK));
    s->closed++;
}

/* The store is what the callbacks are: the adapter stands between. */
static int store_begin(void *io, const smtp_mail_event *event)
{
    serving *s = io;

    return on_mail(s->server, event, s);
}

static int store_recipient(void *io, const smtp_rcpt_event *event)
{
    serving *s = io;

    return on_rcpt(s->server, event, s);
}

static int store_open(void *io, const smtp_data_event *event)
{
    serving *s = io;

    return on_data(s->server, event, s);
}

static int store_write(void *io, const smtp_body_event *event)
{
    serving *s = io;

    return on_body(s->server, event, s);
}

static int store_commit(void *io, const smtp_message_event *event)
{
    serving *s = io;

    return on_message(s->server, event, s);
}

static void store_abort(void *io, const smtp_reset_event *event)
{
    serving *s = io;

    on_reset(s->server, event, s);
}

static void set_store(serving *s)
{
    smtp_store store = {
        sizeof store, store_begin,  store_recipient, store_open,
        store_write,  store_commit, store_abort,
    };

    if (!s->asks_data)
        store.open = NULL;
    s->store = store;
    s->adapter.store = &s->store;
    s->adapter.io = s;
    CHECK(smtp_store_callbacks(&s->callbacks) == SMTP_ERR_OK);
}

/* Those that may be missing. */
static void leave_out(smtp_server_callbacks *from, uint32_t absent)
{
    if (absent & 1)
        from->connect = NULL;
    if (absent & 2)
        from->hello = NULL;
    if (absent & 4)
        from->starttls = NULL;
    if (absent & 8)
        from->data = NULL;
    if (absent & 16)
        from->body = NULL;
    if (absent & 32)
        from->message = NULL;
    if (absent & 64)
        from->vrfy = from->expn = NULL;
    if (absent & 128)
        from->help = from->noop = NULL;
    if (absent & 256)
        from->etrn = from->atrn = NULL;
    if (absent & 512)
        from->command = NULL;
    if (absent & 1024)
        from->auth = NULL;
    if (absent & 2048)
        from->burl = NULL;
}

void serving_set_callbacks(serving *s)
{
    smtp_server_callbacks *all = &s->callbacks;

    memset(all, 0, sizeof *all);
    all->size = sizeof *all;
    all->connect = on_connect;
    all->hello = on_hello;
    all->starttls = on_starttls;
    all->auth = on_auth;
    all->mail = on_mail;
    all->rcpt = on_rcpt;
    all->data = on_data;
    all->body = on_body;
    all->burl = on_burl;
    all->message = on_message;
    all->vrfy = all->expn = on_names;
    all->help = all->noop = all->command = on_command;
    all->etrn = on_etrn;
    all->atrn = on_atrn;
    all->reset = on_reset;
    all->close = on_close;
    leave_out(all, s->plan->absent);
    s->asks_data = all->data != NULL;
    if (s->plan->through_store)
        set_store(s);
}
