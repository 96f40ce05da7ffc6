// SPDX-License-Identifier: MIT
// A plugin of Haraka: whom it accepts, and where it keeps messages, each as UUID.message in the
// folder that config/interop.json names: a line of JSON with its envelope, then its octets.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

exports.register = function () {
    this.job = this.config.get('interop.json');
};

// It would ask the DNS.
exports.hook_lookup_rdns = next => next(OK, 'client.example');

exports.hook_rcpt = function (next, connection, [recipient]) {
    if (recipient.user.startsWith('refused')) return next(DENY, 'No such mailbox');
    if (recipient.user === 'later') return next(DENYSOFT, 'Try again later');
    if (recipient.address === this.job.members && !connection.notes.auth_user) {
        return next(DENY, 'Only for members');
    }
    return next(OK);
};

exports.hook_queue = function (next, connection) {
    const { transaction } = connection;
    const about = { from: transaction.mail_from.address,
                    to: transaction.rcpt_to.map(one => one.address) };
    const name = path.join(this.job.folder, transaction.uuid);
    const file = fs.createWriteStream(name + '.part');
    file.write(JSON.stringify(about) + '\n');
    file.once('close', () => {
        fs.renameSync(name + '.part', name + '.message');
        next(OK);
    });
    transaction.message_stream.pipe(file);
};

// Who has authenticated sends it on.
exports.hook_queue_outbound = exports.hook_queue;
