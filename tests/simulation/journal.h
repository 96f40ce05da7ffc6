/* SPDX-License-Identifier: MIT
 * What happened in a run, what it must never come to, and the hash that two runs of a seed share.
 */
#ifndef SIMULATION_JOURNAL_H
#define SIMULATION_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

/* All that can happen, each with up to two numbers. A long series in which one of these never
 * happened has not simulated it, and fails. */
#define EVENTS(X)                                                                                  \
    X(CONNECTS, "a connection is made, number %lu, calm %lu")                                      \
    X(CLIENT_WRITES, "client writes %lu octets, the last is number %lu")                           \
    X(SERVER_WRITES, "server writes %lu octets, the last is number %lu")                           \
    X(WRITES_IN_VAIN, "side %lu writes what nobody reads any more, %lu octets of it so far")       \
    X(CLIENT_READS, "client takes %lu of %lu octets")                                              \
    X(SERVER_READS, "server takes %lu of %lu octets")                                              \
    X(CLIENT_SEES_END, "client learns that the connection has ended")                              \
    X(SERVER_SEES_END, "server learns that the connection has ended")                              \
    X(CLIENT_CLOSES, "client closes its side")                                                     \
    X(SERVER_CLOSES, "server closes its side")                                                     \
    X(CLIENT_EXPIRES, "client's deadline %lu has passed")                                          \
    X(SERVER_EXPIRES, "server's deadline %lu has passed")                                          \
    X(CLIENT_TLS, "client's handshake: %lu (0 done, 1 failed)")                                    \
    X(SERVER_TLS, "server's handshake: %lu (0 done, 1 failed)")                                    \
    X(RESET, "the network loses the connection at octet %lu of side %lu")                          \
    X(HALF, "the network ends one direction at octet %lu of side %lu")                             \
    X(HOLE, "the network swallows what follows octet %lu of side %lu")                             \
    X(STALL, "the network holds octets back until %lu, of side %lu")                               \
    X(FULL, "the window is full at %lu octets, of side %lu")                                       \
    X(JUMP, "the clock goes on to %lu")                                                            \
    X(SERVER_DIES, "the server's process dies, letter on the disk unanswered %lu")                 \
    X(CLIENT_DIES, "the client's process dies, message under way %lu")                             \
    X(SHUT_DOWN, "the server's caller closes the session")                                         \
    X(GIVES_UP, "the client's caller drops the connection")                                        \
    X(NO_MEMORY, "no memory for a line of %lu octets")                                             \
    X(LATE_MEMORY, "a line borrows %lu octets")                                                    \
    X(ASKED, "server asks its caller, %lu, answer %lu")                                            \
    X(DEFERRED, "server's caller will answer %lu at %lu")                                          \
    X(ANSWERED, "server's caller answers %lu with %lu")                                            \
    X(STALE, "an answer comes too late")                                                           \
    X(BODY, "%lu octets of content to the disk, at %lu")                                           \
    X(DURABLE, "attempt %lu is on the disk for recipients %lx")                                    \
    X(WITHDRAWN, "attempt %lu is taken from the disk again")                                       \
    X(ABORTED, "server's transaction is dropped, reason %lu, error %ld")                           \
    X(SERVER_DONE, "server's session is over, error %ld")                                          \
    X(SENDS, "attempt %lu, of letter %lu, is sent")                                                \
    X(AHEAD, "attempt %lu, of letter %lu, is sent while another one is under way")                 \
    X(READY, "client is ready, TLS %lu, ESMTP %lu")                                                \
    X(REPLY, "client has a reply %lu to %ld")                                                      \
    X(SOURCE, "the body gives %lu octets, last %lu")                                               \
    X(SOURCE_DEFERS, "the body will go on at %lu")                                                 \
    X(SOURCE_RESUMES, "the body goes on")                                                          \
    X(SOURCE_FAILS, "the body fails at %lu")                                                       \
    X(RECIPIENT, "recipient %lu: result %lu")                                                      \
    X(DELIVERED, "sent: delivered, to %lu")                                                        \
    X(TEMPORARY, "sent: temporary, to %lu, error %ld")                                             \
    X(PERMANENT, "sent: permanent, to %lu, error %ld")                                             \
    X(UNKNOWN, "sent: unknown, to %lu, error %ld")                                                 \
    X(COMMANDS, "client's caller asks verb %lu")                                                   \
    X(QUITS, "client's caller says quit")                                                          \
    X(CLIENT_DONE, "client's session is over, error %ld")                                          \
    X(UNKNOWN_STORED, "attempt %lu is unknown to the client, and stored")                          \
    X(UNKNOWN_NOT_STORED, "attempt %lu is unknown to the client, and not stored")                  \
    X(STORED_AGAIN, "recipient %lu of attempt %lu is tried again, and was stored (LMTP)")

enum event {
#define EVENT_ENUM(name, text) EVENT_##name,
    EVENTS(EVENT_ENUM)
#undef EVENT_ENUM
        EVENT_COUNT
};

/* What must hold; the sentence says what is wrong when it does not. */
#define CHECKS(X)                                                                                  \
    X(NONE, "nothing is wrong")                                                                    \
    X(DURABLE, "250 was queued before the message was on the disk")                                \
    X(STORED_ONCE, "a message that was answered 250 is not on the disk exactly once")              \
    X(STORED_REFUSED, "a message that was refused is on the disk")                                 \
    X(STORED_TWICE, "a message is on the disk more often than it was accepted")                    \
    X(OCTETS, "a message on the disk is not what was to be sent, octet for octet")                 \
    X(RECIPIENTS, "a message is stored for others than those accepted")                            \
    X(DELIVERED, "the client says delivered, and the server did not say that")                     \
    X(FAILED, "the client says that it failed, and it is stored")                                  \
    X(UNKNOWN, "the client says unknown, but it knows or could not have been taken")               \
    X(HEARD, "the client took the reply and tells something else")                                 \
    X(SUMMARY, "the result of a message does not follow from those of its recipients")             \
    X(SENT_ONCE, "not exactly one `sent` for a message")                                           \
    X(RECIPIENT_ONCE, "not exactly one `recipient` for a recipient")                               \
    X(MAIL_ENDS, "an accepted `mail` was not followed by exactly one `reset` or `message`")        \
    X(CLOSE_ONCE, "not exactly one `close`")                                                       \
    X(AFTER_CLOSE, "an event after `close`")                                                       \
    X(CONTENT, "content that does not continue, or that nobody wants")                             \
    X(FOREIGN, "content that does not stand in the letter")                                        \
    X(LEDGER, "an event that does not fit what came before it")                                    \
    X(CONVERSATION, "a reply that nothing asked for, or a command without a reply")                \
    X(GROUP, "a command in a group that was not agreed to, or behind one that ends it")            \
    X(CLEAR_TEXT, "octets in the clear behind the switch to TLS")                                  \
    X(RETURNED, "a function returned what it must not return here")                                \
    X(COUNTERS, "the session's counters are not what went in and out")                             \
    X(NOTHING, "a call that must do nothing did something")                                        \
    X(HANGS, "it does not come to an end")                                                         \
    X(WAITS, "both sides wait, and nothing was lost")                                              \
    X(UNSETTLED, "nothing stood in the way, and yet a letter was neither delivered nor refused")   \
    X(REFUSED,                                                                                     \
      "nothing stood in the way, and yet a letter was refused, or one that is too large taken")    \
    X(TICKET, "a ticket that was there before, or one that is stale and was taken")                \
    X(MEMORY_LATE, "memory was taken after the session was made, not for a line")                  \
    X(MEMORY_KEPT, "memory was not given back, or not as it was taken")                            \
    X(REPEATED, "the same seed did not come to the same")                                          \
    X(HARNESS, "the simulation is too small for this")

enum check {
#define CHECK_ENUM(name, text) CHECK_##name,
    CHECKS(CHECK_ENUM)
#undef CHECK_ENUM
        CHECK_COUNT
};

typedef struct journal {
    uint64_t hash;
    uint64_t length; /* events; what moved nothing has none */
    int verbose;
    int broken; /* the first check that did not hold */
    uint64_t broken_at;
    uint64_t *times; /* how often each event happened, over all runs */
} journal;

struct sim;

void journal_begin(journal *to, uint64_t *times, int verbose);
void note(struct sim *s, int event, uint64_t a, uint64_t b);

/* Octets that moved belong to what two runs must share. */
void note_octets(struct sim *s, const char *octets, size_t len);

void must(struct sim *s, int holds, int check);
const char *check_name(int check);
const char *check_text(int check);
const char *event_text(int event);

#endif
