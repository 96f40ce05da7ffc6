/* SPDX-License-Identifier: MIT
 * A disk that keeps what was committed, and nothing else. */
#include "disk.h"

#include <string.h>

#include "simulation.h"

void disk_write(sim *s, smtp_str content)
{
    disk *on = &s->disk;
    int fits = content.len <= SPOOL_MAX - on->len;

    must(s, fits, CHECK_HARNESS);
    if (!fits)
        return;
    note(s, EVENT_BODY, content.len, on->len);
    if (sabotaged(s, SABOTAGE_DISK_DROPS_WRITE)) {
        on->lost += content.len;
        return;
    }
    memcpy(on->spool + on->len, content.ptr, content.len);
    on->len += content.len;
    if (on->len > 0 && sabotaged(s, SABOTAGE_DISK_FLIPS_OCTET))
        on->spool[draw(&s->chance, (uint32_t)on->len)] ^= 1;
}

static void add_record(sim *s, size_t number, uint32_t recipients)
{
    disk *on = &s->disk;
    int fits = on->count < RECORDS && on->len <= DISK_MAX - on->used;
    record *to = &on->records[on->count];

    must(s, fits, CHECK_HARNESS);
    if (!fits)
        return;
    to->attempt = number;
    to->recipients = recipients;
    to->at = on->used;
    to->len = on->len;
    to->withdrawn = 0;
    if (to->len > 0 && sabotaged(s, SABOTAGE_DISK_CUTS_END))
        to->len--;
    if (sabotaged(s, SABOTAGE_DISK_MIXES_RECIPIENTS))
        to->recipients ^= 1;
    memcpy(on->octets + to->at, on->spool, to->len);
    on->used += to->len;
    on->count++;
}

void disk_commit(sim *s, size_t number, uint32_t recipients)
{
    note(s, EVENT_DURABLE, number, recipients);
    if (sabotaged(s, SABOTAGE_DISK_FORGETS))
        return;
    add_record(s, number, recipients);
    if (sabotaged(s, SABOTAGE_DISK_COMMITS_TWICE))
        add_record(s, number, recipients);
}

void disk_forget(sim *s)
{
    s->disk.len = 0;
    s->disk.lost = 0;
}

void disk_withdraw(sim *s)
{
    disk *on = &s->disk;

    if (on->count == 0)
        return;
    on->records[on->count - 1].withdrawn = 1;
    note(s, EVENT_WITHDRAWN, on->records[on->count - 1].attempt, 0);
}

size_t disk_count(const sim *s, size_t number, size_t recipient)
{
    size_t found = 0;
    size_t i;

    for (i = 0; i < s->disk.count; i++) {
        const record *one = &s->disk.records[i];
        if (!one->withdrawn && one->attempt == number && (one->recipients >> recipient & 1u))
            found++;
    }
    return found;
}
