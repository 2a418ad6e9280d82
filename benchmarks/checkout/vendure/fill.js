// The peer's shop: one country, one tax, one way of delivery, the payment of its own tests, and so many
// goods through its own importer. `node fill.js goods.csv`
'use strict';
const { bootstrap, DefaultJobQueuePlugin, mergeConfig } = require('@vendure/core');
const { populate } = require('@vendure/core/cli');
const { config } = require('./config');

const first = {
    defaultLanguage: 'en',
    defaultZone: 'Asia',
    countries: [{ name: 'China', code: 'CN', zone: 'Asia' }],
    taxRates: [{ name: 'Standard Tax', percentage: 13 }],
    shippingMethods: [{ name: 'Standard', price: 600 }],
    paymentMethods: [{
        name: 'Sandbox',
        handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    }],
    collections: [],
};

populate(() => bootstrap(mergeConfig(config, { logger: config.logger })), first, process.argv[2])
    .then(app => app.close())
    .then(() => process.exit(0))
    .catch(error => { console.error(error); process.exit(1); });
