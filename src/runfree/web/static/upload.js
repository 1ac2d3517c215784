"use strict";
// Sends a film in pieces: what has arrived is never sent twice, a lost connection is waited for, the whole is checked.
const PIECE = 4 * 1024 * 1024;

// SHA-256 (FIPS 180-4) of a stream: the browser's own takes a whole file at once only.
class Sha256 {
  static primes = (() => {
    const found = [];
    for (let n = 2; found.length < 64; n++) if (found.every((p) => n % p)) found.push(n);
    return found;
  })();
  static fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  static K = Int32Array.from(Sha256.primes, (p) => Sha256.fraction(Math.cbrt(p)));

  constructor() {
    this.state = Int32Array.from(Sha256.primes.slice(0, 8), (p) => Sha256.fraction(Math.sqrt(p)));
    this.words = new Int32Array(64);
    this.held = new Uint8Array(64);
    this.count = 0;
    this.total = 0;
  }

  update(bytes) {
    this.total += bytes.length;
    let i = 0;
    if (this.count) {
      i = Math.min(64 - this.count, bytes.length);
      this.held.set(bytes.subarray(0, i), this.count);
      this.count += i;
      if (this.count < 64) return this;
      this.block(new DataView(this.held.buffer), 0);
      this.count = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; i + 64 <= bytes.length; i += 64) this.block(view, i);
    this.held.set(bytes.subarray(i), 0);
    this.count = bytes.length - i;
    return this;
  }

  block(view, at) {
    const { state, words: w } = this, K = Sha256.K;
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15], y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  hex() {
    const bits = this.total * 8, rest = (this.total + 9) % 64;
    const end = new Uint8Array(9 + (rest ? 64 - rest : 0));
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    this.update(end);
    return [...this.state].map((v) => (v >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

const form = document.getElementById("send");
const words = JSON.parse(form.dataset.said);
const input = form.querySelector("input[type=file]");
const share = document.getElementById("share");
const saying = document.getElementById("said");
const giveUp = document.getElementById("give-up");
const button = form.querySelector(".button");
const say = (text) => { if (saying.textContent !== text) saying.textContent = text; };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let current = null;

class Refused extends Error {
  constructor(status, told) { super(told); this.status = status; }
}

const ask = async (method, path, body, headers = {}) => {
  const answer = await fetch(path, { method, body, headers: { Accept: "application/json", ...headers }, signal: current.signal });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, [told.what, told.why, told.remedy].filter(Boolean).join(". "));
  return told;
};
const askAgain = () => ask("POST", "/api/uploads", JSON.stringify({ name: input.files[0].name, size: input.files[0].size }), { "Content-Type": "application/json" });

// Asks until there is an answer. What is wrong with the request itself is not asked again.
const patiently = async (what) => {
  for (let wait = 500; ; wait = Math.min(2 * wait, 8000)) {
    try {
      return await what();
    } catch (error) {
      const passing = error instanceof TypeError || (error instanceof Refused && error.status >= 500 && error.status !== 503);
      if (!passing) throw error;
      say(words.lost);
      await pause(wait);
    }
  }
};

const left = (sent, all, begunMs, from) => {
  const seconds = (all - sent) * (performance.now() - begunMs) / 1000 / Math.max(1, sent - from);
  return seconds < 90 ? `${Math.ceil(seconds)} ${words.seconds}` : `${Math.round(seconds / 60)} ${words.minutes}`;
};

const send = async (film) => {
  let upload = await patiently(askAgain);
  current.id = upload.id;
  if (upload.offset) say(words.resumed);
  const hash = new Sha256();
  let hashed = 0, at = upload.offset;
  const from = at, begunMs = performance.now();
  const digestTo = async (end) => {
    while (hashed < end) {
      const next = Math.min(end, hashed + PIECE);
      hash.update(new Uint8Array(await film.slice(hashed, next).arrayBuffer()));
      hashed = next;
    }
  };
  while (at < film.size) {
    share.value = at / film.size;
    if (at > from) say(`${words.sending}: ${Math.floor(100 * at / film.size)} %, ${left(at, film.size, begunMs, from)} ${words.left}`);
    const end = Math.min(film.size, at + PIECE);
    const sending = at;
    await digestTo(at);
    try {
      at = (await ask("PATCH", `/api/uploads/${upload.id}`, film.slice(sending, end), { "Upload-Offset": String(sending) })).offset;
    } catch (error) {
      if (error.name === "AbortError" || (error instanceof Refused && ![404, 409].includes(error.status) && error.status < 500)) throw error;
      if (error instanceof Refused && error.status === 503) throw error;
      if (!(error instanceof Refused)) say(words.lost);
      // Part of the piece may have arrived: the other side knows.
      await pause(300);
      upload = await patiently(askAgain);
      current.id = upload.id;
      at = upload.offset;
    }
  }
  share.value = 1;
  say(words.checking);
  await digestTo(film.size);
  const digest = hash.hex();
  const kept = await patiently(() => ask("POST", `/api/uploads/${upload.id}/whole`, JSON.stringify({ sha256: digest }), { "Content-Type": "application/json" }));
  location.assign(kept.film);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const film = input.files[0];
  if (!film || current) return;
  document.getElementById("going").hidden = false;
  if (film.size > Number(form.dataset.most)) { say(words.large); return; }
  current = new AbortController();
  giveUp.hidden = false;
  button.disabled = true;
  try {
    await send(film);
  } catch (error) {
    if (error.name === "AbortError") say("");
    else if (error instanceof Refused) say(error.message);
    else throw error;
  } finally {
    giveUp.hidden = true;
    button.disabled = false;
    current = null;
  }
});
giveUp.addEventListener("click", async () => {
  const { id } = current;
  current.abort();
  if (id) await fetch(`/api/uploads/${id}`, { method: "DELETE", headers: { Accept: "application/json" } });
  location.reload();
});
const drop = form.querySelector(".drop");
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => { event.preventDefault(); input.files = event.dataTransfer.files; });
