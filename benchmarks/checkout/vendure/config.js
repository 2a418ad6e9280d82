// Vendure as its own guide to production has it: a server and a worker, PostgreSQL, jobs and search in it,
// no schema changes at the start, no playground. Everything it must be told comes from the environment.
'use strict';
const {
    DefaultJobQueuePlugin, DefaultLogger, DefaultSchedulerPlugin, DefaultSearchPlugin, LogLevel,
    dummyPaymentHandler,
} = require('@vendure/core');

const filling = process.env.PEER_FILL === '1';

exports.config = {
    apiOptions: {
        hostname: '127.0.0.1',
        port: Number(process.env.PEER_PORT || 0),
        adminApiPath: 'admin-api',
        shopApiPath: 'shop-api',
        introspection: false,
        shopApiPlayground: false,
        adminApiPlayground: false,
        shopApiDebug: false,
        adminApiDebug: false,
        trustProxy: false,
    },
    authOptions: {
        tokenMethod: ['bearer'],
        superadminCredentials: { identifier: 'superadmin', password: 'superadmin-of-a-benchmark' },
        cookieOptions: { secret: 'of-a-benchmark' },
    },
    dbConnectionOptions: {
        type: 'postgres',
        host: process.env.PEER_DB_HOST,
        port: Number(process.env.PEER_DB_PORT),
        username: process.env.PEER_DB_USER,
        password: process.env.PEER_DB_PASSWORD,
        database: process.env.PEER_DB_NAME,
        synchronize: filling,
        migrations: [],
        logging: false,
    },
    logger: new DefaultLogger({ level: LogLevel.Warn }),
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    systemOptions: {},
    plugins: [
        DefaultSchedulerPlugin.init(),
        DefaultJobQueuePlugin.init({ useDatabaseForBuffer: true }),
        DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true }),
    ],
};
