/* SPDX-License-Identifier: MIT
 * The order of commands: in which states a verb is in sequence, and what runs it (RFC 5321 4.1.4).
 */
#include <string.h>

#include "server/server.h"

#define IN(state) (1u << SMTP__##state)
#define SETTLED (IN(READY) | IN(MAIL) | IN(RCPT) | IN(BDAT))
#define ANY (IN(START) | SETTLED)

/* What is allowed before what the configuration requires. */
enum {
    BEFORE_TLS = 1 << 0, /* RFC 3207 4 */
    BEFORE_AUTH = 1 << 1 /* RFC 4954 6 */
};

static void run_rset(smtp_server *server, const smtp_command *command);
static void run_quit(smtp_server *server, const smtp_command *command);
static void run_noop(smtp_server *server, const smtp_command *command);
static void run_vrfy(smtp_server *server, const smtp_command *command);
static void run_expn(smtp_server *server, const smtp_command *command);
static void run_help(smtp_server *server, const smtp_command *command);
static void run_etrn(smtp_server *server, const smtp_command *command);
static void run_atrn(smtp_server *server, const smtp_command *command);
static void run_custom(smtp_server *server, const smtp_command *command);

static const struct rule {
    uint32_t states;    /* in which it is in sequence */
    uint32_t extension; /* that must be offered, 0: none */
    uint8_t before;     /* BEFORE_ */
    void (*run)(smtp_server *server, const smtp_command *command); /* NULL: 502 */
} rules[] = {
    [SMTP_VERB_UNKNOWN] = {0, 0, 0, NULL},
    [SMTP_VERB_HELO] = {ANY, 0, BEFORE_AUTH, smtp__server_run_hello},
    [SMTP_VERB_EHLO] = {ANY, 0, BEFORE_TLS | BEFORE_AUTH, smtp__server_run_hello},
    [SMTP_VERB_LHLO] = {ANY, 0, BEFORE_TLS | BEFORE_AUTH, smtp__server_run_hello},
    [SMTP_VERB_MAIL] = {IN(READY), 0, 0, smtp__server_run_mail},
    [SMTP_VERB_RCPT] = {IN(MAIL) | IN(RCPT), 0, 0, smtp__server_run_rcpt},
    [SMTP_VERB_DATA] = {IN(MAIL) | IN(RCPT), 0, 0, smtp__server_run_data},
    [SMTP_VERB_BDAT] = {IN(MAIL) | IN(RCPT) | IN(BDAT), SMTP_EXT_CHUNKING, 0,
                        smtp__server_run_bdat},
    [SMTP_VERB_BURL] = {IN(MAIL) | IN(RCPT) | IN(BDAT), SMTP_EXT_BURL, 0, smtp__server_run_burl},
    [SMTP_VERB_RSET] = {ANY, 0, BEFORE_AUTH, run_rset},
    [SMTP_VERB_VRFY] = {ANY, 0, 0, run_vrfy}, /* always there (RFC 5321 4.5.1) */
    [SMTP_VERB_EXPN] = {ANY, SMTP_EXT_EXPN, 0, run_expn},
    [SMTP_VERB_HELP] = {ANY, SMTP_EXT_HELP, 0, run_help},
    [SMTP_VERB_NOOP] = {ANY, 0, BEFORE_TLS | BEFORE_AUTH, run_noop},
    [SMTP_VERB_QUIT] = {ANY | IN(GREETING) | IN(REFUSING) | IN(INADEQUATE), 0,
                        BEFORE_TLS | BEFORE_AUTH, run_quit},
    [SMTP_VERB_STARTTLS] = {IN(READY), 0, BEFORE_TLS | BEFORE_AUTH, smtp__server_run_starttls},
    [SMTP_VERB_AUTH] = {IN(READY), 0, BEFORE_AUTH, smtp__server_run_auth},
    [SMTP_VERB_ETRN] = {IN(READY), SMTP_EXT_ETRN, 0, run_etrn},
    [SMTP_VERB_ATRN] = {IN(READY), SMTP_EXT_ATRN, 0, run_atrn},
    [SMTP_VERB_TURN] = {0, 0, 0, NULL},
    [SMTP_VERB_SEND] = {0, 0, 0, NULL},
    [SMTP_VERB_SOML] = {0, 0, 0, NULL},
    [SMTP_VERB_SAML] = {0, 0, 0, NULL},
};

static const struct rule custom_rule = {ANY, 0, 0, run_custom};

static void run_rset(smtp_server *server, const smtp_command *command)
{
    (void)command;
    smtp__server_reset(server, SMTP_RESET_RSET, SMTP_ERR_OK);
    if (server->session.stage == SMTP__RUNNING)
        smtp__server_reply(server, 250, 0, SMTP__NO_STR);
}

static void run_quit(smtp_server *server, const smtp_command *command)
{
    (void)command;
    smtp__server_reset(server, SMTP_RESET_QUIT, SMTP_ERR_OK);
    if (server->session.stage != SMTP__RUNNING)
        return;
    smtp__server_reply(server, 221, 0, SMTP__NO_STR);
    smtp__session_end(&server->session, SMTP_ERR_OK);
}

/* Asks a callback about a command; without one the answer is `otherwise`. */
static void ask_command(smtp_server *server, int op, const smtp_command *command,
                        int (*callback)(smtp_server *, const smtp_command_event *, void *),
                        int otherwise)
{
    smtp_command_event event;
    int answer = otherwise;

    event.ticket = smtp__server_ask(server, op);
    event.command = command;
    if (callback != NULL)
        answer = callback(server, &event, server->user);
    smtp__server_answered(server, answer);
}

static void run_noop(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->noop, SMTP_ACCEPT);
}

static void run_vrfy(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->vrfy, 252);
}

static void run_expn(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->expn, 502);
}

static void run_etrn(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->etrn, 502);
}

static void run_atrn(smtp_server *server, const smtp_command *command)
{
    if (server->authenticated)
        ask_command(server, SMTP__OP_ATRN, command, server->callbacks->atrn, 502);
    else
        smtp__server_refuse(server, SMTP_ERR_AUTH_UNAVAILABLE, 0); /* RFC 2645 5.2.1 */
}

static void run_help(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->help, SMTP_ACCEPT);
}

static void run_custom(smtp_server *server, const smtp_command *command)
{
    ask_command(server, SMTP__OP_COMMAND, command, server->callbacks->command, 502);
}

/* SMTP has EHLO and HELO, LMTP has LHLO, and neither knows the other's (RFC 2033 4.1). */
static int is_foreign(const smtp_server *server, int verb)
{
    if (server->flags & SMTP_SERVER_LMTP)
        return verb == SMTP_VERB_EHLO || verb == SMTP_VERB_HELO;
    return verb == SMTP_VERB_LHLO;
}

static const struct rule *rule_of(int verb)
{
    if (verb >= SMTP_VERB_CUSTOM)
        return &custom_rule;
    return &rules[(size_t)verb < sizeof rules / sizeof rules[0] ? verb : SMTP_VERB_UNKNOWN];
}

void smtp__server_done_atrn(smtp_server *server, int code)
{
    smtp__server_done_command(server, code);
    if (code == 250)
        smtp__session_turn(&server->session); /* RFC 2645 5.3 */
}

/* What is wrong with a command before it is run; `error` is what the grammar said. */
static int judge(const smtp_server *server, const struct rule *rule, const smtp_command *command,
                 int error)
{
    if (server->state == SMTP__REFUSING && command->verb != SMTP_VERB_QUIT)
        return SMTP_ERR_STATE;
    if (server->state == SMTP__INADEQUATE && command->verb != SMTP_VERB_QUIT)
        return SMTP_ERR_TLS_INADEQUATE;
    if (command->verb == SMTP_VERB_UNKNOWN)
        return error;
    if ((server->flags & SMTP_SERVER_REQUIRE_TLS) && server->session.tls != SMTP__TLS_ON &&
        (rule->before & BEFORE_TLS) == 0)
        return SMTP_ERR_TLS_REQUIRED;
    if (rule->run == NULL || (rule->extension & ~server->offer) != 0)
        return SMTP_ERR_UNSUPPORTED;
    if ((server->flags & SMTP_SERVER_REQUIRE_AUTH) && !server->authenticated &&
        (rule->before & BEFORE_AUTH) == 0)
        return SMTP_ERR_AUTH_UNAVAILABLE;
    if ((rule->states & (1u << server->state)) == 0)
        return SMTP_ERR_STATE;
    return error;
}

static void syntax_of(const smtp_server *server, smtp_syntax *syntax)
{
    syntax->size = sizeof *syntax;
    syntax->flags = server->utf8 ? SMTP_SYNTAX_UTF8 : 0;
    if (server->hello_verb == SMTP_VERB_HELO)
        syntax->flags |= SMTP_SYNTAX_NO_PARAMETERS;
    syntax->tolerate = server->tolerate;
    syntax->extensions = smtp__server_offered(server);
    syntax->reserved = 0;
    syntax->params = server->extras->params;
    syntax->param_count = server->extras->param_count;
    syntax->verbs = server->extras->verbs;
    syntax->verb_count = server->extras->verb_count;
}

/* What goes on behind a refused MAIL or chunk is no fault of the client (RFC 2920 3.1). */
static uint8_t is_consequence(const smtp_server *server, int verb)
{
    return server->group_refused && (verb == SMTP_VERB_RCPT || verb == SMTP_VERB_DATA ||
                                     verb == SMTP_VERB_BDAT || verb == SMTP_VERB_BURL);
}

static int is_out_of_order(int error)
{
    return error == SMTP_ERR_STATE || error == SMTP_ERR_AUTH_UNAVAILABLE ||
           error == SMTP_ERR_TLS_REQUIRED;
}

/* A browser that was made to talk to us: what follows is another's words, with our client's rights.
 */
static int is_http(smtp_str line)
{
    static const char mark[] = " HTTP/1.";
    size_t len = sizeof mark - 1;

    return line.len > len && memcmp(line.ptr + line.len - len - 1, mark, len) == 0;
}

SMTP__RARE static void end_stranger(smtp_server *server)
{
    smtp__server_shut(server, SMTP_ERR_NOT_SMTP, SMTP_STATUS(4, 7, 0),
                      smtp_text(smtp_error_text(SMTP_ERR_NOT_SMTP)));
}

/* Refuses a command that is malformed or out of sequence. */
SMTP__RARE static void refuse_command(smtp_server *server, const smtp_command *command,
                                      smtp_str line, int error, size_t column)
{
    if (command->verb == SMTP_VERB_UNKNOWN && is_http(line)) {
        end_stranger(server);
        return;
    }
    if (command->verb == SMTP_VERB_MAIL)
        server->group_refused = 1;
    if (command->verb == SMTP_VERB_BDAT)
        smtp__server_bad_bdat(server, command, error, column);
    else if (command->verb != SMTP_VERB_MAIL && server->group_refused && is_out_of_order(error))
        smtp__server_tell(server, error, column);
    else
        smtp__server_refuse(server, error, column);
}

void smtp__server_line(smtp_session *session, smtp_str line)
{
    smtp_server *server = (smtp_server *)session;
    const struct rule *rule;
    smtp_command command;
    smtp_syntax syntax;
    size_t column = 0;
    int error;

    session->commands++;
    if (server->auth != NULL && server->auth->sasl != NULL) {
        smtp__server_auth_line(server, line);
        if (session->stage == SMTP__RUNNING && !session->waiting)
            smtp__session_wait(session, server->command_timeout);
        return;
    }
    syntax_of(server, &syntax);
    error = smtp_command_parse(&command, line, &syntax, &column);
    if (is_foreign(server, command.verb)) {
        command.verb = SMTP_VERB_UNKNOWN;
        error = SMTP_ERR_VERB;
    }
    server->verb = (int8_t)(command.verb > INT8_MAX ? INT8_MAX : command.verb);
    server->utf8_command = (command.flags & SMTP_COMMAND_SMTPUTF8) != 0;
    rule = rule_of(command.verb);
    error = judge(server, rule, &command, error);
    if (++server->commands > server->commands_max) {
        smtp__server_shut(server, SMTP_ERR_TOO_MANY_COMMANDS, SMTP_STATUS(4, 7, 0),
                          smtp_text(smtp_error_text(SMTP_ERR_TOO_MANY_COMMANDS)));
        return;
    }
    server->group_refused = is_consequence(server, command.verb);
    if (error != SMTP_ERR_OK)
        refuse_command(server, &command, line, error, column);
    else
        rule->run(server, &command);
    if (session->stage == SMTP__RUNNING && !session->waiting)
        smtp__session_wait(session,
                           session->octets ? server->data_timeout : server->command_timeout);
}

void smtp__server_bad_line(smtp_session *session, int error)
{
    smtp_server *server = (smtp_server *)session;
    smtp_str head = {session->line.head, sizeof session->line.head};
    int in_auth = server->auth != NULL && server->auth->sasl != NULL;
    int was_bdat = !in_auth && smtp_verb_find(head) == SMTP_VERB_BDAT;

    session->commands++;
    server->verb = SMTP_VERB_UNKNOWN;
    if (error == SMTP_ERR_NOT_SMTP) {
        end_stranger(server);
        return;
    }
    if (in_auth)
        smtp__server_bad_auth_line(server, error);
    else
        smtp__server_refuse(server, error, 0);
    /* How many octets follow a BDAT that could not be read is not known: none of them may be taken
     * for a command. */
    if (was_bdat)
        smtp__session_end(session, SMTP_ERR_FRAMING_LOST);
    else if (session->stage == SMTP__RUNNING)
        smtp__session_wait(session, server->command_timeout);
}
