/* SPDX-License-Identifier: MIT
 * smtp-receive: a server that puts each accepted message into a Maildir before it says 250. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "../common/crypto_openssl.h"
#include "../common/endpoint.h"
#include "../common/terminal.h"
#include "receiver.h"
#include "settings.h"
#include "store.h"
#include "worker.h"

enum {
    DESCRIPTORS_KEPT = 64, /* for the message files of the moment, and what else is open */
    BACKLOG = 4096
};

static int complain(int status, const char *what, const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", settings_table.program, what, why);
    return status;
}

/* Signals that end the server are read from a descriptor; those of a lost peer and of a full disk
 * become errors. Returns the descriptor or -1. */
static int take_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Takes as many descriptors as the system gives. Returns how many connections they are for. */
static uint64_t take_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return DESCRIPTORS_KEPT;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? limit.rlim_cur - DESCRIPTORS_KEPT
                                                 : limit.rlim_cur / 2;
}

/* Opens one address. Accepted sockets inherit TCP_NODELAY. Returns the descriptor or -1 and errno.
 */
static int listen_at(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    int error;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* Opens the first address of the host that can be had, and looks what it is. Returns -1, or a
 * status. */
static int open_listener(struct receiver *receiver, const char *where,
                         struct sockaddr_storage *bound)
{
    struct endpoint endpoint;
    struct addrinfo *list;
    const struct addrinfo *address;
    socklen_t size = sizeof *bound;
    void *any = bound;
    int error;

    if (endpoint_parse(&endpoint, where) != 0)
        return options_refuse(&settings_table, "--listen", "has no HOST:PORT");
    error = endpoint_lookup(&endpoint, 1, &list);
    if (error != 0)
        return complain(EX_UNAVAILABLE, where, gai_strerror(error));
    for (address = list; address != NULL && receiver->listener < 0; address = address->ai_next)
        receiver->listener = listen_at(address);
    error = errno;
    freeaddrinfo(list);
    if (receiver->listener < 0)
        return complain(EX_UNAVAILABLE, where, strerror(error));
    return getsockname(receiver->listener, any, &size) == 0 ? -1 : EX_OSERR;
}

/* Lets clients authenticate where there are users. Returns -1, or a status. */
static int add_users(struct receiver *receiver, const struct settings *settings)
{
    smtp_server_config *config = &receiver->config;
    const char *why;

    if (settings->users.count == 0)
        return -1;
    why = users_open(&receiver->users, &settings->users, crypto_openssl());
    if (why != NULL)
        return options_refuse(&settings_table, "--user", why);
    config->sasl = smtp_sasl_suite_all();
    config->crypto = crypto_openssl();
    config->fake_secret.ptr = receiver->users.fake_secret;
    config->fake_secret.len = sizeof receiver->users.fake_secret;
    receiver->callbacks.auth = users_auth;
    return -1;
}

/* What each session is made of. Returns -1, or a status. */
static int configure(struct receiver *receiver, const struct settings *settings)
{
    smtp_server_config *config = &receiver->config;
    smtp_host host;

    if (smtp_host_parse(&host, smtp_text(settings->hostname), 0, 0, NULL) != 0)
        return options_refuse(&settings_table, "--hostname", "has no domain or address literal");
    config->size = sizeof *config;
    config->hostname = smtp_text(settings->hostname);
    config->flags = (settings->lmtp ? SMTP_SERVER_LMTP : 0u) |
                    (settings->implicit_tls ? SMTP_SERVER_IMPLICIT_TLS : 0u) |
                    (settings->auth_without_tls ? SMTP_SERVER_AUTH_WITHOUT_TLS : 0u);
    /* What the last hop can promise: octets are kept as they are, nothing is sent on from here. */
    config->offer = SMTP_EXT_SMTPUTF8 | SMTP_EXT_BINARYMIME;
    if (receiver->tls != NULL)
        config->offer |= SMTP_EXT_STARTTLS | SMTP_EXT_REQUIRETLS;
    config->tolerate = SMTP_TOLERATE_8BIT; /* of clients that cannot announce it, such as curl */
    config->message_max = settings->max_size > 0 ? settings->max_size : UINT64_MAX;
    config->recipients_max = (uint32_t)settings->max_recipients;
    config->transactions_max = UINT32_MAX; /* a message is work that is wanted */
    config->command_timeout = settings->timeout * 1000;
    config->data_timeout = settings->timeout * 1000;
    store_callbacks(&receiver->callbacks, settings->discard);
    if (smtp_server_bytes(config) == 0)
        return complain(EX_SOFTWARE, "session", "the library refuses the configuration");
    return add_users(receiver, settings);
}

/* Makes all that the threads need. Returns -1, or a status. */
static int set_up(struct receiver *receiver, const struct settings *settings)
{
    const char *why = NULL;
    const char *key = settings->tls_key != NULL ? settings->tls_key : settings->tls_cert;
    uint64_t descriptors = take_descriptors();

    receiver->trace = settings->trace;
    receiver->domains = settings->domains;
    receiver->connections_max =
        settings->max_connections > 0 ? settings->max_connections : descriptors;
    receiver->signals = take_signals();
    if (receiver->signals < 0)
        return complain(EX_OSERR, "signals", strerror(errno));
    if (settings->tls_cert != NULL) {
        receiver->tls = tls_server_new(settings->tls_cert, key, &why);
        if (receiver->tls == NULL)
            return complain(EX_NOINPUT, settings->tls_cert, why);
    }
    if (!settings->discard && maildir_open(&receiver->maildir, settings->maildir) != 0)
        return complain(EX_CANTCREAT, settings->maildir, strerror(errno));
    return configure(receiver, settings);
}

static void *thread(void *user)
{
    const char *failed = worker_run(user);

    if (failed != NULL)
        complain(EX_OSERR, "thread", failed);
    return NULL;
}

/* Serves with this thread and others, until all have ended. */
static int serve(struct receiver *receiver, uint64_t threads)
{
    pthread_t *others = calloc(threads, sizeof *others);
    const char *failed;
    uint64_t started = 0;

    if (others == NULL)
        return EX_OSERR;
    while (started + 1 < threads && pthread_create(&others[started], NULL, thread, receiver) == 0)
        started++;
    failed = worker_run(receiver);
    while (started > 0)
        pthread_join(others[--started], NULL);
    free(others);
    return failed == NULL ? EX_OK : complain(EX_OSERR, "thread", failed);
}

static void tear_down(struct receiver *receiver)
{
    tls_delete(receiver->tls);
    users_close(&receiver->users);
    maildir_close(&receiver->maildir);
    if (receiver->listener >= 0)
        close(receiver->listener);
    if (receiver->signals >= 0)
        close(receiver->signals);
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct receiver receiver = {
        .listener = -1,
        .signals = -1,
        .maildir = {.tmp = -1, .fresh = -1, .lock = PTHREAD_MUTEX_INITIALIZER},
        .lock = PTHREAD_MUTEX_INITIALIZER};
    struct sockaddr_storage bound;
    char where[ENDPOINT_TEXT_MAX];
    int status;

    terminal_occupy();
    status = settings_read(&settings, argc, argv);
    if (status < 0)
        status = set_up(&receiver, &settings);
    if (status < 0)
        status = open_listener(&receiver, settings.listen, &bound);
    if (status < 0) {
        receiver.any_recipient = settings.domains.count == 0 && endpoint_is_loopback(&bound);
        if (settings.domains.count == 0 && !receiver.any_recipient)
            complain(0, settings.listen, "no --domain, so only Postmaster gets mail");
        endpoint_format(where, sizeof where, &bound);
        printf("listening on %s\n", where);
        fflush(stdout);
        status = serve(&receiver, settings.threads);
    }
    tear_down(&receiver);
    settings_release(&settings);
    return status;
}
