/* SPDX-License-Identifier: MIT
 * Addresses: what is read, written and read again is the same; an error stands within the text. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 4096 };

typedef struct rules {
    uint32_t allow;
    uint32_t tolerate;
} rules;

static void check_error(int error, size_t offset, smtp_str words)
{
    CHECK(error < 0 && strcmp(smtp_error_name(error), "UNKNOWN") != 0);
    CHECK(offset <= words.len);
}

static void check_host_slices(const smtp_host *host, smtp_str words)
{
    CHECK(host->kind != SMTP_HOST_NONE);
    CHECK(is_within(host->text, words));
    CHECK(is_within(host->tag, words));
    CHECK(is_within(host->content, words));
    CHECK(is_free_of_controls(host->text));
}

static void try_host(smtp_str words, rules by)
{
    char out[ROOM];
    smtp_host host;
    smtp_host again;
    smtp_str written = {out, 0};
    size_t offset = (size_t)-1;
    int error = smtp_host_parse(&host, words, by.allow, by.tolerate, &offset);

    if (error != SMTP_ERR_OK) {
        check_error(error, offset, words);
        return;
    }
    check_host_slices(&host, words);
    CHECK(smtp_host_format(out, sizeof out, &written.len, &host) == SMTP_ERR_OK);
    CHECK(smtp_host_parse(&again, written, by.allow, by.tolerate, NULL) == SMTP_ERR_OK);
    check_same_host(&host, &again);
    CHECK(smtp_host_format(out, written.len - 1, &offset, &host) == SMTP_ERR_NO_SPACE);
}

/* The local part means the same in its shortest form. */
static void check_local_part(const smtp_mailbox *mailbox)
{
    char octets[ROOM];
    char quoted[ROOM];
    char again[ROOM];
    smtp_str meant = {octets, 0};
    smtp_str form = {quoted, 0};
    smtp_str back = {again, 0};

    CHECK(smtp_local_part_unquote(octets, sizeof octets, &meant.len, mailbox->local) == 0);
    CHECK(smtp_local_part_quote(quoted, sizeof quoted, &form.len, meant) == 0);
    CHECK(smtp_local_part_unquote(again, sizeof again, &back.len, form) == 0);
    CHECK(smtp_str_equal(meant, back));
    if (mailbox->quoted)
        CHECK(form.len <= mailbox->local.len);
}

/* What was written can be read. Only quotes around dots that were tolerated make it longer, and
 * then perhaps too long. Gives 1 when it was read. */
static int is_read(int error, const smtp_mailbox *mailbox, rules by)
{
    if (error != SMTP_ERR_LOCAL_PART_TOO_LONG && error != SMTP_ERR_PATH_TOO_LONG)
        CHECK(error == SMTP_ERR_OK);
    else
        CHECK((by.tolerate & SMTP_TOLERATE_DOTS) && !mailbox->quoted);
    return error == SMTP_ERR_OK;
}

static void check_mailbox(const smtp_mailbox *mailbox, smtp_str words, rules by)
{
    char out[ROOM];
    char twice[ROOM];
    smtp_mailbox again;
    smtp_str written = {out, 0};
    smtp_str rewritten = {twice, 0};

    CHECK(is_within(mailbox->text, words) && is_within(mailbox->local, words));
    CHECK(is_free_of_controls(mailbox->text));
    CHECK(mailbox->utf8 == 0 || (by.allow & SMTP_ADDRESS_UTF8));
    check_host_slices(&mailbox->host, words);
    check_local_part(mailbox);
    CHECK(smtp_mailbox_format(out, sizeof out, &written.len, mailbox) == SMTP_ERR_OK);
    if (by.tolerate == 0)
        CHECK(written.len <= 320);
    if (!is_read(smtp_mailbox_parse(&again, written, by.allow, by.tolerate, NULL), mailbox, by))
        return;
    check_same_mailbox(mailbox, &again);
    CHECK(smtp_mailbox_format(twice, sizeof twice, &rewritten.len, &again) == SMTP_ERR_OK);
    CHECK(smtp_str_equal(written, rewritten));
}

static void try_mailbox(smtp_str words, rules by)
{
    smtp_mailbox mailbox;
    size_t offset = (size_t)-1;
    int error = smtp_mailbox_parse(&mailbox, words, by.allow, by.tolerate, &offset);

    if (error != SMTP_ERR_OK)
        check_error(error, offset, words);
    else
        check_mailbox(&mailbox, words, by);
}

static void check_path(const smtp_path *path, smtp_str words, rules by)
{
    char out[ROOM];
    smtp_path again;
    smtp_str written = {out, 0};

    CHECK(path->kind != SMTP_PATH_NONE);
    CHECK(is_within(path->text, words) && is_within(path->route, words));
    CHECK(path->kind != SMTP_PATH_NULL || (by.allow & SMTP_ADDRESS_NULL));
    CHECK(path->kind != SMTP_PATH_POSTMASTER || (by.allow & SMTP_ADDRESS_POSTMASTER));
    if (path->kind == SMTP_PATH_MAILBOX)
        check_mailbox(&path->mailbox, words, by);
    CHECK(smtp_path_format(out, sizeof out, &written.len, path) == SMTP_ERR_OK);
    if (!is_read(smtp_path_parse(&again, written, by.allow, by.tolerate, NULL, NULL),
                 &path->mailbox, by))
        return;
    CHECK(again.kind == path->kind && again.route.len == 0);
    if (path->kind == SMTP_PATH_MAILBOX)
        check_same_mailbox(&path->mailbox, &again.mailbox);
}

static void try_path(smtp_str words, rules by)
{
    smtp_path path;
    smtp_path alone;
    size_t offset = (size_t)-1;
    size_t used = 0;
    int error = smtp_path_parse(&path, words, by.allow, by.tolerate, &used, &offset);

    if (error != SMTP_ERR_OK) {
        check_error(error, offset, words);
        CHECK(smtp_path_parse(&alone, words, by.allow, by.tolerate, NULL, NULL) != SMTP_ERR_OK);
        return;
    }
    CHECK(used <= words.len);
    check_path(&path, words, by);
    CHECK((smtp_path_parse(&alone, words, by.allow, by.tolerate, NULL, &offset) == SMTP_ERR_OK) ==
          (used == words.len));
    CHECK(used == words.len || offset <= words.len);
}

/* Octets that mean a local part: a form of them is read as a local part that means them. */
static void try_octets(smtp_str octets)
{
    char form[ROOM];
    char back[ROOM];
    smtp_str written = {form, 0};
    smtp_str meant = {back, 0};

    if (octets.len > 1024 ||
        smtp_local_part_quote(form, sizeof form, &written.len, octets) != SMTP_ERR_OK)
        return;
    CHECK(smtp_utf8_valid(written, NULL) && is_free_of_controls(written));
    CHECK(smtp_local_part_unquote(back, sizeof back, &meant.len, written) == SMTP_ERR_OK);
    CHECK(smtp_str_equal(octets, meant));
    if (octets.len <= 60 && written.len <= SMTP_LOCAL_PART_MAX) {
        smtp_mailbox mailbox;
        memcpy(form + written.len, "@a", 2);
        written.len += 2;
        CHECK(smtp_mailbox_parse(&mailbox, written, SMTP_ADDRESS_UTF8, 0, NULL) == SMTP_ERR_OK);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    rules by;

    by.allow = draw(&in.choices, 8);
    by.tolerate = draw_bits(&in.choices, 2) & 0x1fff;
    if (in.text.len <= 2048) {
        try_host(in.text, by);
        try_mailbox(in.text, by);
        try_path(in.text, by);
        try_octets(in.text);
    }
    free(in.block);
    return 0;
}
