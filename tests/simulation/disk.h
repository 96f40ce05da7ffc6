/* SPDX-License-Identifier: MIT
 * The server's disk: the content that comes, which is gone when its process dies, and the messages
 * that were made durable, which stay. */
#ifndef SIMULATION_DISK_H
#define SIMULATION_DISK_H

#include <stddef.h>
#include <stdint.h>

#include "smtp/base.h"

enum { RECORDS = 128, SPOOL_MAX = 1 << 14, DISK_MAX = 1 << 19 };

/* A message that is durable. */
typedef struct record {
    size_t attempt;
    uint32_t recipients; /* by bit */
    size_t at;           /* its octets */
    size_t len;
    int withdrawn; /* taken away again, because its transaction was dropped */
} record;

typedef struct disk {
    record records[RECORDS];
    size_t count;
    size_t used;
    size_t len;  /* of the spool */
    size_t lost; /* octets of it that a sabotage has dropped */
    char spool[SPOOL_MAX];
    char octets[DISK_MAX];
} disk;

struct sim;

/* Content comes, behind what has come. */
void disk_write(struct sim *s, smtp_str content);

/* What has come is made durable. */
void disk_commit(struct sim *s, size_t number, uint32_t recipients);

/* What has come is of no use any more. */
void disk_forget(struct sim *s);

/* The last message that was made durable is taken away again. */
void disk_withdraw(struct sim *s);

/* How often there is a message for this recipient of an attempt. */
size_t disk_count(const struct sim *s, size_t number, size_t recipient);

#endif
