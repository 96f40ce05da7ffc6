// SPDX-License-Identifier: MIT
// Servers of the package smtp-server: smtp_server.js FOLDER JOB, with the package in FOLDER. They
// keep each message as N.message in the folder that the job (JSON) names: a line of JSON with its
// envelope, then its octets. The ports that the kernel chose are a line on standard output.
'use strict';
const fs = require('fs');
const path = require('path');
const [folder, file] = process.argv.slice(2);
const { SMTPServer } = require(folder + '/node_modules/smtp-server');

const job = JSON.parse(fs.readFileSync(file));
const pem = fs.readFileSync(job.pem);
let count = 0;

function error(code, text) {
    return Object.assign(new Error(text), { responseCode: code });
}

function onAuth(auth, session, callback) {
    const right = auth.username === job.user &&
        (auth.accessToken === job.password || auth.password === job.password ||
         (auth.validatePassword && auth.validatePassword(job.password)));
    if (right) return callback(null, { user: auth.username });
    // Its answer to a wrong token of XOAUTH2 is made of this, too.
    return callback(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } });
}

function onRcptTo(address, session, callback) {
    if (address.address.startsWith('refused')) return callback(error(550, 'No such mailbox'));
    if (address.address.startsWith('later@')) return callback(error(450, 'Try again later'));
    if (address.address === job.members && !session.user) {
        return callback(error(550, 'Only for members'));
    }
    return callback();
}

// An answer for each recipient is for LMTP only, where a full mailbox is known of now.
function results(recipients) {
    return recipients.map(
        one => one.address.startsWith('full') ? error(552, 'It is full') : 'Kept');
}

function keep(lmtp, stream, session, callback) {
    const chunks = [];
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', () => {
        if (stream.sizeExceeded) return callback(error(552, 'It is too large'));
        const { mailFrom, rcptTo, dsn, requireTLS } = session.envelope;
        const kept = rcptTo.filter(one => !one.address.startsWith('full'));
        const about = JSON.stringify({
            from: mailFrom.address, to: kept.map(one => one.address), dsn, requireTLS,
            notify: kept.map(one => one.dsn && one.dsn.notify), hello: session.hostNameAppearsAs
        });
        const name = path.join(job.folder, `${++count}`);
        if (kept.length) {
            const content = Buffer.concat([Buffer.from(about + '\n'), ...chunks]);
            fs.writeFileSync(name + '.part', content);
            fs.renameSync(name + '.part', name + '.message');
        }
        return callback(null, lmtp ? results(rcptTo) : 'Kept');
    });
}

async function listen(options) {
    const server = new SMTPServer({
        name: 'smtp-server.example', key: pem, cert: pem, size: job.limit, authOptional: true,
        disableReverseLookup: true, hideDSN: false, hideREQUIRETLS: false,
        onAuth, onRcptTo, ...options,
        onData: (...more) => keep(options.lmtp, ...more)
    });
    server.on('error', () => {});  // clients that go away
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    return server.server.address().port;
}

Promise.all(job.servers.map(listen)).then(ports => console.log(ports.join(' ')));
