// A Telegram of other people: telegram-test-api on a port of this machine, until its input ends.
const TelegramServer = require('telegram-test-api');

(async () => {
  const server = new TelegramServer({ port: Number(process.argv[2]), host: '127.0.0.1', storeTimeout: 600 });
  await server.start();
  console.log('ready');
  process.stdin.resume();
  process.stdin.on('end', async () => { await server.stop(); process.exit(0); });
})();
