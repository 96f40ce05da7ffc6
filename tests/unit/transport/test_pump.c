/* SPDX-License-Identifier: MIT
 * The pump over a connection that is made up: partial writes, waiting, failures, TLS. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "smtp/client.h"
#include "smtp/transport.h"

enum { FAIL_NEVER = 1000000 };

/* What the peer says, in pieces; what was sent; and how often the connection makes us wait. */
struct wire {
    const char *input;
    size_t input_len;
    size_t input_at;
    size_t piece;   /* octets of input a call, 0: all */
    size_t accepts; /* octets of output a call, 0: all */
    int again;      /* every second call says AGAIN */
    int calls;
    int fail_at;       /* this call fails */
    int end_of_stream; /* after the input: EOF, not AGAIN */
    int stuck;         /* the peer takes nothing */
    int tls_again;     /* how often the handshake waits */
    int tls_result;
    int closed;
    int handshakes;
    smtp_time clock;
    smtp_time tick; /* how far the clock goes in a call of receive */
    char sent[4096];
    size_t sent_len;
};

static int stops(struct wire *wire, ptrdiff_t *result)
{
    wire->calls++;
    if (wire->calls >= wire->fail_at) {
        *result = SMTP_TRANSPORT_ERROR;
        return 1;
    }
    if (wire->again && wire->calls % 2 == 1) {
        *result = SMTP_TRANSPORT_AGAIN;
        return 1;
    }
    return 0;
}

static ptrdiff_t wire_receive(void *io, void *buffer, size_t len)
{
    struct wire *wire = io;
    size_t left = wire->input_len - wire->input_at;
    ptrdiff_t result = 0;

    wire->clock += wire->tick;
    if (stops(wire, &result))
        return result;
    if (left == 0)
        return wire->end_of_stream ? SMTP_TRANSPORT_EOF : SMTP_TRANSPORT_AGAIN;
    if (wire->piece != 0 && left > wire->piece)
        left = wire->piece;
    if (left > len)
        left = len;
    memcpy(buffer, wire->input + wire->input_at, left);
    wire->input_at += left;
    return (ptrdiff_t)left;
}

static ptrdiff_t wire_send(void *io, const smtp_str *slices, size_t n)
{
    struct wire *wire = io;
    size_t most = wire->accepts != 0 ? wire->accepts : sizeof wire->sent;
    size_t done = 0;
    size_t i;
    ptrdiff_t result = 0;

    assert_true(n > 0);
    if (wire->stuck)
        return SMTP_TRANSPORT_AGAIN;
    if (stops(wire, &result))
        return result;
    for (i = 0; i < n && done < most; i++) {
        size_t len = slices[i].len < most - done ? slices[i].len : most - done;
        assert_true(wire->sent_len + len < sizeof wire->sent);
        memcpy(wire->sent + wire->sent_len, slices[i].ptr, len);
        wire->sent_len += len;
        done += len;
    }
    return (ptrdiff_t)done;
}

static int wire_start_tls(void *io, smtp_tls_info *info)
{
    struct wire *wire = io;

    wire->handshakes++;
    if (wire->tls_again-- > 0)
        return wire->tls_again % 2 == 0 ? SMTP_TRANSPORT_AGAIN : SMTP_TRANSPORT_AGAIN_WRITE;
    assert_int_equal(info->size, sizeof *info);
    info->version = smtp_text("TLS1.3");
    return wire->tls_result;
}

static smtp_time wire_now(void *io)
{
    struct wire *wire = io;

    return wire->clock;
}

static void wire_close(void *io)
{
    struct wire *wire = io;

    wire->closed++;
}

static const smtp_transport transport = {sizeof transport, wire_receive, wire_send,
                                         wire_start_tls,   wire_now,     wire_close};

/* The callbacks of a server that takes all, and counts. */
struct seen {
    int messages;
    int closes;
    int close_error;
    int defer;
    uint64_t ticket;
};

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    struct seen *seen = user;

    (void)server;
    seen->ticket = event->ticket;
    return seen->defer ? SMTP_DEFER : SMTP_ACCEPT;
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    struct seen *seen = user;

    (void)server;
    (void)event;
    seen->messages++;
    return SMTP_ACCEPT;
}

static void on_close(smtp_server *server, const smtp_close_event *event, void *user)
{
    struct seen *seen = user;

    (void)server;
    seen->closes++;
    seen->close_error = event->error;
}

static const smtp_server_callbacks callbacks = {
    .size = sizeof callbacks, .rcpt = on_rcpt, .message = on_message, .close = on_close};

static smtp_server *new_server(struct seen *seen, uint32_t offer, uint32_t flags)
{
    smtp_server_config config = {.size = sizeof config};
    smtp_server *server = NULL;

    memset(seen, 0, sizeof *seen);
    config.hostname = smtp_text("mx.example");
    config.offer = offer;
    config.flags = flags;
    assert_int_equal(smtp_server_new(&server, &config, &callbacks, seen, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_session_start(smtp_server_session(server), 0), SMTP_ERR_OK);
    return server;
}

static const char conversation[] = "EHLO client.example\r\n"
                                   "MAIL FROM:<a@client.example>\r\n"
                                   "RCPT TO:<b@mx.example>\r\n"
                                   "DATA\r\n"
                                   "Subject: x\r\n\r\n..\r\n.\r\n"
                                   "QUIT\r\n";

static struct wire wire_of(const char *input)
{
    struct wire wire;

    memset(&wire, 0, sizeof wire);
    wire.input = input;
    wire.input_len = strlen(input);
    wire.fail_at = FAIL_NEVER;
    return wire;
}

/* Pumps until the session is done; more calls than octets would mean that it hangs. */
static int pump_all(smtp_server *server, struct wire *wire, smtp_pump_state *state,
                    size_t buffer_len)
{
    char buffer[4096];
    int result = SMTP_PUMP_READ;
    int i;

    assert_true(buffer_len <= sizeof buffer);
    for (i = 0; i < 20000 && result != SMTP_PUMP_DONE && result != SMTP_PUMP_WAIT; i++)
        result =
            smtp_pump(smtp_server_session(server), &transport, wire, state, buffer, buffer_len);
    return result;
}

static void test_same_words_however_the_wire_behaves(void **unused)
{
    char expected[4096];
    size_t expected_len = 0;
    size_t piece;
    int again;

    (void)unused;
    for (piece = 0; piece <= 7; piece++) {
        for (again = 0; again <= 1; again++) {
            struct wire wire = wire_of(conversation);
            smtp_pump_state state = {0};
            struct seen seen;
            smtp_server *server = new_server(&seen, 0, 0);

            wire.piece = piece;
            wire.accepts = piece;
            wire.again = again;
            assert_int_equal(pump_all(server, &wire, &state, 1 + piece * 100), SMTP_PUMP_DONE);
            assert_int_equal(seen.messages, 1);
            assert_int_equal(seen.closes, 1);
            assert_int_equal(seen.close_error, SMTP_ERR_OK);
            assert_int_equal(wire.closed, 1);
            if (expected_len == 0) {
                memcpy(expected, wire.sent, wire.sent_len);
                expected_len = wire.sent_len;
            }
            assert_int_equal(wire.sent_len, expected_len);
            assert_memory_equal(wire.sent, expected, expected_len);
            smtp_server_del(server);
        }
    }
}

static void test_done_stays_done(void **unused)
{
    struct wire wire = wire_of("QUIT\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);

    (void)unused;
    assert_int_equal(pump_all(server, &wire, &state, 100), SMTP_PUMP_DONE);
    assert_int_equal(pump_all(server, &wire, &state, 100), SMTP_PUMP_DONE);
    assert_int_equal(wire.closed, 1);
    smtp_server_del(server);
}

static void test_every_call_failing_once(void **unused)
{
    int at;

    (void)unused;
    for (at = 1; at < 30; at++) {
        struct wire wire = wire_of(conversation);
        smtp_pump_state state = {0};
        struct seen seen;
        smtp_server *server = new_server(&seen, 0, 0);

        wire.piece = 16;
        wire.fail_at = at;
        assert_int_equal(pump_all(server, &wire, &state, 64), SMTP_PUMP_DONE);
        assert_int_equal(seen.closes, 1);
        assert_int_equal(wire.closed, 1);
        assert_true(seen.close_error == SMTP_ERR_EOF || seen.close_error == SMTP_ERR_OK);
        smtp_server_del(server);
    }
}

static void test_end_of_stream_is_the_end(void **unused)
{
    struct wire wire = wire_of("EHLO client.example\r\nMAIL FROM:<a@client.example>\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);

    (void)unused;
    wire.end_of_stream = 1;
    assert_int_equal(pump_all(server, &wire, &state, 100), SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_EOF);
    smtp_server_del(server);
}

static void test_deferred_answer_keeps_input(void **unused)
{
    struct wire wire = wire_of(conversation);
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);
    char buffer[512];
    int result;

    (void)unused;
    seen.defer = 1;
    result =
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer);
    assert_int_equal(result, SMTP_PUMP_WAIT);
    assert_true(state.start < state.end);
    assert_int_equal(smtp_server_answer(server, seen.ticket, SMTP_ACCEPT, 0, smtp_text(NULL), 0),
                     SMTP_ERR_OK);
    result =
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer);
    assert_int_equal(result, SMTP_PUMP_DONE);
    assert_int_equal(seen.messages, 1);
    assert_int_equal(state.start, state.end);
    smtp_server_del(server);
}

/* Shows: R3207-4.2-1 */
static void test_handshake(void **unused)
{
    struct wire wire = wire_of("EHLO client.example\r\nSTARTTLS\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, SMTP_EXT_STARTTLS, 0);
    char buffer[512];

    (void)unused;
    wire.tls_again = 2;
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_WRITE);
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_READ);
    assert_int_equal(wire.handshakes, 2);
    assert_false(smtp_session_tls_active(smtp_server_session(server)));
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_READ);
    assert_true(smtp_session_tls_active(smtp_server_session(server)));
    smtp_server_del(server);
}

static void test_handshake_that_fails(void **unused)
{
    struct wire wire = wire_of("EHLO client.example\r\nSTARTTLS\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, SMTP_EXT_STARTTLS, 0);

    (void)unused;
    wire.tls_result = SMTP_TRANSPORT_ERROR;
    assert_int_equal(pump_all(server, &wire, &state, 512), SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_TLS_FAILED);
    smtp_server_del(server);
}

static void test_clear_text_behind_the_switch(void **unused)
{
    struct wire wire = wire_of("EHLO client.example\r\nSTARTTLS\r\nNOOP\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, SMTP_EXT_STARTTLS, 0);

    (void)unused;
    assert_int_equal(pump_all(server, &wire, &state, 512), SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_INPUT_BEFORE_TLS);
    assert_int_equal(wire.handshakes, 0);
    smtp_server_del(server);
}

static void test_tls_without_a_function(void **unused)
{
    struct wire wire = wire_of("");
    smtp_transport without = transport;
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, SMTP_SERVER_IMPLICIT_TLS);
    char buffer[64];

    (void)unused;
    without.start_tls = NULL;
    without.close = NULL;
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &without, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_TLS_FAILED);
    assert_int_equal(wire.closed, 0);
    smtp_server_del(server);
}

static int on_auth(smtp_server *server, const smtp_auth_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

static int on_atrn(smtp_server *server, const smtp_command_event *event, void *user)
{
    (void)server;
    (void)event;
    (void)user;
    return SMTP_ACCEPT;
}

/* The session ends with the 250, the connection stays, and a client goes on with it. */
/* Shows: R2645-5.3-1 R2645-5.3-2 */
static void test_turn(void **unused)
{
    struct wire wire = wire_of("EHLO c.example\r\nAUTH PLAIN AGFubgB0ZWE=\r\nATRN\r\n");
    smtp_server_config config = {.size = sizeof config};
    smtp_client_config asker = {.size = sizeof asker};
    smtp_server_callbacks turning = callbacks;
    smtp_pump_state state = {0};
    struct seen seen = {0};
    smtp_server *server = NULL;
    smtp_client *client = NULL;
    char buffer[512];

    (void)unused;
    turning.auth = on_auth;
    turning.atrn = on_atrn;
    config.flags = SMTP_SERVER_AUTH_WITHOUT_TLS;
    config.sasl = smtp_sasl_suite_all();
    assert_int_equal(smtp_server_new(&server, &config, &turning, &seen, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_session_start(smtp_server_session(server), 0), SMTP_ERR_OK);
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_TURN);
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_TURN);
    assert_int_equal(seen.closes, 1);
    assert_int_equal(seen.close_error, SMTP_ERR_OK);
    assert_int_equal(wire.closed, 0);
    smtp_server_del(server);

    wire.sent_len = 0;
    wire.input = "220 c.example\r\n";
    wire.input_len = strlen(wire.input);
    wire.input_at = 0;
    asker.tls = SMTP_TLS_NONE;
    asker.hostname = smtp_text("mx.example");
    assert_int_equal(smtp_client_new(&client, &asker, NULL, NULL, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_session_start(smtp_client_session(client), 0), SMTP_ERR_OK);
    assert_int_equal(
        smtp_pump(smtp_client_session(client), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_READ);
    assert_memory_equal(wire.sent, "EHLO mx.example\r\n", 17);
    smtp_client_del(client);
}

/* What stands in the clear behind ATRN is not given to a client that begins with TLS: it ends. */
static void test_turn_to_tls_with_input_left(void **unused)
{
    struct wire wire = wire_of("EHLO c.example\r\nAUTH PLAIN AGFubgB0ZWE=\r\nATRN\r\n220 c\r\n");
    smtp_server_config config = {.size = sizeof config};
    smtp_client_config asker = {.size = sizeof asker};
    smtp_server_callbacks turning = callbacks;
    smtp_pump_state state = {0};
    struct seen seen = {0};
    smtp_server *server = NULL;
    smtp_client *client = NULL;
    char buffer[512];

    (void)unused;
    turning.auth = on_auth;
    turning.atrn = on_atrn;
    config.flags = SMTP_SERVER_AUTH_WITHOUT_TLS;
    config.sasl = smtp_sasl_suite_all();
    assert_int_equal(smtp_server_new(&server, &config, &turning, &seen, NULL), SMTP_ERR_OK);
    (void)smtp_session_start(smtp_server_session(server), 0);
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_TURN);
    smtp_server_del(server);
    assert_int_equal(state.end - state.start, 7);

    asker.tls = SMTP_TLS_IMPLICIT;
    asker.hostname = smtp_text("mx.example");
    assert_int_equal(smtp_client_new(&client, &asker, NULL, NULL, NULL), SMTP_ERR_OK);
    (void)smtp_session_start(smtp_client_session(client), 0);
    assert_int_equal(
        smtp_pump(smtp_client_session(client), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_DONE);
    assert_int_equal(smtp_session_error(smtp_client_session(client), NULL),
                     SMTP_ERR_INPUT_BEFORE_TLS);
    assert_int_equal(wire.handshakes, 0);
    assert_int_equal(wire.closed, 1);
    smtp_client_del(client);
}

/* When the 250 cannot go there is nothing to turn to. */
static void test_turn_that_is_lost(void **unused)
{
    int gone;

    (void)unused;
    for (gone = 0; gone < 2; gone++) {
        static const char input[] = "EHLO c.example\r\nAUTH PLAIN AGFubgB0ZWE=\r\nATRN\r\n";
        smtp_server_config config = {.size = sizeof config};
        smtp_server_callbacks turning = callbacks;
        struct seen seen = {0};
        smtp_server *server = NULL;
        smtp_session *session;
        size_t used = 0;

        turning.auth = on_auth;
        turning.atrn = on_atrn;
        config.flags = SMTP_SERVER_AUTH_WITHOUT_TLS;
        config.sasl = smtp_sasl_suite_all();
        assert_int_equal(smtp_server_new(&server, &config, &turning, &seen, NULL), SMTP_ERR_OK);
        session = smtp_server_session(server);
        (void)smtp_session_start(session, 0);
        (void)smtp_session_receive(session, input, sizeof input - 1, 0, &used);
        assert_int_equal(smtp_session_wants(session), SMTP_WANTS_WRITE | SMTP_WANTS_TURN);
        if (gone)
            (void)smtp_session_eof(session, 0);
        else
            (void)smtp_session_expire(session, smtp_session_deadline(session));
        assert_int_equal(smtp_session_wants(session), SMTP_WANTS_CLOSE);
        smtp_server_del(server);
    }
}

static void test_deadline(void **unused)
{
    struct wire wire = wire_of("EHLO client.example\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);
    char buffer[512];

    (void)unused;
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_READ);
    wire.clock = smtp_session_deadline(smtp_server_session(server));
    assert_int_equal(pump_all(server, &wire, &state, 512), SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_TIMEOUT);
    smtp_server_del(server);
}

/* A connection that never makes us wait, and brings an octet a minute: the deadline of a command
 * passes in the middle of it, and the pump sees it without being called again. */
static void test_deadline_on_a_slow_blocking_connection(void **unused)
{
    struct wire wire = wire_of("NOOP a line that takes its time\r\nQUIT\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);
    char buffer[512];

    (void)unused;
    wire.piece = 1;
    wire.tick = 60000;
    assert_int_equal(
        smtp_pump(smtp_server_session(server), &transport, &wire, &state, buffer, sizeof buffer),
        SMTP_PUMP_DONE);
    assert_int_equal(seen.close_error, SMTP_ERR_TIMEOUT);
    assert_true(wire.input_at < 10);
    assert_int_equal(wire.closed, 1);
    smtp_server_del(server);
}

/* A client that does not read while it writes must be read all the same (RFC 2920 3.1). */
static void test_reads_while_it_cannot_write(void **unused)
{
    struct wire wire = wire_of("NOOP\r\nNOOP\r\nQUIT\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);

    (void)unused;
    wire.again = 1;
    wire.accepts = 1;
    assert_int_equal(pump_all(server, &wire, &state, 512), SMTP_PUMP_DONE);
    assert_int_equal(wire.input_at, wire.input_len);
    smtp_server_del(server);
}

/* A session that has ended is not closed before its last words have gone, or the drain is over. */
static void test_last_words_that_cannot_go(void **unused)
{
    struct wire wire = wire_of("QUIT\r\n");
    smtp_pump_state state = {0};
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);
    smtp_session *session = smtp_server_session(server);
    char buffer[64];

    (void)unused;
    assert_int_equal(smtp_pump(session, &transport, &wire, &state, buffer, 1), SMTP_PUMP_DONE);
    assert_memory_equal(wire.sent + wire.sent_len - 2, "\r\n", 2);
    smtp_server_del(server);

    wire = wire_of("QUIT\r\n");
    wire.stuck = 1;
    memset(&state, 0, sizeof state);
    server = new_server(&seen, 0, 0);
    session = smtp_server_session(server);
    while (seen.closes == 0)
        assert_int_equal(smtp_pump(session, &transport, &wire, &state, buffer, sizeof buffer),
                         SMTP_PUMP_WRITE);
    assert_int_equal(smtp_pump(session, &transport, &wire, &state, buffer, sizeof buffer),
                     SMTP_PUMP_WRITE);
    assert_int_equal(wire.closed, 0);
    wire.clock = smtp_session_deadline(session);
    assert_int_equal(smtp_pump(session, &transport, &wire, &state, buffer, sizeof buffer),
                     SMTP_PUMP_DONE);
    assert_int_equal(wire.closed, 1);
    assert_int_equal(wire.sent_len, 0);
    smtp_server_del(server);
}

/* A callback that pumps its own session. */
struct pumping {
    struct wire wire;
    smtp_pump_state state;
    smtp_server *server;
    char buffer[64];
    int result;
};

static int on_noop_pump(smtp_server *server, const smtp_command_event *event, void *user)
{
    struct pumping *pumping = user;

    (void)event;
    pumping->result = smtp_pump(smtp_server_session(server), &transport, &pumping->wire,
                                &pumping->state, pumping->buffer, sizeof pumping->buffer);
    return SMTP_ACCEPT;
}

static void test_inside_a_callback(void **unused)
{
    static const smtp_server_callbacks pumps = {.size = sizeof pumps, .noop = on_noop_pump};
    smtp_server_config config = {.size = sizeof config};
    struct pumping pumping = {.result = 0};

    (void)unused;
    pumping.wire = wire_of("NOOP\r\nQUIT\r\n");
    assert_int_equal(smtp_server_new(&pumping.server, &config, &pumps, &pumping, NULL),
                     SMTP_ERR_OK);
    (void)smtp_session_start(smtp_server_session(pumping.server), 0);
    assert_int_equal(smtp_pump(smtp_server_session(pumping.server), &transport, &pumping.wire,
                               &pumping.state, pumping.buffer, sizeof pumping.buffer),
                     SMTP_PUMP_DONE);
    assert_int_equal(pumping.result, SMTP_ERR_REENTRANT);
    assert_int_equal(pumping.wire.input_at, pumping.wire.input_len);
    smtp_server_del(pumping.server);
}

static void test_arguments(void **unused)
{
    struct wire wire = wire_of("");
    smtp_pump_state state = {0};
    smtp_transport bad = transport;
    struct seen seen;
    smtp_server *server = new_server(&seen, 0, 0);
    smtp_session *session = smtp_server_session(server);
    char buffer[8];

    (void)unused;
    bad.size = 1;
    assert_int_equal(smtp_pump(NULL, &transport, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_pump(session, NULL, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_pump(session, &bad, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_pump(session, &transport, &wire, NULL, buffer, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_pump(session, &transport, &wire, &state, NULL, 8), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_pump(session, &transport, &wire, &state, buffer, 0), SMTP_ERR_ARGUMENT);
    bad = transport;
    bad.now = NULL;
    assert_int_equal(smtp_pump(session, &bad, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    bad = transport;
    bad.receive = NULL;
    assert_int_equal(smtp_pump(session, &bad, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    bad = transport;
    bad.send = NULL;
    assert_int_equal(smtp_pump(session, &bad, &wire, &state, buffer, 8), SMTP_ERR_ARGUMENT);
    smtp_server_del(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_words_however_the_wire_behaves),
        cmocka_unit_test(test_done_stays_done),
        cmocka_unit_test(test_every_call_failing_once),
        cmocka_unit_test(test_end_of_stream_is_the_end),
        cmocka_unit_test(test_deferred_answer_keeps_input),
        cmocka_unit_test(test_handshake),
        cmocka_unit_test(test_handshake_that_fails),
        cmocka_unit_test(test_clear_text_behind_the_switch),
        cmocka_unit_test(test_tls_without_a_function),
        cmocka_unit_test(test_turn),
        cmocka_unit_test(test_turn_to_tls_with_input_left),
        cmocka_unit_test(test_turn_that_is_lost),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_deadline_on_a_slow_blocking_connection),
        cmocka_unit_test(test_reads_while_it_cannot_write),
        cmocka_unit_test(test_last_words_that_cannot_go),
        cmocka_unit_test(test_inside_a_callback),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests_name("transport/pump", tests, NULL, NULL);
}
