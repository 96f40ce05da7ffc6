/* SPDX-License-Identifier: MIT
 * Reads a Markdown file: headings, lists of settings, and the blocks of code that are
 * conversations. */
#include "transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE_EACH "Before each"

/* What is known of a file on the way through it. */
typedef struct reader {
    transcript *to;
    const char *file;
    size_t number;     /* of the line */
    smtp_str title;    /* of the file */
    setting *settings; /* for every conversation */
    size_t setting_count;
    step *before; /* the lines that stand before each conversation */
    size_t before_count;
    conversation *talk; /* that is being read, NULL: none */
    int in_before;
    int fenced;
    int failed;
} reader;

static void add_setting(setting **settings, size_t *count, setting added)
{
    *settings = grown(*settings, *count, sizeof added);
    (*settings)[(*count)++] = added;
}

static void apply_role(reader *r, conversation *talk, setting from)
{
    if (!is_word(from.key, "role"))
        return;
    talk->client = is_word(from.value, "client");
    if (!talk->client && !is_word(from.value, "server")) {
        fprintf(stderr, "%s:%lu: the role is server or client\n", r->file,
                (unsigned long)from.number);
        r->failed = 1;
    }
}

static void begin_talk(reader *r, smtp_str title)
{
    transcript *to = r->to;
    conversation *talk;
    size_t i;

    to->talks = grown(to->talks, to->talk_count, sizeof *talk);
    talk = &to->talks[to->talk_count++];
    memset(talk, 0, sizeof *talk);
    talk->file = r->file;
    talk->number = r->number;
    talk->title = title;
    for (i = 0; i < r->setting_count; i++) {
        add_setting(&talk->settings, &talk->setting_count, r->settings[i]);
        apply_role(r, talk, r->settings[i]);
    }
    r->talk = talk;
}

static void read_script(reader *r, smtp_str line)
{
    size_t i;

    if (line.len == 0)
        return;
    if (r->in_before) {
        r->before = grown(r->before, r->before_count, sizeof *r->before);
        r->before[r->before_count].number = r->number;
        r->before[r->before_count++].line = line;
        return;
    }
    if (r->talk == NULL)
        begin_talk(r, r->title);
    if (r->talk->turn_count == 0) {
        for (i = 0; i < r->before_count; i++)
            r->failed |= !script_line(r->talk, r->before[i].line, r->before[i].number);
    }
    r->failed |= !script_line(r->talk, line, r->number);
}

static void read_heading(reader *r, smtp_str line)
{
    size_t level = 0;
    smtp_str title;

    while (level < line.len && line.ptr[level] == '#')
        level++;
    title.ptr = line.ptr + level;
    title.len = line.len - level;
    while (title.len > 0 && title.ptr[0] == ' ') {
        title.ptr++;
        title.len--;
    }
    r->talk = NULL;
    r->in_before = 0;
    if (level == 1)
        r->title = title;
    else if (title.len >= strlen(BEFORE_EACH) &&
             memcmp(title.ptr, BEFORE_EACH, strlen(BEFORE_EACH)) == 0)
        r->in_before = 1;
    else
        begin_talk(r, title);
}

static void read_setting(reader *r, smtp_str line)
{
    const char *colon = memchr(line.ptr, ':', line.len);
    setting from;

    if (colon == NULL)
        return;
    from.number = r->number;
    from.key.ptr = line.ptr + 2;
    from.key.len = (size_t)(colon - from.key.ptr);
    from.value.ptr = colon + 1;
    from.value.len = line.len - (size_t)(from.value.ptr - line.ptr);
    while (from.value.len > 0 && from.value.ptr[0] == ' ') {
        from.value.ptr++;
        from.value.len--;
    }
    if (r->talk == NULL) {
        add_setting(&r->settings, &r->setting_count, from);
    } else {
        add_setting(&r->talk->settings, &r->talk->setting_count, from);
        apply_role(r, r->talk, from);
    }
}

static int begins(smtp_str line, const char *with)
{
    return line.len >= strlen(with) && memcmp(line.ptr, with, strlen(with)) == 0;
}

static void read_line(reader *r, smtp_str line)
{
    if (begins(line, "```")) {
        r->fenced = !r->fenced;
    } else if (r->fenced) {
        read_script(r, line);
    } else if (begins(line, "    ")) {
        line.ptr += 4;
        line.len -= 4;
        read_script(r, line);
    } else if (begins(line, "#")) {
        read_heading(r, line);
    } else if (begins(line, "- ")) {
        read_setting(r, line);
    }
}

static int read_source(text *to, const char *file)
{
    char block[4096];
    size_t len;
    FILE *from = fopen(file, "rb");

    if (from == NULL) {
        perror(file);
        return 0;
    }
    while ((len = fread(block, 1, sizeof block, from)) > 0)
        text_add(to, block, len);
    (void)fclose(from);
    return 1;
}

int transcript_read(transcript *to, const char *file)
{
    reader r;
    size_t at = 0;

    memset(to, 0, sizeof *to);
    memset(&r, 0, sizeof r);
    r.to = to;
    r.file = file;
    if (!read_source(&to->source, file))
        return 0;
    while (at < to->source.len) {
        const char *begin = to->source.ptr + at;
        const char *lf = memchr(begin, '\n', to->source.len - at);
        smtp_str line;

        line.ptr = begin;
        line.len = lf == NULL ? to->source.len - at : (size_t)(lf - begin);
        at += line.len + 1;
        r.number++;
        read_line(&r, line);
    }
    free(r.settings);
    free(r.before);
    return !r.failed;
}

static void drop_expected(expected *list, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        text_drop(&list[i].octets);
    free(list);
}

static void drop_turn(turn *gone)
{
    size_t i;

    for (i = 0; i < gone->answer_count; i++)
        text_drop(&gone->answers[i].words);
    free(gone->answers);
    free(gone->checks);
    text_drop(&gone->input);
    drop_expected(gone->events, gone->event_count);
    drop_expected(gone->output, gone->output_count);
}

void transcript_drop(transcript *gone)
{
    size_t i;
    size_t k;

    for (i = 0; i < gone->talk_count; i++) {
        for (k = 0; k < gone->talks[i].turn_count; k++)
            drop_turn(&gone->talks[i].turns[k]);
        free(gone->talks[i].turns);
        free(gone->talks[i].settings);
    }
    free(gone->talks);
    text_drop(&gone->source);
}
