/* SPDX-License-Identifier: MIT
 * Escapes for what a peer said, and the trace of a conversation. */
#define _POSIX_C_SOURCE 200809L
#include "terminal.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

void terminal_occupy(void)
{
    int fd;

    do
        fd = open("/dev/null", O_WRONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Controls of ASCII, those that UTF-8 writes as C2 80 to C2 9F, and what is not UTF-8 at all. */
static int is_unfit(smtp_str text, size_t i, int utf8)
{
    unsigned char octet = (unsigned char)text.ptr[i];

    if (octet < 0x80)
        return octet < 0x20 || octet == 0x7f;
    if (!utf8)
        return 1;
    if (octet == 0xc2)
        return (unsigned char)text.ptr[i + 1] < 0xa0;
    return octet < 0xa0 && (unsigned char)text.ptr[i - 1] == 0xc2;
}

/* Writes one octet to out, escaped where it must be; gives the length, at most 4. */
static size_t escape(char *out, unsigned char octet, int must)
{
    static const char digits[] = "0123456789abcdef";
    static const char names[] = "\tt\rr\nn";
    const char *name = octet != '\0' ? strchr(names, octet) : NULL;

    if (!must) {
        out[0] = (char)octet;
        return 1;
    }
    out[0] = '\\';
    if (name != NULL && octet < 0x20) {
        out[1] = name[1];
        return 2;
    }
    out[1] = 'x';
    out[2] = digits[octet >> 4];
    out[3] = digits[octet & 15];
    return 4;
}

void terminal_write(FILE *file, smtp_str text)
{
    char out[1024];
    size_t length = 0;
    int utf8 = smtp_utf8_valid(text, NULL);
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (length > sizeof out - 4) {
            fwrite(out, 1, length, file);
            length = 0;
        }
        length += escape(out + length, (unsigned char)text.ptr[i], is_unfit(text, i, utf8));
    }
    if (length > 0)
        fwrite(out, 1, length, file);
}

void terminal_trace(smtp_session *session, const smtp_trace_event *event, void *user)
{
    uint64_t *content = user;

    (void)session;
    if (event->kind == SMTP_TRACE_BODY) {
        *content += event->octets;
        return;
    }
    flockfile(stderr); /* the lines of several threads stay whole */
    if (*content > 0)
        fprintf(stderr, "C: [%llu octets of the message]\n", (unsigned long long)*content);
    *content = 0;
    fputs(event->client ? "C: " : "S: ", stderr);
    terminal_write(stderr, event->text);
    fputs(event->kind == SMTP_TRACE_SECRET ? " [not shown]\n" : "\n", stderr);
    funlockfile(stderr);
}
