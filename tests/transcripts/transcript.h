/* SPDX-License-Identifier: MIT
 * Transcripts: conversations in Markdown, as they are read from a file and as they are played. */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "smtp/base.h"
#include "smtp/client.h"
#include "smtp/reply.h"
#include "smtp/server.h"
#include "smtp/session.h"

/* text.c: octets that grow, and the escapes in which a transcript writes them. */

typedef struct text {
    char *ptr;
    size_t len;
    size_t room;
} text;

/* More room in an array of `count` elements, by doubling. Without memory the program ends. */
void *grown(void *array, size_t count, size_t element);
void text_add(text *to, const char *octets, size_t len);
void text_say(text *to, const char *format, ...);
void text_say_list(text *to, const char *format, va_list values);
void text_drop(text *gone);
smtp_str text_str(const text *from);

/* Decodes the escapes of a line. `round` is what \# stands for. Gives 0 when one is malformed;
 * *open is set when the line ends in a single backslash: no CRLF belongs to it. */
int text_decode(text *to, smtp_str written, size_t round, int *open);
/* The reverse: one line that can be shown, with its escapes. */
void text_show(text *to, smtp_str octets);

/* The next word of *rest, which loses it. A part in "..." may hold spaces and escapes; the quotes
 * stay. */
smtp_str word_next(smtp_str *rest);
/* What a word means: quotes are dropped, escapes decoded. Gives 0 when one is malformed. */
int word_decode(text *to, smtp_str word);
int is_word(smtp_str word, const char *name);

/* A conversation. */

/* How a line of expected output is compared. */
enum { LINE_EXACT, LINE_BEGINS, LINE_REPLY };

/* What is expected: an event, or a line of output. */
typedef struct expected {
    size_t number; /* of its line in the file */
    text octets;
    int how; /* LINE_ */
} expected;

/* What a callback is to answer. */
enum { ANSWER_VALUE, ANSWER_REPLY, ANSWER_DEFER };

typedef struct answer {
    size_t number;
    char event[16];
    int kind; /* ANSWER_ */
    int code;
    uint32_t status;
    int wanted; /* what smtp_server_reply() is to give, 0: the code */
    text words;
} answer;

/* An action of the embedding program, or a check: its line as written. */
typedef struct step {
    size_t number;
    smtp_str line;
} step;

/* A turn: what happens, then what follows from it until nothing moves. */
typedef struct turn {
    answer *answers;
    size_t answer_count;
    step action; /* absent: line.ptr is NULL */
    text input;  /* what the peer says */
    expected *events;
    size_t event_count;
    expected *output;
    size_t output_count;
    step *checks;
    size_t check_count;
    size_t number; /* of its first line */
    int closed;    /* nothing of the peer belongs to it any more */
} turn;

typedef struct setting {
    size_t number;
    smtp_str key;
    smtp_str value;
} setting;

typedef struct conversation {
    const char *file;
    size_t number;
    smtp_str title;
    int client; /* the library plays the client */
    setting *settings;
    size_t setting_count;
    turn *turns;
    size_t turn_count;
} conversation;

/* A file: its text, which the rest points into, and its conversations. */
typedef struct transcript {
    text source;
    conversation *talks;
    size_t talk_count;
} transcript;

/* parse.c, script.c. */

/* Reads a file; 0 when it cannot be read or is malformed, which was then told. */
int transcript_read(transcript *to, const char *file);
void transcript_drop(transcript *gone);

/* Takes "=> NAME" off the end of a line; gives the error, 0 when there is none. */
int script_wanted(smtp_str *line, int *known);

/* Adds a line of a script ("C: EHLO client.example") to a conversation; 0 when it is malformed. */
int script_line(conversation *talk, smtp_str line, size_t number);

/* names.c: the words for bits and codes. */

typedef struct name {
    const char *word;
    uint32_t value;
} name;

extern const name names_tolerate[], names_extension[], names_server_flag[], names_client_flag[];
extern const name names_tls[], names_envelope_flag[], names_found[], names_wants[];
extern const name names_reset[], names_result[];

/* The value of a word, or 0 with *known 0. */
uint32_t name_value(const name *table, smtp_str word, int *known);
/* The word of a value, or "?". */
const char *name_word(const name *table, uint32_t value);
/* The words of all bits, with `between` between them. */
void name_words(text *to, const name *table, uint32_t bits, const char *between);
/* The bits of words separated by spaces or commas; *known is 0 when one is not in the table. */
uint32_t name_bits(const name *table, smtp_str words, int *known);
int error_value(smtp_str word, int *known);
uint32_t status_value(smtp_str word);

/* playing */

enum { CUT_NONE, CUT_EACH, CUT_RANDOM };

/* One way to play a conversation. */
typedef struct pass {
    const char *name;
    int cut;     /* CUT_: how the input is given */
    int drain;   /* 0: all output at once; 1: some octets at a time */
    int storage; /* 1: smtp_server_init() instead of smtp_server_new() */
    uint64_t seed;
} pass;

typedef struct sender sender; /* send.c: the envelopes that are under way, the oldest first */

typedef struct play {
    const conversation *talk;
    const pass *way;
    smtp_session *session;
    smtp_server *server;
    smtp_client *client;
    void *storage;
    smtp_server_config server_config;
    smtp_client_config client_config;
    smtp_server_callbacks server_callbacks;
    smtp_client_callbacks client_callbacks;
    smtp_time now;
    uint64_t random;
    const smtp_str *users; /* of a server, as name:password */
    size_t user_count;
    text input;   /* of the peer, not yet taken */
    text output;  /* not yet compared */
    text *events; /* not yet compared */
    size_t event_count;
    text body; /* the pieces of the message under way */
    int in_body;
    uint64_t body_octets;
    const answer **answers; /* not yet given */
    size_t answer_count;
    uint64_t ticket; /* of the last event that was deferred */
    uint64_t ticket_before;
    sender *send;
    int resume;     /* the body source deferred */
    int body_whole; /* it gives all at once, in every pass */
    void **kept;    /* freed at the end */
    size_t kept_count;
    int held; /* no output is taken */
    int failed;
} play;

/* play.c */
int play_conversation(const conversation *talk, const pass *way);
/* Tells what went wrong, once, and where. Gives 0. */
int play_failed(play *p, size_t number, const char *format, ...);
/* An event: closes the body before it. */
void play_event(play *p, const char *format, ...);
void play_body(play *p, smtp_str chunk);
uint64_t play_random(play *p, uint64_t below);
void *play_keep(play *p, size_t bytes);
void play_settle(play *p);

/* action.c: runs an action; 0 when it is not known, or does not give what it should. */
int act_step(play *p, const step *action);

/* compare.c */
int compare_turn(play *p, const turn *now);

/* config.c: reads the settings into the configuration of the role. */
int config_read(play *p);

/* check.c */
int check_step(play *p, const step *check);

/* server_events.c: the callbacks that are there by default, and all of them. */
extern const smtp_server_callbacks server_usual, server_every;

/* play_server.c, play_client.c */
int server_open(play *p);
void server_close(play *p);
int server_action(play *p, smtp_str verb, smtp_str rest, int *result);
int client_open(play *p);
void client_close(play *p);
int client_action(play *p, smtp_str verb, smtp_str rest, int *result);

/* send.c: `! send`, the envelopes and the source of their bodies; the oldest has ended. */
int send_start(play *p, smtp_str rest);
int send_body(play *p, smtp_body_request *request);
void send_ended(play *p);

/* seeds.c: what the peers say, a file a conversation; gives how many could not be written. */
int write_seeds(const transcript *from, const char *folder);

/* against.c: the client's side against a server on TCP; gives how many conversations failed. */
int play_against(const transcript *from, const char *where, size_t *played);

#endif
