/* SPDX-License-Identifier: MIT
 * smtp-send: sends the message on standard input and tells what became of it. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>

#include "../common/terminal.h"
#include "setup.h"

enum { DESCRIPTORS_KEPT = 16 };

static void show_statistics(const struct sender *sender, smtp_time took)
{
    double seconds = took > 0 ? (double)took / 1000 : 0.001;

    fprintf(stderr,
            "%s: %lu messages for %lu recipients (%.0f a second), %llu octets of content; "
            "%llu octets out and %llu in, %lu commands, %lu replies; %.3f seconds\n",
            settings_table.program, (unsigned long)sender->total.messages,
            (unsigned long)sender->total.recipients, (double)sender->total.messages / seconds,
            (unsigned long long)sender->total.body_octets,
            (unsigned long long)sender->total.octets_out,
            (unsigned long long)sender->total.octets_in, (unsigned long)sender->total.commands,
            (unsigned long)sender->total.replies, (double)took / 1000);
}

/* A descriptor for each connection, as far as the system gives them. */
static void take_descriptors(uint64_t connections)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < connections + DESCRIPTORS_KEPT) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Sends to the addresses that were found. */
static int run_at(struct sender *sender, const struct settings *settings)
{
    smtp_time begun = stream_now();
    int status = EX_OK;

    take_descriptors(sender->connections);
    if (sender_run(sender) != 0)
        status = setup_complain(EX_OSERR, "connections", strerror(errno));
    else
        status = tally_status(&sender->tally);
    if (settings->verbose)
        show_statistics(sender, stream_now() - begun);
    return status;
}

static int run(struct sender *sender, const struct papers *papers, const struct settings *settings)
{
    struct addrinfo *addresses;
    int status;
    int error;

    if (sender_check(sender) != 0)
        return EX_DATAERR;
    error = endpoint_lookup(&papers->server, 0, &addresses);
    if (error != 0)
        return setup_complain(error == EAI_AGAIN ? EX_TEMPFAIL : EX_UNAVAILABLE, settings->server,
                              gai_strerror(error));
    sender->addresses = addresses;
    status = setup_tls(sender, settings, papers->server.host);
    if (status < 0)
        status = run_at(sender, settings);
    freeaddrinfo(addresses);
    tls_delete(sender->tls);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct papers papers;
    struct sender sender;
    int status;

    terminal_occupy();
    signal(SIGPIPE, SIG_IGN);
    status = settings_read(&settings, argc, argv);
    memset(&papers, 0, sizeof papers);
    memset(&sender, 0, sizeof sender);
    if (status < 0)
        status = setup_sender(&sender, &papers, &settings);
    if (status < 0)
        status = setup_message(&sender, &settings);
    if (status < 0)
        status = run(&sender, &papers, &settings);
    message_free(&sender.message);
    free(papers.recipients);
    settings_release(&settings);
    return status;
}
