/* SPDX-License-Identifier: MIT
 * The adapter that makes server callbacks of a store. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "smtp/transport.h"

/* A store that answers as told and writes down what it was asked. */
struct shelf {
    int begin;
    int recipient;
    int open;
    int write;
    int commit;
    const int *each; /* instead of it: for each recipient */
    int later;       /* 1: commits defer first */
    uint64_t ticket;
    uint32_t position;
    char log[256];
    char content[256];
    size_t content_len;
};

static void note(struct shelf *shelf, const char *what)
{
    assert_true(strlen(shelf->log) + strlen(what) + 2 < sizeof shelf->log);
    strcat(shelf->log, what);
    strcat(shelf->log, " ");
}

static int shelf_begin(void *io, const smtp_mail_event *event)
{
    struct shelf *shelf = io;

    assert_true(event->ticket != 0);
    note(shelf, "begin");
    return shelf->begin;
}

static int shelf_recipient(void *io, const smtp_rcpt_event *event)
{
    struct shelf *shelf = io;

    assert_int_equal(event->path->kind, SMTP_PATH_MAILBOX);
    note(shelf, "recipient");
    return shelf->recipient;
}

static int shelf_open(void *io, const smtp_data_event *event)
{
    struct shelf *shelf = io;

    assert_int_equal(event->recipients, shelf->each != NULL ? 2 : 1);
    note(shelf, "open");
    return shelf->open;
}

static int shelf_write(void *io, const smtp_body_event *event)
{
    struct shelf *shelf = io;

    assert_int_equal(event->offset, shelf->content_len);
    memcpy(shelf->content + shelf->content_len, event->chunk.ptr, event->chunk.len);
    shelf->content_len += event->chunk.len;
    return shelf->write;
}

static int shelf_commit(void *io, const smtp_message_event *event)
{
    struct shelf *shelf = io;

    assert_int_equal(event->octets, shelf->content_len);
    note(shelf, "commit");
    shelf->ticket = event->ticket;
    shelf->position = event->position;
    if (shelf->later)
        return SMTP_DEFER;
    return shelf->each != NULL ? shelf->each[event->position] : shelf->commit;
}

static void shelf_abort(void *io, const smtp_reset_event *event)
{
    assert_true(event->reason != SMTP_RESET_NONE);
    note(io, "abort");
}

static const smtp_store store = {sizeof store, shelf_begin,  shelf_recipient, shelf_open,
                                 shelf_write,  shelf_commit, shelf_abort};

static const char conversation[] = "EHLO client.example\r\n"
                                   "MAIL FROM:<a@client.example>\r\n"
                                   "RCPT TO:<b@mx.example>\r\n"
                                   "DATA\r\n"
                                   "hello\r\n.\r\n"
                                   "QUIT\r\n";

/* Plays the conversation and gives the last octets of what the server said. */
static void play(struct shelf *shelf, const smtp_store *used, char *said, size_t capacity)
{
    smtp_server_callbacks callbacks = {.size = sizeof callbacks};
    smtp_server_config config = {.size = sizeof config};
    smtp_store_adapter adapter = {used, shelf, NULL};
    smtp_server *server = NULL;
    smtp_str slices[4];
    size_t consumed = 0;
    size_t n;

    assert_int_equal(smtp_store_callbacks(&callbacks), SMTP_ERR_OK);
    assert_int_equal(smtp_server_new(&server, &config, &callbacks, &adapter, NULL), SMTP_ERR_OK);
    assert_int_equal(smtp_session_start(smtp_server_session(server), 0), SMTP_ERR_OK);
    assert_int_equal(smtp_session_receive(smtp_server_session(server), conversation,
                                          strlen(conversation), 0, &consumed),
                     SMTP_ERR_OK);
    assert_int_equal(consumed, strlen(conversation));
    n = smtp_session_output(smtp_server_session(server), slices, 4);
    assert_int_equal(n, 1);
    assert_true(slices[0].len < capacity);
    memcpy(said, slices[0].ptr, slices[0].len);
    said[slices[0].len] = '\0';
    smtp_server_del(server);
}

/* Delivers to two recipients by LMTP, with answers that come later where the store says so. */
static void play_lmtp(struct shelf *shelf)
{
    static const char delivery[] = "LHLO client.example\r\nMAIL FROM:<a@client.example>\r\n"
                                   "RCPT TO:<b@mx.example>\r\nRCPT TO:<c@mx.example>\r\n"
                                   "BDAT 7 LAST\r\nhello\r\n";
    smtp_server_callbacks callbacks = {.size = sizeof callbacks};
    smtp_server_config config = {.size = sizeof config};
    smtp_store without = store;
    smtp_store_adapter adapter = {&without, shelf, NULL};
    smtp_server *server = NULL;
    size_t consumed = 0;
    int i;

    without.open = NULL;
    config.flags = SMTP_SERVER_LMTP;
    assert_int_equal(smtp_store_callbacks(&callbacks), SMTP_ERR_OK);
    assert_int_equal(smtp_server_new(&server, &config, &callbacks, &adapter, NULL), SMTP_ERR_OK);
    (void)smtp_session_start(smtp_server_session(server), 0);
    (void)smtp_session_receive(smtp_server_session(server), delivery, strlen(delivery), 0,
                               &consumed);
    for (i = 0; i < 2 && shelf->later; i++)
        assert_int_equal(smtp_server_answer(server, shelf->ticket, shelf->each[shelf->position], 0,
                                            smtp_text(NULL), 0),
                         SMTP_ERR_OK);
    smtp_server_del(server);
}

static void test_stored(void **unused)
{
    struct shelf shelf = {0};
    char said[2048];

    (void)unused;
    play(&shelf, &store, said, sizeof said);
    assert_string_equal(shelf.log, "begin recipient open commit ");
    assert_memory_equal(shelf.content, "hello\r\n", 7);
    assert_non_null(strstr(said, "354 "));
}

static void test_full_is_452_and_failed_451(void **unused)
{
    static const struct {
        int result;
        const char *reply;
    } rows[] = {{SMTP_ERR_STORE_FULL, "\r\n452 4."}, {SMTP_ERR_STORE, "\r\n451 4."}};
    size_t i;
    int place;

    (void)unused;
    for (i = 0; i < 2; i++) {
        for (place = 0; place < 5; place++) {
            struct shelf shelf = {0};
            char said[2048];
            int *results[5];

            results[0] = &shelf.begin;
            results[1] = &shelf.recipient;
            results[2] = &shelf.open;
            results[3] = &shelf.write;
            results[4] = &shelf.commit;
            *results[place] = rows[i].result;
            play(&shelf, &store, said, sizeof said);
            assert_non_null(strstr(said, rows[i].reply));
        }
    }
}

static void test_a_refused_commit_is_aborted(void **unused)
{
    struct shelf shelf = {0};
    char said[2048];

    (void)unused;
    shelf.commit = SMTP_ERR_STORE_FULL;
    play(&shelf, &store, said, sizeof said);
    assert_string_equal(shelf.log, "begin recipient open commit abort ");
    assert_non_null(strstr(said, "\r\n452 "));
}

/* The client is told 451 for what is no answer: then nothing may stay behind either. */
static void test_a_commit_that_answers_nonsense_is_aborted(void **unused)
{
    static const int answers[] = {7, 251, 300, 354, 700, -5};
    size_t i;

    (void)unused;
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct shelf shelf = {0};
        char said[2048];
        shelf.commit = answers[i];
        play(&shelf, &store, said, sizeof said);
        assert_string_equal(shelf.log, "begin recipient open commit abort ");
        assert_non_null(strstr(said, "\r\n451 "));
    }
}

static void test_a_refused_write_is_aborted_once(void **unused)
{
    struct shelf shelf = {0};
    char said[2048];

    (void)unused;
    shelf.write = SMTP_ERR_STORE_FULL;
    play(&shelf, &store, said, sizeof said);
    assert_string_equal(shelf.log, "begin recipient open abort ");
    assert_non_null(strstr(said, "\r\n452 "));
}

/* In LMTP each recipient has a commit; what is left behind is dropped once, and only when none was
 * accepted. */
static void test_lmtp_commits(void **unused)
{
    static const struct {
        int results[2];
        const char *log;
    } rows[] = {
        {{SMTP_ACCEPT, SMTP_ACCEPT}, "begin recipient recipient commit commit "},
        {{SMTP_ACCEPT, 451}, "begin recipient recipient commit commit "},
        {{451, SMTP_ACCEPT}, "begin recipient recipient commit commit "},
        {{451, 552}, "begin recipient recipient commit commit abort "},
        {{SMTP_ERR_STORE, SMTP_ERR_STORE_FULL}, "begin recipient recipient commit commit abort "},
    };
    size_t i;
    int later;

    (void)unused;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (later = 0; later < (i < 4 ? 2 : 1); later++) {
            struct shelf shelf = {0};
            shelf.each = rows[i].results;
            shelf.later = later;
            play_lmtp(&shelf);
            assert_string_equal(shelf.log, rows[i].log);
        }
    }
}

static void test_nothing_to_open(void **unused)
{
    smtp_store without = store;
    struct shelf shelf = {0};
    char said[2048];

    (void)unused;
    without.open = NULL;
    play(&shelf, &without, said, sizeof said);
    assert_string_equal(shelf.log, "begin recipient commit ");
}

static void test_arguments(void **unused)
{
    smtp_server_callbacks callbacks = {.size = 4};

    (void)unused;
    assert_int_equal(smtp_store_callbacks(NULL), SMTP_ERR_ARGUMENT);
    assert_int_equal(smtp_store_callbacks(&callbacks), SMTP_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stored),
        cmocka_unit_test(test_full_is_452_and_failed_451),
        cmocka_unit_test(test_a_refused_commit_is_aborted),
        cmocka_unit_test(test_a_commit_that_answers_nonsense_is_aborted),
        cmocka_unit_test(test_a_refused_write_is_aborted_once),
        cmocka_unit_test(test_lmtp_commits),
        cmocka_unit_test(test_nothing_to_open),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests_name("transport/store", tests, NULL, NULL);
}
