/* SPDX-License-Identifier: MIT
 * The adapter that makes server callbacks of a store. */
#include "smtp/transport.h"

/* A store may say what failed; the client learns whether to come back. */
static int answer(int result)
{
    if (result == SMTP_ERR_STORE_FULL)
        return 452;
    return result < 0 ? 451 : result;
}

static int on_mail(smtp_server *server, const smtp_mail_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    return answer(adapter->store->begin(adapter->io, event));
}

static int on_rcpt(smtp_server *server, const smtp_rcpt_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    return answer(adapter->store->recipient(adapter->io, event));
}

static int on_data(smtp_server *server, const smtp_data_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    return adapter->store->open != NULL ? answer(adapter->store->open(adapter->io, event))
                                        : SMTP_ACCEPT;
}

static int on_body(smtp_server *server, const smtp_body_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    return answer(adapter->store->write(adapter->io, event));
}

static int on_message(smtp_server *server, const smtp_message_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    return answer(adapter->store->commit(adapter->io, event));
}

static void on_reset(smtp_server *server, const smtp_reset_event *event, void *user)
{
    const smtp_store_adapter *adapter = user;
    (void)server;
    adapter->store->abort(adapter->io, event);
}

int smtp_store_callbacks(smtp_server_callbacks *callbacks)
{
    if (callbacks == NULL || callbacks->size < sizeof *callbacks)
        return SMTP_ERR_ARGUMENT;
    callbacks->mail = on_mail;
    callbacks->rcpt = on_rcpt;
    callbacks->data = on_data;
    callbacks->body = on_body;
    callbacks->message = on_message;
    callbacks->reset = on_reset;
    return SMTP_ERR_OK;
}
