'use strict';
document.documentElement.className = 'js';

addEventListener('DOMContentLoaded', () => {
  const $ = (id) => document.getElementById(id);
  const log = $('log'), say = $('say'), text = $('text'), net = $('net'), leave = $('leave');
  const picker = say && say.elements.file;
  const shown = new Set();   // keys of the turns on this page
  const waiting = new Map(); // id → message that has no answer yet
  let keyed = false, stream = null, escaped = 0, trouble = 0;

  // ── leaving ──
  const go = () => {
    if (stream) stream.close();
    document.body.replaceChildren();
    location.replace(leave.href);
  };
  leave.addEventListener('click', (e) => { e.preventDefault(); go(); });
  addEventListener('pageshow', (e) => { if (e.persisted) location.reload(); });
  addEventListener('keydown', (e) => {
    keyed = true;
    if (e.key !== 'Escape' || e.isComposing) return;
    if (e.timeStamp - escaped < 2000 && escaped) go();
    escaped = e.timeStamp;
  }, true);
  addEventListener('pointerdown', () => { keyed = false; }, true);
  if (!say) return;

  // ── small things ──
  const make = (tag, kind, words) => {
    const el = document.createElement(tag);
    if (kind) el.className = kind;
    if (words) el.textContent = words;
    return el;
  };
  const newID = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
  const megabytes = (n) => (n < 10 << 20 ? (n / (1 << 20)).toFixed(1) : Math.round(n / (1 << 20))) + ' MB';
  const bottom = () => scrollTo(0, document.documentElement.scrollHeight);
  const read = (html) => {
    const t = document.createElement('template');
    t.innerHTML = html;
    return t.content.querySelector('.turn');
  };
  const hide = (id) => { const el = $(id); if (el) el.remove(); };

  // Only the latest choices can be pressed; numbers can always be called.
  const close = (except) => {
    const closed = [];
    for (const b of log.querySelectorAll('button.choice:enabled, a.choice[data-value]')) {
      if (except && except.contains(b)) continue;
      closed.push([b, b.dataset.value]);
      if (b.tagName === 'A') b.removeAttribute('data-value'); else b.disabled = true;
    }
    return closed;
  };

  // ── answers ──
  const show = (turn, own) => {
    if (!turn || shown.has(turn.dataset.key)) return;
    shown.add(turn.dataset.key);
    const id = turn.dataset.key.split('.')[0], pending = waiting.get(id);
    if (pending) {
      waiting.delete(id);
      clearTimeout(pending.slow);
      pending.el.replaceWith(turn);
    } else {
      log.append(turn);
    }
    hide('back');
    hide('start');
    close(turn);
    turn.scrollIntoView({ block: 'start' });
    if (keyed && (own || pending)) {
      const first = turn.querySelector('.choices .choice') || text;
      first.focus({ preventScroll: true });
    }
    listen();
  };

  const failed = (m, turn) => {
    clearTimeout(m.slow);
    m.failed = true;
    m.el.classList.add('lost');
    m.el.querySelectorAll('.reading').forEach((el) => el.remove());
    const note = make('p', 'note', '没发出 · ');
    const again = make('button', '', '再发一次');
    again.type = 'button';
    again.addEventListener('click', () => post(m));
    note.append(again);
    m.el.append(note);
    if (turn) turn.querySelectorAll('.ours, .card').forEach((el) => m.el.append(el));
    m.closed.forEach(([b, v]) => { if (b.tagName === 'A') b.dataset.value = v; else b.disabled = false; });
    if (m.typed && !text.value) text.value = m.typed;
    bottom();
  };

  // ── sending ──
  const post = async (m) => {
    m.failed = false;
    m.el.classList.remove('lost');
    m.el.querySelectorAll(':scope > :not(.mine)').forEach((el) => el.remove());
    if (m.typed && text.value === m.typed) text.value = '';
    m.closed = close();
    if (m.files.length) {
      const reading = make('div', 'ours reading');
      reading.append(make('p', '', '在发图，一般几秒。'));
      m.el.append(reading);
      m.slow = setTimeout(() => { reading.firstChild.textContent = '还在发，你可以先锁屏。'; }, 5000);
    }
    bottom();
    const body = m.files.length ? new FormData() : new URLSearchParams();
    for (const [k, v] of m.fields) body.append(k, v);
    for (const f of m.files) body.append('file', f, f.name);
    let turn = null, ok = false;
    try {
      const reply = await fetch('/say', {
        method: 'POST', body, headers: { 'X-Part': 'turn' }, credentials: 'same-origin', keepalive: !m.files.length,
        signal: AbortSignal.timeout ? AbortSignal.timeout(m.files.length ? 300000 : 60000) : undefined,
      });
      turn = read(await reply.text());
      ok = reply.ok && !!turn;
    } catch { /* no connection: the message stays with its button */ }
    if (!waiting.has(m.id)) return; // the stream was faster
    if (ok) show(turn, true); else failed(m, turn);
  };

  const send = (fields, words, files) => {
    const id = newID();
    const m = { id, fields: [['id', id], ...fields], files, typed: fields[0][0] === 'text' && words ? words : '', closed: [], el: make('section', 'turn') };
    if (words || files.length) {
      const mine = make('div', 'mine');
      if (words) words.split('\n').forEach((line) => mine.append(make('p', '', line)));
      files.forEach((f) => mine.append(make('p', 'paper', f.name)));
      m.el.append(mine);
    }
    waiting.set(id, m);
    log.append(m.el);
    return post(m);
  };

  const picked = () => {
    const files = Array.from(picker.files), place = $('picked');
    place.replaceChildren();
    if (!files.length) return;
    place.append(files.length === 1 ? files[0].name : '选了 ' + files.length + ' 个文件');
    const drop = make('button', '', '拿掉');
    drop.type = 'button';
    drop.addEventListener('click', () => { picker.value = ''; picked(); });
    place.append(drop);
  };
  picker.addEventListener('change', picked);

  const refuse = (words) => {
    const turn = make('section', 'turn'), ours = make('div', 'ours');
    words.split('\n').forEach((line) => ours.append(make('p', '', line)));
    turn.append(ours);
    log.append(turn);
    bottom();
  };

  const compose = () => {
    const words = text.value.trim(), files = Array.from(picker.files);
    if (!words && !files.length) { text.focus(); return; }
    const bytes = files.reduce((n, f) => n + f.size, 0);
    if (bytes > Number(say.dataset.max)) { refuse(say.dataset.tooBig.replace('{}', megabytes(bytes))); return; }
    const before = Array.from(waiting.values()).find((m) => m.failed && m.typed === words && !m.files.length && !files.length);
    text.value = '';
    picker.value = '';
    picked();
    fit();
    if (before) { log.append(before.el); post(before); } else send([['text', words]], words, files);
  };

  const goBack = async () => {
    try {
      const reply = await fetch('/latest', { method: 'POST', headers: { 'X-Part': 'turn' } });
      if (reply.status === 204) { location.reload(); return; }
      const turn = read(await reply.text());
      if (reply.ok) show(turn, true);
      else if (turn) { turn.querySelectorAll('form').forEach((f) => f.remove()); log.replaceChildren(turn); }
    } catch { net.textContent = '现在连不上。等一下，再点一次。'; }
  };

  document.addEventListener('submit', (e) => {
    e.preventDefault();
    if (e.target === say) compose();
    else if (e.target.id === 'back') goBack();
    else if (e.submitter && e.submitter.name === 'choice') send([['choice', e.submitter.value]], e.submitter.textContent, []);
    else if (e.target.elements.text) send([['text', e.target.elements.text.value]], e.target.elements.text.value, []);
    else if (e.target.elements.choice) send([['choice', e.target.elements.choice.value]], '', []);
  });

  // A button that calls is also an answer: the phone dials, and the talk goes on behind it.
  log.addEventListener('click', (e) => {
    const call = e.target.closest('a.choice[data-value]');
    if (call) send([['choice', call.dataset.value]], call.textContent, []);
  });

  text.addEventListener('keydown', (e) => {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    say.requestSubmit();
  });
  const fit = () => {
    if (CSS.supports('field-sizing', 'content')) return;
    text.style.height = 'auto';
    text.style.height = text.scrollHeight + 2 + 'px';
  };
  text.addEventListener('input', fit);

  // ── the stream: other tabs, and what is said first ──
  const listen = () => {
    if (stream) return;
    const turns = log.querySelectorAll('[data-turn]');
    if (!turns.length) return;
    stream = new EventSource('/stream?after=' + turns[turns.length - 1].dataset.turn);
    stream.addEventListener('turn', (e) => show(read(e.data), false));
    stream.addEventListener('open', () => { clearTimeout(trouble); trouble = 0; net.textContent = ''; });
    stream.addEventListener('error', () => {
      if (!trouble) trouble = setTimeout(() => { net.textContent = '现在连不上，会自己再连。写的不会丢。'; }, 4000);
      if (stream.readyState !== EventSource.CLOSED) return;
      stream = null;
      setTimeout(listen, 20000 + Math.random() * 20000);
    });
  };
  addEventListener('offline', () => { net.textContent = '现在没有网，会自己再连。写的不会丢。'; });
  addEventListener('online', () => { net.textContent = ''; listen(); });

  if (!navigator.cookieEnabled) net.textContent = '这个浏览器关了 Cookie，我记不住你上一句。打开它，或换一个浏览器。';
  log.querySelectorAll('.turn').forEach((t) => shown.add(t.dataset.key));
  listen();
  if ($('start')) send([['text', '/start']], '', []);
});
