/* SPDX-License-Identifier: MIT
 * The type of every public function, as promised: a changed prototype does not compile here. */
#include <smtp/address.h>
#include <smtp/base.h>
#include <smtp/client.h>
#include <smtp/command.h>
#include <smtp/data.h>
#include <smtp/extension.h>
#include <smtp/reply.h>
#include <smtp/sasl.h>
#include <smtp/server.h>
#include <smtp/session.h>
#include <smtp/status.h>
#include <smtp/trace.h>
#include <smtp/transport.h>

const char *(*const pin_version)(void) = smtp_version;
const char *(*const pin_error_name)(int) = smtp_error_name;
const char *(*const pin_error_text)(int) = smtp_error_text;
smtp_str (*const pin_text)(const char *) = smtp_text;
int (*const pin_str_equal)(smtp_str, smtp_str) = smtp_str_equal;
int (*const pin_str_equal_nocase)(smtp_str, smtp_str) = smtp_str_equal_nocase;
int (*const pin_utf8_valid)(smtp_str, size_t *) = smtp_utf8_valid;
int (*const pin_base64_encode)(char *, size_t, size_t *, smtp_str) = smtp_base64_encode;
size_t (*const pin_base64_length)(size_t) = smtp_base64_length;
int (*const pin_base64_decode)(char *, size_t, size_t *, smtp_str) = smtp_base64_decode;
int (*const pin_xtext_encode)(char *, size_t, size_t *, smtp_str) = smtp_xtext_encode;
int (*const pin_xtext_decode)(char *, size_t, size_t *, smtp_str) = smtp_xtext_decode;
int (*const pin_secret_equal)(smtp_str, smtp_str) = smtp_secret_equal;
void (*const pin_wipe)(void *, size_t) = smtp_wipe;

int (*const pin_data_decode)(smtp_data_decoder *, smtp_str, smtp_str *,
                             size_t *) = smtp_data_decode;
int (*const pin_data_encode)(smtp_data_encoder *, smtp_str, smtp_str *,
                             size_t *) = smtp_data_encode;
int (*const pin_data_finish)(smtp_data_encoder *, smtp_str *) = smtp_data_finish;
int (*const pin_data_encode_to)(smtp_data_encoder *, smtp_str, size_t *, char *, size_t,
                                size_t *) = smtp_data_encode_to;
void (*const pin_data_check)(smtp_data_checker *, smtp_str) = smtp_data_check;

int (*const pin_host_parse)(smtp_host *, smtp_str, uint32_t, uint32_t, size_t *) = smtp_host_parse;
int (*const pin_mailbox_parse)(smtp_mailbox *, smtp_str, uint32_t, uint32_t,
                               size_t *) = smtp_mailbox_parse;
int (*const pin_path_parse)(smtp_path *, smtp_str, uint32_t, uint32_t, size_t *,
                            size_t *) = smtp_path_parse;
int (*const pin_mailbox_format)(char *, size_t, size_t *,
                                const smtp_mailbox *) = smtp_mailbox_format;
int (*const pin_path_format)(char *, size_t, size_t *, const smtp_path *) = smtp_path_format;
int (*const pin_host_format)(char *, size_t, size_t *, const smtp_host *) = smtp_host_format;
int (*const pin_local_part_unquote)(char *, size_t, size_t *, smtp_str) = smtp_local_part_unquote;
int (*const pin_local_part_quote)(char *, size_t, size_t *, smtp_str) = smtp_local_part_quote;
int (*const pin_mailbox_equal)(const smtp_mailbox *, const smtp_mailbox *) = smtp_mailbox_equal;
int (*const pin_host_equal)(const smtp_host *, const smtp_host *) = smtp_host_equal;

uint32_t (*const pin_status)(int, int, int) = smtp_status;
int (*const pin_status_parse)(uint32_t *, smtp_str, int, size_t *) = smtp_status_parse;
int (*const pin_status_format)(char *, size_t, size_t *, uint32_t) = smtp_status_format;
smtp_str (*const pin_status_text)(uint32_t) = smtp_status_text;
smtp_str (*const pin_reply_text)(int) = smtp_reply_text;
uint32_t (*const pin_reply_status)(int, int) = smtp_reply_status;
int (*const pin_reply_allowed)(int, int) = smtp_reply_allowed;

int (*const pin_verb_find)(smtp_str) = smtp_verb_find;
smtp_str (*const pin_verb_name)(int) = smtp_verb_name;
int (*const pin_command_parse)(smtp_command *, smtp_str, const smtp_syntax *,
                               size_t *) = smtp_command_parse;
int (*const pin_command_format)(char *, size_t, size_t *, const smtp_command *,
                                const smtp_syntax *) = smtp_command_format;
int (*const pin_params_next)(smtp_str, size_t *, smtp_param *) = smtp_params_next;
int (*const pin_orcpt_utf8_decode)(char *, size_t, size_t *, smtp_str) = smtp_orcpt_utf8_decode;

int (*const pin_reply_line_parse)(smtp_reply_line *, smtp_str, size_t *) = smtp_reply_line_parse;
int (*const pin_reply_parse)(smtp_reply_parser *, smtp_str, size_t *,
                             smtp_reply_line *) = smtp_reply_parse;
int (*const pin_reply_format)(char *, size_t, size_t *, int, uint32_t,
                              smtp_str) = smtp_reply_format;

const smtp_extension *(*const pin_extension_at)(size_t) = smtp_extension_at;
const smtp_extension *(*const pin_extension_find)(smtp_str) = smtp_extension_find;
size_t (*const pin_command_line_max)(int, uint32_t) = smtp_command_line_max;
int (*const pin_capabilities_read)(smtp_capabilities *, smtp_str, int, smtp_str *,
                                   smtp_str *) = smtp_capabilities_read;
int (*const pin_capabilities_line)(char *, size_t, size_t *, const smtp_capabilities *,
                                   size_t) = smtp_capabilities_line;

smtp_str (*const pin_with_name)(uint32_t) = smtp_with_name;
int (*const pin_date_format)(char *, size_t, size_t *, uint64_t, int32_t) = smtp_date_format;
int (*const pin_timestamp_parse)(uint64_t *, smtp_str) = smtp_timestamp_parse;
int (*const pin_timestamp_format)(char *, size_t, size_t *, uint64_t) = smtp_timestamp_format;
int (*const pin_received_format)(char *, size_t, size_t *,
                                 const smtp_received *) = smtp_received_format;
int (*const pin_return_path_format)(char *, size_t, size_t *,
                                    const smtp_path *) = smtp_return_path_format;

const smtp_mechanism *(*const pin_mechanism_at)(size_t) = smtp_mechanism_at;
const smtp_mechanism *(*const pin_mechanism_find)(smtp_str) = smtp_mechanism_find;
size_t (*const pin_sasl_bytes)(void) = smtp_sasl_bytes;
int (*const pin_sasl_client_init)(smtp_sasl **, void *, size_t, int, const smtp_credentials *,
                                  const smtp_crypto *) = smtp_sasl_client_init;
int (*const pin_sasl_server_init)(smtp_sasl **, void *, size_t, int,
                                  const smtp_sasl_server_config *,
                                  const smtp_crypto *) = smtp_sasl_server_init;
int (*const pin_sasl_client_init_plugin)(smtp_sasl **, void *, size_t, const smtp_sasl_plugin *,
                                         const smtp_credentials *) = smtp_sasl_client_init_plugin;
int (*const pin_sasl_server_init_plugin)(smtp_sasl **, void *, size_t, const smtp_sasl_plugin *,
                                         const smtp_sasl_server_config *) =
    smtp_sasl_server_init_plugin;
int (*const pin_sasl_step)(smtp_sasl *, smtp_str, smtp_str *) = smtp_sasl_step;
const smtp_sasl_question *(*const pin_sasl_asked)(const smtp_sasl *) = smtp_sasl_asked;
int (*const pin_sasl_answered)(smtp_sasl *, const smtp_sasl_answer *,
                               smtp_str *) = smtp_sasl_answered;
smtp_str (*const pin_sasl_identity)(const smtp_sasl *) = smtp_sasl_identity;
int (*const pin_sasl_server_proved)(const smtp_sasl *) = smtp_sasl_server_proved;
void (*const pin_sasl_end)(smtp_sasl *) = smtp_sasl_end;
int (*const pin_scram_keys)(const smtp_crypto *, int, smtp_str, smtp_str, uint32_t, unsigned char *,
                            unsigned char *) = smtp_scram_keys;
const smtp_sasl_suite *(*const pin_sasl_suite_all)(void) = smtp_sasl_suite_all;

int (*const pin_session_start)(smtp_session *, smtp_time) = smtp_session_start;
int (*const pin_session_receive)(smtp_session *, const void *, size_t, smtp_time,
                                 size_t *) = smtp_session_receive;
size_t (*const pin_session_output)(const smtp_session *, smtp_str *, size_t) = smtp_session_output;
void (*const pin_session_sent)(smtp_session *, size_t, smtp_time) = smtp_session_sent;
int (*const pin_session_eof)(smtp_session *, smtp_time) = smtp_session_eof;
smtp_time (*const pin_session_deadline)(const smtp_session *) = smtp_session_deadline;
int (*const pin_session_expire)(smtp_session *, smtp_time) = smtp_session_expire;
uint32_t (*const pin_session_wants)(const smtp_session *) = smtp_session_wants;
int (*const pin_session_tls_started)(smtp_session *, const smtp_tls_info *,
                                     smtp_time) = smtp_session_tls_started;
int (*const pin_session_tls_failed)(smtp_session *, smtp_time) = smtp_session_tls_failed;
int (*const pin_session_tls_active)(const smtp_session *) = smtp_session_tls_active;
int (*const pin_session_error)(const smtp_session *, smtp_detail *) = smtp_session_error;
int (*const pin_session_statistics)(const smtp_session *,
                                    smtp_statistics *) = smtp_session_statistics;
void (*const pin_session_set_trace)(smtp_session *, smtp_trace, void *) = smtp_session_set_trace;

int (*const pin_server_new)(smtp_server **, const smtp_server_config *,
                            const smtp_server_callbacks *, void *,
                            const smtp_allocator *) = smtp_server_new;
size_t (*const pin_server_bytes)(const smtp_server_config *) = smtp_server_bytes;
int (*const pin_server_init)(smtp_server **, void *, size_t, const smtp_server_config *,
                             const smtp_server_callbacks *, void *) = smtp_server_init;
void (*const pin_server_del)(smtp_server *) = smtp_server_del;
smtp_session *(*const pin_server_session)(smtp_server *) = smtp_server_session;
int (*const pin_server_reply)(smtp_server *, int, uint32_t, smtp_str) = smtp_server_reply;
int (*const pin_server_answer)(smtp_server *, uint64_t, int, uint32_t, smtp_str,
                               smtp_time) = smtp_server_answer;
int (*const pin_server_close)(smtp_server *, uint32_t, smtp_str, smtp_time) = smtp_server_close;
smtp_str (*const pin_server_hello)(const smtp_server *) = smtp_server_hello;
int (*const pin_server_auth)(smtp_server *, uint64_t, const smtp_sasl_answer *,
                             smtp_time) = smtp_server_auth;
smtp_str (*const pin_server_identity)(const smtp_server *) = smtp_server_identity;
int (*const pin_server_received)(const smtp_server *, smtp_received *) = smtp_server_received;

int (*const pin_client_new)(smtp_client **, const smtp_client_config *,
                            const smtp_client_callbacks *, void *,
                            const smtp_allocator *) = smtp_client_new;
size_t (*const pin_client_bytes)(const smtp_client_config *) = smtp_client_bytes;
int (*const pin_client_init)(smtp_client **, void *, size_t, const smtp_client_config *,
                             const smtp_client_callbacks *, void *) = smtp_client_init;
void (*const pin_client_del)(smtp_client *) = smtp_client_del;
smtp_session *(*const pin_client_session)(smtp_client *) = smtp_client_session;
int (*const pin_client_send)(smtp_client *, const smtp_envelope *, smtp_time,
                             size_t *) = smtp_client_send;
int (*const pin_client_resume)(smtp_client *, smtp_time) = smtp_client_resume;
int (*const pin_client_command)(smtp_client *, int, smtp_str, smtp_str,
                                smtp_time) = smtp_client_command;
int (*const pin_client_quit)(smtp_client *, smtp_time) = smtp_client_quit;
const smtp_capabilities *(*const pin_client_capabilities)(const smtp_client *) =
    smtp_client_capabilities;
int (*const pin_client_idle)(const smtp_client *) = smtp_client_idle;

int (*const pin_pump)(smtp_session *, const smtp_transport *, void *, smtp_pump_state *, void *,
                      size_t) = smtp_pump;
int (*const pin_store_callbacks)(smtp_server_callbacks *) = smtp_store_callbacks;
