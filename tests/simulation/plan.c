/* SPDX-License-Identifier: MIT
 * Draws the plan of a run and the mood of each of its connections. */
#include "plan.h"

#include <string.h>

#include "network.h"

static smtp_time draw_timeout(chance *from)
{
    static const smtp_time timeouts[] = {0, 0, 1000, 5000, 60000};

    return timeouts[draw(from, 5)];
}

/* TLS as both sides see it. */
static void draw_tls(plan *out, chance *from)
{
    out->client.tls = SMTP_TLS_NONE;
    switch (draw(from, 8)) {
    case 0:
        out->client.tls = SMTP_TLS_REQUIRED;
        out->server.offer |= SMTP_EXT_STARTTLS;
        if (draw(from, 2) == 0)
            out->server.flags |= SMTP_SERVER_REQUIRE_TLS;
        break;
    case 1:
        out->client.tls = SMTP_TLS_OPPORTUNISTIC;
        if (draw(from, 2) == 0)
            out->server.offer |= SMTP_EXT_STARTTLS;
        break;
    case 2:
        out->client.tls = SMTP_TLS_IMPLICIT;
        out->server.flags |= SMTP_SERVER_IMPLICIT_TLS;
        break;
    default:
        break;
    }
}

static void draw_auth(plan *out, chance *from)
{
    out->auth = draw(from, 10) == 0;
    if (!out->auth)
        return;
    out->server.sasl = out->client.sasl = smtp_sasl_suite_all();
    out->server.flags |= SMTP_SERVER_AUTH_WITHOUT_TLS;
    out->client.flags |= SMTP_CLIENT_AUTH_WITHOUT_TLS;
    out->client.mechanisms = draw(from, 2) == 0 ? SMTP_MECH_PLAIN : SMTP_MECH_LOGIN;
    if (draw(from, 2) == 0)
        out->server.flags |= SMTP_SERVER_REQUIRE_AUTH;
}

static void draw_server(plan *out, chance *from)
{
    smtp_server_config *config = &out->server;
    static const uint32_t withheld[] = {SMTP_EXT_PIPELINING, SMTP_EXT_CHUNKING, SMTP_EXT_SIZE,
                                        SMTP_EXT_8BITMIME};
    size_t i;

    config->hostname = smtp_text("server.example");
    for (i = 0; i < sizeof withheld / sizeof withheld[0]; i++) {
        if (happens(from, i < 2 ? 300 : 100))
            config->withhold |= withheld[i];
    }
    if (draw(from, 2) == 0)
        config->offer |= SMTP_EXT_BINARYMIME;
    if (draw(from, 3) == 0)
        config->offer |= SMTP_EXT_LIMITS;
    if (draw(from, 5) == 0)
        config->flags |= SMTP_SERVER_NO_ENHANCED_CODES;
    if (draw(from, 5) == 0)
        config->message_max = 1 + draw_size(from, 3000);
    if (draw(from, 3) == 0)
        config->line_buffer = 1 + draw(from, 100);
    if (draw(from, 3) == 0)
        config->output_buffer = 640;
    if (draw(from, 8) == 0)
        config->greeting_delay = 1 + draw_size(from, 500);
    config->command_timeout = draw_timeout(from);
    config->data_timeout = draw_timeout(from);
}

static void draw_limits(plan *out, chance *from)
{
    out->limited = out->server;
    if (draw(from, 2) == 0)
        out->limited.recipients_max = 1 + draw(from, 2);
    if (draw(from, 2) == 0)
        out->limited.transactions_max = 1 + draw(from, 2);
    if (draw(from, 3) == 0)
        out->limited.commands_max = 2 + draw(from, 8);
    if (draw(from, 3) == 0)
        out->limited.errors_max = 1 + draw(from, 2);
    if (draw(from, 3) == 0)
        out->limited.auth_failures_max = 1;
    if (draw(from, 3) == 0 && out->server.message_max == 0)
        out->limited.message_max = 1 + draw_size(from, 800);
}

static void draw_client(plan *out, chance *from)
{
    smtp_client_config *config = &out->client;

    config->hostname = smtp_text("client.example");
    if (draw(from, 4) == 0)
        config->flags |= SMTP_CLIENT_NO_PIPELINING;
    if (draw(from, 4) == 0)
        config->flags |= SMTP_CLIENT_NO_CHUNKING;
    if (draw(from, 8) == 0)
        config->flags |= SMTP_CLIENT_NO_HELO;
    if (draw(from, 8) == 0)
        config->flags |= SMTP_CLIENT_NO_QUIT_REPLY;
    if (draw(from, 2) == 0)
        config->output_buffer = 1024;
    if (draw(from, 2) == 0)
        config->reply_max = 512;
    if (draw(from, 3) == 0)
        config->pending_max = 1 + draw(from, 4);
    config->greeting_timeout = draw_timeout(from);
    config->command_timeout = draw_timeout(from);
    config->data_timeout = draw_timeout(from);
    config->body_timeout = draw_timeout(from);
    config->message_timeout = draw_timeout(from);
}

void plan_draw(plan *out, chance *from)
{
    memset(out, 0, sizeof *out);
    out->server.size = sizeof out->server;
    out->client.size = sizeof out->client;
    out->lmtp = draw(from, 4) == 0;
    if (out->lmtp) {
        out->server.flags |= SMTP_SERVER_LMTP;
        out->client.flags |= SMTP_CLIENT_LMTP;
    }
    out->store = draw(from, 3) == 0;
    out->pump[0] = draw(from, 3) == 0;
    out->pump[1] = draw(from, 3) == 0;
    out->storage[0] = draw(from, 4) == 0;
    out->storage[1] = draw(from, 4) == 0;
    out->letters = 1 + draw_size(from, 2);
    out->connections = draw(from, 4);
    draw_server(out, from);
    draw_client(out, from);
    draw_tls(out, from);
    draw_auth(out, from);
    draw_limits(out, from);
}

/* One fault, so that what follows from it is seen alone. */
static void draw_fault(mood *out, chance *from)
{
    uint32_t side = draw(from, 2);

    switch (draw(from, 14)) {
    case 0:
    case 1:
    case 2:
        out->loss[side] = 1 + (int)draw(from, LOSSES - 1);
        out->loss_at[side] = draw_size(from, side == 0 ? 4000 : 1200);
        break;
    case 3:
    case 4:
        out->loss_behind_commit = 1 + draw(from, 90);
        break;
    case 5:
        out->stall_at[side] = draw_size(from, side == 0 ? 4000 : 1200);
        out->stall[side] = 1 + draw_size(from, 1000000);
        break;
    case 6:
        out->tls_fails[side] = 1;
        out->tls_fails[!side] = (int)draw(from, 2);
        break;
    case 7:
        out->death = DEATH_AT_STEP + (int)draw(from, 2) * (DEATH_OF_HOST - DEATH_AT_STEP);
        out->death_at = draw_size(from, 150);
        break;
    case 8:
    case 9:
        out->death = DEATH_IN_COMMIT + (int)draw(from, 2);
        out->death_at = draw(from, 12);
        break;
    case 10:
        out->client_dies_at = 1 + draw_size(from, 150);
        break;
    case 11:
        out->shut_down_at = 1 + draw_size(from, 150);
        break;
    case 12:
        out->give_up_at = 1 + draw_size(from, 150);
        break;
    default:
        out->body_fails = 300;
        break;
    }
}

static size_t draw_window(chance *from)
{
    static const size_t windows[] = {STREAM_MAX, STREAM_MAX, STREAM_MAX, 4096, 4096, 256, 64, 1};
    size_t window = windows[draw(from, 8)];

    return window <= 256 ? 1 + draw(from, 2 * (uint32_t)window) : window;
}

void mood_draw(mood *out, chance *from, int calm)
{
    static const uint32_t pieces[] = {0, 0, 0, 1000, 200, 50, 10, 3};
    static const uint32_t rates[] = {0, 0, 20, 100};
    uint32_t faults = draw(from, 4);

    memset(out, 0, sizeof *out);
    out->calm = calm;
    out->window[0] = draw_window(from);
    out->window[1] = draw_window(from);
    out->piece = pieces[draw(from, 8)];
    out->wait = rates[draw(from, 4)];
    out->defer = 3 * rates[draw(from, 4)];
    out->words = 5 * rates[draw(from, 4)];
    out->slow = 20;
    if (calm)
        return;
    out->limited = draw(from, 3) == 0;
    out->refuse = rates[draw(from, 4)];
    out->slow = 1 + draw_size(from, 700000);
    out->jump = draw(from, 4) == 0 ? 1 + draw(from, 30) : 0;
    out->jump_most = 1 + draw_size(from, 400000);
    if (draw(from, 20) == 0)
        out->no_memory[draw(from, 2)] = 1 + draw(from, 3);
    faults = faults == 3 ? 1 + draw(from, 3) : faults > 0;
    while (faults-- > 0)
        draw_fault(out, from);
}
