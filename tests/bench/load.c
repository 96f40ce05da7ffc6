/* SPDX-License-Identifier: MIT
 * A client that only moves octets, and costs less than any server: load PORT CONNECTIONS MESSAGES
 * OCTETS. It says MAIL, RCPT and BDAT LAST in one write and waits for the three replies, on all
 * connections in turn. With MESSAGES 0 it greets, prints "ready" and holds the connections until
 * its input ends. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int die(const char *why)
{
    perror(why);
    exit(1);
}

/* Reads to the end of so many lines that begin with a code and a space; each must be 2yz. */
static void expect(int fd, unsigned replies)
{
    char octets[2048];
    size_t len = 0;

    while (replies > 0) {
        ssize_t n = recv(fd, octets + len, sizeof octets - len, 0);
        char *line = octets;
        char *lf;

        if (n <= 0)
            die("recv");
        len += (size_t)n;
        while ((lf = memchr(line, '\n', (size_t)(octets + len - line))) != NULL) {
            if (line[0] != '2')
                die("refused");
            replies -= line[3] == ' ';
            line = lf + 1;
        }
        len -= (size_t)(line - octets);
        memmove(octets, line, len);
    }
}

static void say(int fd, const char *octets, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, octets, len, MSG_NOSIGNAL);

        if (n <= 0)
            die("send");
        octets += n;
        len -= (size_t)n;
    }
}

static int greet(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;

    to.sin_port = htons((unsigned short)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    expect(fd, 1);
    say(fd, "EHLO client.example\r\n", 21);
    expect(fd, 1);
    return fd;
}

static char *transaction(size_t octets, size_t *len)
{
    char *text = malloc(octets + 256);

    if (text == NULL)
        die("malloc");
    *len = (size_t)sprintf(text,
                           "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n"
                           "BDAT %lu LAST\r\n",
                           (unsigned long)octets);
    for (size_t i = 0; i < octets; i++)
        text[(*len)++] = (i % 64 == 62) ? '\r' : (i % 64 == 63) ? '\n' : 'x';
    return text;
}

int main(int argc, char **argv)
{
    unsigned long number[5] = {0};
    size_t len;
    char *text;
    int *fds;

    for (int i = 1; i < argc && i < 5; i++)
        number[i] = strtoul(argv[i], NULL, 10);
    if (argc != 5 || number[2] == 0 || (fds = calloc(number[2], sizeof *fds)) == NULL)
        return 64;
    text = transaction(number[4], &len);
    for (unsigned long i = 0; i < number[2]; i++)
        fds[i] = greet((unsigned)number[1]);
    for (unsigned long done = 0; done < number[3]; done += number[2]) {
        for (unsigned long i = 0; i < number[2]; i++)
            say(fds[i], text, len);
        for (unsigned long i = 0; i < number[2]; i++)
            expect(fds[i], 3);
    }
    if (number[3] == 0) {
        printf("ready\n");
        fflush(stdout);
        while (getchar() != EOF)
            ;
    }
    for (unsigned long i = 0; i < number[2]; i++)
        close(fds[i]);
    free(fds);
    free(text);
    return 0;
}
