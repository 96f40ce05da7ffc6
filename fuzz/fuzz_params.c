/* SPDX-License-Identifier: MIT
 * Parameters of MAIL and RCPT: typed as they are written, no more of them with fewer extensions. */
#include "lines.h"
#include "smtp/trace.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 8192 };

/* Values of xtext decode, and what they mean has no controls. */
static void check_values(const smtp_params *params)
{
    char out[ROOM];
    smtp_str meant = {out, 0};

    if (params->present & SMTP_PARAM_ENVID) {
        CHECK(smtp_xtext_decode(out, sizeof out, &meant.len, params->envid) == SMTP_ERR_OK);
        CHECK(is_free_of_controls(meant));
    }
    if ((params->present & SMTP_PARAM_AUTH) && !smtp_str_equal(params->auth, smtp_text("<>"))) {
        CHECK(smtp_xtext_decode(out, sizeof out, &meant.len, params->auth) == SMTP_ERR_OK);
        CHECK(is_free_of_controls(meant));
    }
    if ((params->present & SMTP_PARAM_ORCPT) &&
        smtp_str_equal_nocase(params->orcpt_type, smtp_text("utf-8"))) {
        CHECK(smtp_orcpt_utf8_decode(out, sizeof out, &meant.len, params->orcpt_address) == 0);
        CHECK(smtp_utf8_valid(meant, NULL));
    }
}

/* Each parameter that stands in the text comes once, and its parts are within. */
static void check_list(const smtp_params *params, smtp_str line)
{
    smtp_param param;
    size_t position = 0;

    while (smtp_params_next(params->text, &position, &param)) {
        CHECK(position <= params->text.len);
        CHECK(param.keyword.len > 0 && is_within(param.keyword, line));
        CHECK(is_within(param.value, line));
    }
}

static void try_params(const char *command, smtp_str words, const smtp_syntax *syntax)
{
    smtp_syntax every = *syntax;
    smtp_command narrow;
    smtp_command wide;
    text line = {NULL, 0, 0};
    smtp_str copy;
    char *block;

    text_say(&line, "%s", command);
    text_add(&line, words);
    block = exact(text_str(&line));
    copy = text_str(&line);
    copy.ptr = block;
    every.extensions = UINT32_MAX;
    if (check_command(copy, &every, &wide) == SMTP_ERR_OK) {
        check_list(&wide.params, copy);
        check_values(&wide.params);
    }
    if (check_command(copy, syntax, &narrow) == SMTP_ERR_OK) {
        CHECK(smtp_command_parse(&wide, copy, &every, NULL) == SMTP_ERR_OK);
        check_same_params(&narrow.params, &wide.params);
    }
    free(block);
    text_drop(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = input_read(data, size);
    smtp_syntax syntax = draw_syntax(&in.choices);
    smtp_param param;
    size_t position = 0;
    char out[ROOM];
    size_t len = 0;

    if (in.text.len <= 2048) {
        try_params("MAIL FROM:<a@b.c> ", in.text, &syntax);
        try_params("RCPT TO:<a@b.c> ", in.text, &syntax);
        while (smtp_params_next(in.text, &position, &param))
            CHECK(position <= in.text.len);
        (void)smtp_orcpt_utf8_decode(out, sizeof out, &len, in.text);
    }
    free(in.block);
    return 0;
}
