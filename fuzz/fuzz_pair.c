/* SPDX-License-Identifier: MIT
 * A client session against a server session over a network that cuts, delays and fails: what the
 * client was told is delivered is what the server accepted, octet for octet, and nothing is
 * doubled. */
#include "sending.h"
#include "serving.h"

#include <stdlib.h>
#include <string.h>

enum { ALL = 1 << 30, PATIENCE = 200000 };

/* Octets on their way. */
typedef struct pipe {
    text octets;
    size_t at;
} pipe;

typedef struct pair {
    sending client;
    serving server;
    pipe to_client;
    pipe to_server;
    choices choices;
    size_t moved;   /* octets that were put on the way */
    size_t loss_at; /* and how many there are when the connection is lost, 0: it is not */
    int lost;
    int tls_fails;
} pair;

static const smtp_tls_info tls_info = {
    sizeof tls_info, {"TLS1.3", 6},  {"TLS_AES_256_GCM_SHA384", 22}, {"exporter", 8}, {NULL, 0},
    {NULL, 0},       {"subject", 7},
};

static size_t left_in(const pipe *of)
{
    return of->octets.len - of->at;
}

static int wants(const smtp_session *session, uint32_t what)
{
    return (smtp_session_wants(session) & what) != 0;
}

/* The output of either side goes on its way, `most` octets of it. */
static int send_some(pair *p, int from_client, size_t most)
{
    text *out = from_client ? &p->client.out : &p->server.out;
    pipe *to = from_client ? &p->to_server : &p->to_client;
    size_t before = out->len;
    size_t taken;

    if (most == 0)
        return 0;
    if (p->loss_at != 0 && p->loss_at - p->moved < most)
        most = p->loss_at - p->moved;
    taken = from_client ? sending_take(&p->client, most) : serving_take(&p->server, most);
    text_add(&to->octets, part(text_str(out), before, taken));
    p->moved += taken;
    return taken > 0;
}

/* What is on its way arrives. In the place of a handshake it is none. */
static int arrive(pair *p, int at_client, size_t most)
{
    pipe *from = at_client ? &p->to_client : &p->to_server;
    smtp_session *session = at_client ? p->client.session : p->server.session;
    size_t len = left_in(from) < most ? left_in(from) : most;
    smtp_str piece;
    size_t used;

    if (len == 0 || (at_client ? p->client.closed : p->server.closed))
        return 0;
    if (wants(session, SMTP_WANTS_TLS_HANDSHAKE)) {
        CHECK(smtp_session_tls_failed(session, 2000) == SMTP_ERR_TLS_FAILED);
        return 1;
    }
    piece = part(text_str(&from->octets), from->at, len);
    used = at_client ? sending_give(&p->client, piece) : serving_give(&p->server, piece);
    from->at += used;
    return used > 0;
}

/* Both shake hands once all that was said in the clear has arrived. */
static int shake(pair *p)
{
    smtp_session *client = p->client.session;
    smtp_session *server = p->server.session;

    if (!wants(client, SMTP_WANTS_TLS_HANDSHAKE) || !wants(server, SMTP_WANTS_TLS_HANDSHAKE) ||
        wants(client, SMTP_WANTS_WRITE) || wants(server, SMTP_WANTS_WRITE) ||
        left_in(&p->to_client) > 0 || left_in(&p->to_server) > 0)
        return 0;
    if (p->tls_fails) {
        (void)smtp_session_tls_failed(client, p->client.now);
        (void)smtp_session_tls_failed(server, p->server.now);
    } else {
        (void)smtp_session_tls_started(server, &tls_info, p->server.now);
        (void)smtp_session_tls_started(client, &tls_info, p->client.now);
        CHECK(smtp_session_tls_active(server) && smtp_session_tls_active(client));
    }
    return 1;
}

/* The end of a side that has closed arrives behind all that it has said. */
static int hang_up(pair *p)
{
    if (p->client.closed && !p->server.closed && left_in(&p->to_server) == 0 &&
        !wants(p->client.session, SMTP_WANTS_WRITE)) {
        (void)smtp_session_eof(p->server.session, p->server.now);
        return 1;
    }
    if (p->server.closed && !p->client.closed && left_in(&p->to_client) == 0 &&
        !wants(p->server.session, SMTP_WANTS_WRITE)) {
        (void)smtp_session_eof(p->client.session, p->client.now);
        return 1;
    }
    return 0;
}

static int lose(pair *p)
{
    if (p->lost || p->loss_at == 0 || p->moved < p->loss_at)
        return 0;
    p->lost = 1;
    p->to_client.at = p->to_client.octets.len;
    p->to_server.at = p->to_server.octets.len;
    (void)smtp_session_eof(p->client.session, p->client.now);
    (void)smtp_session_eof(p->server.session, p->server.now);
    return 1;
}

static int step_drawn(pair *p)
{
    uint32_t what = draw(&p->choices, 256);
    size_t most = (what >> 3) * (what >> 3);

    switch (what & 7) {
    case 0:
        return send_some(p, 1, most);
    case 1:
        return send_some(p, 0, most);
    case 2:
        return arrive(p, 0, most);
    case 3:
        return arrive(p, 1, most);
    case 4:
        return serving_answer(&p->server);
    case 5:
        return sending_go_on(&p->client);
    case 6:
        return send_some(p, 0, ALL);
    default:
        return arrive(p, 1, ALL);
    }
}

/* One round of all that can go on; 0 when nothing can. */
static int step(pair *p)
{
    int moved = p->choices.left > 0;

    if (moved)
        (void)step_drawn(p);
    else
        moved = sending_go_on(&p->client) | send_some(p, 1, ALL) | arrive(p, 0, ALL) |
                serving_answer(&p->server) | send_some(p, 0, ALL) | arrive(p, 1, ALL);
    return shake(p) | lose(p) | hang_up(p) | moved;
}

/* Neither side goes on: only time helps. Nothing of a letter may be under way then. */
static void wait(pair *p)
{
    smtp_session *sides[2];
    smtp_time now = SMTP_TIME_NEVER;
    size_t i;

    sides[0] = p->client.session;
    sides[1] = p->server.session;
    for (i = 0; i < 2; i++) {
        if (wants(sides[i], SMTP_WANTS_TLS_HANDSHAKE)) {
            (void)smtp_session_tls_failed(sides[i], p->client.now);
            return;
        }
    }
    CHECK(p->client.busy == 0 || !p->client.ready);
    for (i = 0; i < 2; i++) {
        if (smtp_session_deadline(sides[i]) < now)
            now = smtp_session_deadline(sides[i]);
    }
    CHECK(now != SMTP_TIME_NEVER);
    p->client.now = p->server.now = now;
    for (i = 0; i < 2; i++)
        (void)smtp_session_expire(sides[i], now);
}

static void play(pair *p)
{
    size_t rounds = 0;

    while (!p->client.closed || !p->server.closed) {
        CHECK(++rounds < PATIENCE);
        if (!step(p))
            wait(p);
    }
}

static const stored *find(const pair *p, const letter *sent)
{
    const stored *found = NULL;
    size_t i;

    for (i = 0; i < p->server.stored_count; i++) {
        if (smtp_str_equal(text_str(&p->server.stored[i].from), sent->from)) {
            CHECK(found == NULL); /* once only */
            found = &p->server.stored[i];
        }
    }
    return found;
}

static void compare_body(const letter *sent, const stored *found)
{
    text expected = {NULL, 0, 0};

    if (smtp_str_equal(text_str(&found->body), sent->body))
        return;
    text_add_mended(&expected, sent->body);
    text_compare(&expected, &found->body, "bodies");
    text_drop(&expected);
}

static void judge(const pair *p, const letter *sent, const verdict *told)
{
    const stored *found = find(p, sent);

    if (told->refused != SMTP_ERR_OK) {
        CHECK(found == NULL);
        return;
    }
    CHECK(told->result != SMTP_RESULT_UNKNOWN || p->lost);
    if (told->result == SMTP_RESULT_DELIVERED)
        CHECK(found != NULL);
    if (found == NULL)
        return;
    compare_body(sent, found);
    CHECK(told->delivered <= found->recipients);
    CHECK(p->lost || told->delivered == found->recipients);
    CHECK(told->result == SMTP_RESULT_DELIVERED || p->lost);
    CHECK(told->result == SMTP_RESULT_DELIVERED || told->result == SMTP_RESULT_UNKNOWN ||
          (p->client.plan->config.flags & SMTP_CLIENT_LMTP));
}

static void drop(pair *p)
{
    sending_drop(&p->client);
    serving_drop(&p->server);
    text_drop(&p->to_client.octets);
    text_drop(&p->to_server.octets);
}

static void play_plans(pair *p, const sending_plan *send, const serving_plan *serve)
{
    size_t i;
    int made = serving_start(&p->server, serve, 0);

    made &= sending_start(&p->client, send, 1);
    if (made) {
        play(p);
        serving_finish(&p->server);
        sending_finish(&p->client);
        for (i = 0; i < p->client.next; i++)
            judge(p, &send->letters[i], &p->client.verdicts[i]);
    }
    drop(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const from[] = {"t0@client.example", "t1@client.example",
                                       "t2@client.example"};
    input in = input_read(data, size);
    serving_plan serve;
    sending_plan send;
    pair p;
    size_t i;

    memset(&p, 0, sizeof p);
    serve = draw_serving(&in.choices);
    send = draw_sending(&in.choices, &in.text);
    for (i = 0; i < SENDING_TRANSACTIONS; i++)
        send.letters[i].from = smtp_text(from[i]);
    serve.absent &= ~48u; /* `body` and `message` are there */
    serve.delete_at = send.delete_at = 0;
    p.tls_fails = draw(&in.choices, 8) == 7;
    p.loss_at = draw(&in.choices, 2) ? draw_bits(&in.choices, 2) % 2048 : 0;
    p.choices = in.choices;
    play_plans(&p, &send, &serve);
    free(in.block);
    return 0;
}
