// A client of WeChat's server that others wrote, against the server of ours. It says what it saw, one JSON object a line.
const API = require('wechat-api');

const [server, appid, secret, wrong] = process.argv.slice(2);
const client = (appid, secret) => {
  const api = new API(appid, secret);
  Object.assign(api, { endpoint: server, prefix: `${server}/cgi-bin/`, mpPrefix: `${server}/`, fileServerPrefix: `${server}/cgi-bin/` });
  return api;
};
const call = (api, method, ...args) => new Promise((resolve) => api[method](...args, (err, data) =>
  resolve({ did: method, code: err ? err.code || String(err) : 0, token: data && data.accessToken })));
const say = (what) => console.log(JSON.stringify(what));

(async () => {
  const api = client(appid, secret);
  say(await call(api, 'getLatestToken'));
  say(await call(api, 'sendText', 'oone', '你好，<b>'));
  say(await call(api, 'sendText', 'onobody', '你好'));
  say(await call(api, 'getMenu'));
  say(await call(api, 'createMenu', { button: [{ type: 'click', name: '菜单', key: '菜单' }] }));
  say(await call(api, 'getMenu'));
  say(await call(client(appid, wrong), 'getLatestToken'));
})();
