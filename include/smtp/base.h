/* SPDX-License-Identifier: MIT
 * Slices, errors, the allocator and the encodings that everything else is made of. */
#ifndef SMTP_BASE_H
#define SMTP_BASE_H

#include <stddef.h>
#include <stdint.h>

/* Nothing to define in the common case: a static library and every ELF or Mach-O system are right
 * as they are. */
#if defined(SMTP_BUILDING_SHARED) && defined(_WIN32)
#define SMTP_API __declspec(dllexport)
#elif defined(SMTP_USING_SHARED) && defined(_WIN32)
#define SMTP_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define SMTP_API __attribute__((visibility("default")))
#else
#define SMTP_API
#endif

/* The version of these headers; smtp_version() gives that of the library that runs. */
#define SMTP_VERSION_MAJOR 0
#define SMTP_VERSION_MINOR 1
#define SMTP_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* Octets with a length, in the member order of struct iovec. Not NUL-terminated; {NULL, 0} is
 * absent.
 *
 * One rule of lifetime holds for the whole interface. A slice given to a callback is valid until
 * that callback returns. A slice given to a function is read before the function returns, except
 * where the comment says "copied" (it is kept by value) or "borrowed" (it must stay until the event
 * that is named there). */
typedef struct smtp_str {
    const char *ptr;
    size_t len;
} smtp_str;

/* Milliseconds of the caller's monotonic clock, counted from anywhere. The library has no clock of
 * its own. */
typedef uint64_t smtp_time;
#define SMTP_TIME_NEVER ((smtp_time)-1)

/* Every error of the library: X(NAME, value, "sentence"). Zero is success and errors are negative,
 * so that they are never taken for a reply code (200 to 599). Values are never used again nor
 * renumbered. They come in groups: from -1 on the caller's misuse and resources, from -30 on text
 * that the grammar does not allow, from -100 on what the peer did wrong in a session, from -150 on
 * transactions that cannot be sent or did not succeed, from -200 on transport and storage, from
 * -230 on authentication. */
#define SMTP_ERROR_MAP(X)                                                                          \
    X(OK, 0, "success")                                                                            \
    X(ARGUMENT, -1, "an argument is not allowed here")                                             \
    X(STATE, -2, "the call is out of order")                                                       \
    X(REENTRANT, -3, "the call is not allowed inside a callback")                                  \
    X(STALE, -4, "the ticket was answered before, or the peer has gone")                           \
    X(CALLBACK, -5, "a callback gave a value that is not documented")                              \
    X(NEWER, -6, "a structure asks for a feature that this version does not know")                 \
    X(UNSUPPORTED, -7, "not available in this version")                                            \
    X(NO_MEMORY, -10, "the allocator or the given storage has no room")                            \
    X(NO_SPACE, -11, "the buffer given for the result is too small")                               \
    X(LINE_TOO_LONG, -12, "the line is longer than the limit")                                     \
    X(REPLY_TOO_LONG, -13, "the reply is longer than the limit")                                   \
    X(EMPTY, -30, "nothing stands where text is needed")                                           \
    X(CONTROL, -31, "a control character, CR, LF or NUL in the text")                              \
    X(UTF8, -32, "octets that are not well-formed UTF-8")                                          \
    X(UTF8_NOT_ALLOWED, -33, "a character outside ASCII without SMTPUTF8")                         \
    X(NUMBER, -34, "not a decimal number")                                                         \
    X(NUMBER_TOO_LARGE, -35, "the number is too large")                                            \
    X(BASE64, -36, "not base64, or wrongly padded")                                                \
    X(XTEXT, -37, "not xtext")                                                                     \
    X(BRACKET, -40, "the path does not begin with < and end with >")                               \
    X(TRAILING, -41, "text behind the end")                                                        \
    X(AT_MISSING, -42, "no @ between local part and domain")                                       \
    X(LOCAL_PART, -43, "the character is not allowed in a local part")                             \
    X(LOCAL_PART_EMPTY, -44, "the local part is empty")                                            \
    X(LOCAL_PART_TOO_LONG, -45, "the local part is longer than 64 octets")                         \
    X(DOT, -46, "a dot at the start or end, or two dots in a row")                                 \
    X(QUOTED_STRING, -47, "the quoted string is not closed, or a character in it is not allowed")  \
    X(DOMAIN_EMPTY, -48, "the domain is empty")                                                    \
    X(DOMAIN_CHARACTER, -49, "the character is not allowed in a domain")                           \
    X(DOMAIN_TOO_LONG, -50, "the domain is longer than 255 octets")                                \
    X(LABEL_TOO_LONG, -51, "a label of the domain is longer than 63 octets")                       \
    X(HYPHEN, -52, "a label of the domain begins or ends with a hyphen")                           \
    X(LITERAL, -53, "the address literal is malformed or not closed")                              \
    X(IPV4, -54, "not an IPv4 address")                                                            \
    X(IPV6, -55, "not an IPv6 address")                                                            \
    X(PATH_TOO_LONG, -56, "the path is longer than 256 octets")                                    \
    X(ROUTE, -57, "the source route is malformed")                                                 \
    X(NULL_PATH, -58, "the null path is not allowed here")                                         \
    X(VERB, -60, "the command is not known")                                                       \
    X(ARGUMENT_MISSING, -61, "the command needs an argument")                                      \
    X(ARGUMENT_UNEXPECTED, -62, "the command takes no argument")                                   \
    X(KEYWORD, -63, "the word is not a keyword")                                                   \
    X(FROM_OR_TO, -64, "FROM: or TO: is missing, or a space stands around its colon")              \
    X(SPACE, -65, "a space is missing, doubled or misplaced")                                      \
    X(PARAMETER_UNKNOWN, -70, "the parameter is not known")                                        \
    X(PARAMETER_NOT_OFFERED, -71, "the extension of the parameter was not offered")                \
    X(PARAMETER_REPEATED, -72, "the parameter stands there twice")                                 \
    X(PARAMETER_VALUE, -73, "the value of the parameter is malformed")                             \
    X(PARAMETER_VALUE_MISSING, -74, "the parameter needs a value")                                 \
    X(PARAMETER_VALUE_UNEXPECTED, -75, "the parameter takes no value")                             \
    X(PARAMETER_CONFLICT, -76, "two parameters exclude each other, or one needs another")          \
    X(REPLY_CODE, -80, "not a reply: three digits of 200 to 599 are missing")                      \
    X(REPLY_SEPARATOR, -81,                                                                        \
      "a reply code is followed by neither space, hyphen nor the line's end")                      \
    X(REPLY_MIXED, -82, "the lines of one reply have different codes")                             \
    X(STATUS, -83, "not an enhanced status code of the reply's class")                             \
    X(DATE, -84, "not a date and time")                                                            \
    X(MECHANISM, -85, "not the name of a SASL mechanism")                                          \
    X(BARE_CR, -100, "a carriage return without a line feed")                                      \
    X(BARE_LF, -101, "a line feed without a carriage return")                                      \
    X(NUL, -102, "a NUL octet")                                                                    \
    X(EIGHT_BIT, -103, "an octet above 127 that was not announced")                                \
    X(INPUT_BEFORE_TLS, -104, "input in the clear behind the switch to TLS")                       \
    X(TLS_FAILED, -105, "the TLS handshake failed")                                                \
    X(TLS_REQUIRED, -106, "TLS is required and cannot be had")                                     \
    X(EOF, -107, "the peer closed the connection")                                                 \
    X(TIMEOUT, -108, "the peer did not answer in time")                                            \
    X(UNEXPECTED_REPLY, -109, "a reply that nothing asked for, or of a kind that is not expected") \
    X(REFUSED, -110, "the server refuses the session")                                             \
    X(SHUTTING_DOWN, -111, "the server closes the session (421)")                                  \
    X(TOO_MANY_ERRORS, -112, "too many errors in one session")                                     \
    X(TOO_MANY_COMMANDS, -113, "too many commands in one session")                                 \
    X(EARLY_INPUT, -114, "the client spoke before the greeting")                                   \
    X(CLOSED_BY_CALLER, -115, "the caller closed the session")                                     \
    X(FRAMING_LOST, -116, "a chunk size that cannot be read: what follows cannot be told apart")   \
    X(TLS_INADEQUATE, -117, "TLS is there and not good enough")                                    \
    X(NOT_SMTP, -118, "the peer does not speak SMTP")                                              \
    X(GREETING_TIMEOUT, -120, "the greeting did not come in time")                                 \
    X(TLS_TIMEOUT, -121, "the TLS handshake took too long")                                        \
    X(COMMAND_TIMEOUT, -122, "the reply to a command did not come in time")                        \
    X(MAIL_TIMEOUT, -123, "the reply to MAIL did not come in time")                                \
    X(RCPT_TIMEOUT, -124, "the reply to RCPT did not come in time")                                \
    X(DATA_TIMEOUT, -125, "the reply to DATA did not come in time")                                \
    X(BODY_TIMEOUT, -126, "the server did not take more of the message in time")                   \
    X(MESSAGE_TIMEOUT, -127, "the reply to the message did not come in time")                      \
    X(NEEDS_SMTPUTF8, -150, "the server has no SMTPUTF8, and the transaction needs it")            \
    X(NEEDS_8BITMIME, -151, "the server has no 8BITMIME, and the message is 8-bit")                \
    X(NEEDS_BINARYMIME, -152,                                                                      \
      "the server has no BINARYMIME and CHUNKING, which the message needs")                        \
    X(NEEDS_EXTENSION, -153, "the server has not the extension of a parameter")                    \
    X(NEEDS_TLS, -154, "the transaction requires TLS")                                             \
    X(MESSAGE_TOO_LARGE, -155, "the message is larger than the limit")                             \
    X(NO_RECIPIENTS, -156, "no recipient was accepted")                                            \
    X(BODY_NEWLINE, -157, "a bare CR or LF in the message")                                        \
    X(BODY_SIZE, -158, "the message has not the size that was declared")                           \
    X(BODY_FAILED, -159, "the body source failed")                                                 \
    X(TRANSACTION_REFUSED, -160, "the server refused the transaction")                             \
    X(OUTCOME_UNKNOWN, -161, "the connection was lost before the reply to the message came")       \
    X(TOO_MANY_RECIPIENTS, -162, "more recipients than the limit")                                 \
    X(TOO_MANY_TRANSACTIONS, -163, "more transactions than the server takes in a session")         \
    X(TOO_MANY_DOMAINS, -164, "recipients in more domains than the server takes in a session")     \
    X(TRANSPORT, -200, "the transport failed")                                                     \
    X(STORE, -201, "the store failed")                                                             \
    X(STORE_FULL, -202, "the store has no room")                                                   \
    X(AUTH_FAILED, -230, "authentication failed")                                                  \
    X(AUTH_UNAVAILABLE, -231, "no mechanism that policy and server both allow")                    \
    X(AUTH_PROTOCOL, -232, "a malformed message in the authentication exchange")                   \
    X(AUTH_CANCELLED, -233, "the authentication was cancelled")                                    \
    X(AUTH_SERVER, -234, "the server could not prove that it knows the password")

enum smtp_error {
#define SMTP_ERROR_ENUM(name, value, text) SMTP_ERR_##name = value,
    SMTP_ERROR_MAP(SMTP_ERROR_ENUM)
#undef SMTP_ERROR_ENUM
        SMTP_ERR_LOWEST = -32767
};

/* The tolerances. None is on by default; each admits one thing that the RFCs forbid and that is met
 * in practice. There is none by which anything but CRLF "." CRLF ends a message. */
enum smtp_tolerate {
    /* A bare LF ends a command line. For scripts typed by hand. Risk: a proxy in front sees one
       line, this server two. */
    SMTP_TOLERATE_LF_COMMAND = 1 << 0,
    /* "MAIL FROM: <a@b>". Sent by many devices. Risk: none known; it is only ugly. */
    SMTP_TOLERATE_SPACE_AFTER_COLON = 1 << 1,
    /* "MAIL FROM:a@b". Risk: where the address ends is a guess when it holds spaces, so quoted
       local parts need <>. */
    SMTP_TOLERATE_NO_BRACKETS = 1 << 2,
    /* Octets above 127 in a message without BODY=8BITMIME. Risk: the next hop may refuse what was
       accepted here. */
    SMTP_TOLERATE_8BIT = 1 << 3,
    /* A bare CR in a message is passed on as content. Risk: a later hop may take it for a line end
       (smuggling). */
    SMTP_TOLERATE_CR_BODY = 1 << 4,
    /* A bare LF in a message is passed on as content. Risk: as for a bare CR, and worse: more
       programs do. */
    SMTP_TOLERATE_LF_BODY = 1 << 5,
    /* A NUL octet in a message is passed on. Risk: programs with C strings lose what follows it. */
    SMTP_TOLERATE_NUL_BODY = 1 << 6,
    /* "user.@host", "a..b@host". Sent by some mobile carriers. Risk: another program may fold or
       refuse it. */
    SMTP_TOLERATE_DOTS = 1 << 7,
    /* A domain that ends in a dot. Risk: compares unequal to the same name without it. */
    SMTP_TOLERATE_TRAILING_DOT = 1 << 8,
    /* An underscore in a domain, and in the argument of EHLO. Risk: not a host name. */
    SMTP_TOLERATE_UNDERSCORE = 1 << 9,
    /* A local part of up to 128 octets. Risk: the next hop may refuse it. */
    SMTP_TOLERATE_LONG_LOCAL_PART = 1 << 10,
    /* EHLO with any single word of visible ASCII, such as an address without brackets. Risk: it is
     * shown in Received as it came, so it stays free of controls, parentheses and backslashes. */
    SMTP_TOLERATE_HELLO_NAME = 1 << 11,
    /* More than one space between words, as in "AUTH  PLAIN". Risk: none known. */
    SMTP_TOLERATE_SPACES = 1 << 12
};

/* The caller's memory. Both functions get `user` last. */
typedef struct smtp_allocator {
    size_t size;                                 /* sizeof(smtp_allocator) */
    void *(*allocate)(size_t bytes, void *user); /* NULL when there is none; aligned as malloc does
                                                  */
    void (*release)(void *memory, size_t bytes, void *user); /* bytes as they were asked for; memory
                                                                is never NULL */
    void *user;
} smtp_allocator;

/* The version of the library that runs, as "0.1.0". Inside a callback: yes. */
SMTP_API const char *smtp_version(void);

/* The name of an error ("LINE_TOO_LONG"), or "UNKNOWN". Inside a callback: yes. */
SMTP_API const char *smtp_error_name(int error);

/* One sentence for an error, without a full stop, or "unknown error". Inside a callback: yes. */
SMTP_API const char *smtp_error_text(int error);

/* A slice over a C string, without its NUL; NULL gives the absent slice. Inside a callback: yes. */
SMTP_API smtp_str smtp_text(const char *text);

/* 1 when both hold the same octets. Inside a callback: yes. */
SMTP_API int smtp_str_equal(smtp_str a, smtp_str b);

/* 1 when both are the same but for the case of ASCII letters; no locale is asked. Inside a
 * callback: yes. */
SMTP_API int smtp_str_equal_nocase(smtp_str a, smtp_str b);

/* 1 when the octets are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF
 * (RFC 3629 4). *offset, which may be NULL, gets the first octet that is not. Inside a callback:
 * yes. */
SMTP_API int smtp_utf8_valid(smtp_str text, size_t *offset);

/* Base64 with padding and without line ends (RFC 4648 4). Writes to out[0..capacity) and gives the
 * length in *len. Returns 0 or NO_SPACE; smtp_base64_length() octets are enough. Inside a callback:
 * yes. */
SMTP_API int smtp_base64_encode(char *out, size_t capacity, size_t *len, smtp_str octets);

/* How many octets the base64 form of `octets` octets has. Inside a callback: yes. */
SMTP_API size_t smtp_base64_length(size_t octets);

/* The reverse, strict: no white space, padding complete, unused bits zero (RFC 4648 3.5). `out` may
 * be where the text itself begins. Returns 0, BASE64 or NO_SPACE. Inside a callback: yes. */
SMTP_API int smtp_base64_decode(char *out, size_t capacity, size_t *len, smtp_str text);

/* xtext of any octets (RFC 3461 4): '+', '=', controls, space and octets above 126 become "+XX".
 * Returns 0 or NO_SPACE; three times the length is enough. Inside a callback: yes. */
SMTP_API int smtp_xtext_encode(char *out, size_t capacity, size_t *len, smtp_str octets);

/* The reverse, strict: only upper-case hexadecimal digits, and nothing that xtext does not contain.
 * The result is refused with CONTROL when it holds a control character, since it ends up in headers
 * and logs. `out` may be where the text itself begins. Returns 0, XTEXT, CONTROL or NO_SPACE.
 * Inside a callback: yes. */
SMTP_API int smtp_xtext_decode(char *out, size_t capacity, size_t *len, smtp_str text);

/* 1 when both hold the same octets, in a time that depends on their lengths only. For secrets.
 * Inside a callback: yes. */
SMTP_API int smtp_secret_equal(smtp_str a, smtp_str b);

/* Overwrites memory with zeros in a way that no compiler leaves out. Inside a callback: yes. */
SMTP_API void smtp_wipe(void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif
#endif
