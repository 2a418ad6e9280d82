// One process: the server, or the worker beside it. `node serve.js server|worker`
'use strict';
const { bootstrap, bootstrapWorker } = require('@vendure/core');
const { config } = require('./config');

const start = process.argv[2] === 'worker'
    ? bootstrapWorker(config).then(worker => worker.startJobQueue())
    : bootstrap(config);
start.catch(error => { console.error(error); process.exit(1); });
