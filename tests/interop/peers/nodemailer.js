// SPDX-License-Identifier: MIT
// nodemailer does a job: nodemailer.js FOLDER FILE (see foreign.py), with the package in FOLDER
'use strict';
const fs = require('fs');
const [folder, file] = process.argv.slice(2);
const nodemailer = require(folder + '/node_modules/nodemailer');

const job = JSON.parse(fs.readFileSync(file));
const refused = [];

function options() {
    const [mechanism, user, pass] = job.auth || [];
    return {
        host: job.host, port: job.port, name: job.hello, lmtp: !!job.lmtp,
        secure: job.tls === 'implicit', requireTLS: job.tls === 'starttls',
        ignoreTLS: job.tls === 'none',
        tls: { ca: [fs.readFileSync(job.ca)], servername: job.name },
        ...(job.auth ? { auth: { user, pass }, authMethod: mechanism } : {}),
        ...(job.pool ? { pool: true, maxConnections: job.pool, maxMessages: 100 } : {}),
        greetingTimeout: 15000, socketTimeout: 15000, connectionTimeout: 15000
    };
}

async function send(transport, letter) {
    const raw = fs.readFileSync(letter.file);
    const envelope = { from: letter.from, to: letter.to };
    if (raw.some(octet => octet > 127)) envelope.use8BitMime = true;
    const info = await transport.sendMail({ envelope, raw, dsn: letter.dsn });
    refused.push(...info.rejected);
}

async function main() {
    const transport = nodemailer.createTransport(options());
    let error = '';
    try {
        if (job.pool) await Promise.all(job.messages.map(letter => send(transport, letter)));
        else for (const letter of job.messages) await send(transport, letter);
    } catch (failure) {
        error = `${failure.command} ${failure.message} ${failure.response}`;
        refused.push(...(failure.rejected || []));
    }
    transport.close();
    console.log(JSON.stringify({ error, refused }));
}

main();
