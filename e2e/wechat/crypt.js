// WeChat as others know it: posts encrypted by wechat-crypto and by @wecom/crypto, whose answers both can read. It says
// what it saw, one JSON object a line.
const WechatCrypto = require('wechat-crypto');
const wecom = require('@wecom/crypto');

const [address, token, key, appid, ...texts] = process.argv.slice(2);
const theirs = new WechatCrypto(token, key, appid);
const others = {
  'wechat-crypto': { seal: (xml) => theirs.encrypt(xml), sign: (ts, n, e) => theirs.getSignature(ts, n, e), open: (e) => theirs.decrypt(e).message },
  '@wecom/crypto': { seal: (xml) => wecom.encrypt(key, xml, appid), sign: (ts, n, e) => wecom.getSignature(token, ts, n, e), open: (e) => wecom.decrypt(key, e).message },
};
const field = (xml, name) => (xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`)) || [])[1];

(async () => {
  let id = 0;
  for (const [name, c] of Object.entries(others)) {
    for (const text of texts) {
      const now = String(Math.floor(Date.now() / 1000));
      const nonce = `n${++id}`;
      const sealed = c.seal(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o${id}]]></FromUserName><CreateTime>${now}</CreateTime>` +
        `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId></xml>`);
      const query = new URLSearchParams({ timestamp: now, nonce, signature: wecom.getSignature(token, now, nonce, ''), encrypt_type: 'aes', msg_signature: c.sign(now, nonce, sealed) });
      const answer = await fetch(`${address}?${query}`, { method: 'POST', body: `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>` });
      const body = await answer.text();
      const [e, sign, ts, n] = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map((f) => field(body, f));
      const read = Object.fromEntries(Object.entries(others).map(([who, o]) => [who, field(o.open(e), 'Content')]));
      const signed = Object.values(others).every((o) => o.sign(ts, n, e) === sign);
      console.log(JSON.stringify({ by: name, text, status: answer.status, read, signed }));
    }
  }
})();
