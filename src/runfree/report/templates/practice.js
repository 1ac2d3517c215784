"use strict";
(() => {
  const programmes = JSON.parse(document.getElementById("programmes").textContent);
  const $ = (id) => document.getElementById("p-" + id);
  const player = document.getElementById("player");
  const KINDS = { ready: "Get ready", work: "Now", rest: "Rest", change: "Change sides" };
  let plan, at, endsAt, leftMs, paused, ticking, lock, opener, beeped, audio;

  for (const start of document.querySelectorAll(".start")) start.hidden = false;
  for (const button of document.querySelectorAll("[data-start]")) {
    button.addEventListener("click", () => open(button));
  }

  function open(button) {
    opener = button;
    plan = programmes[button.dataset.start];
    audio = audio || (window.AudioContext ? new AudioContext() : null);
    player.hidden = false;
    document.body.classList.add("playing");
    $("pause").hidden = $("back").hidden = $("skip").hidden = false;
    $("end").textContent = "End";
    paused = false;
    keepAwake();
    enter(0);
    clearInterval(ticking);
    ticking = setInterval(tick, 200);
    $("pause").focus();
  }

  function close() {
    clearInterval(ticking);
    if (window.speechSynthesis) speechSynthesis.cancel();
    if (lock) lock.release().catch(() => {});
    lock = null;
    player.hidden = true;
    document.body.classList.remove("playing");
    opener.focus();
  }

  function enter(i, from = Date.now()) {
    const before = at === undefined ? null : plan.segments[at];
    at = i;
    const now = plan.segments[i];
    endsAt = from + now.seconds * 1000;
    leftMs = now.seconds * 1000;
    beeped = null;
    show(now);
    announce(now, before);
  }

  function tick() {
    if (paused) return;
    while (Date.now() >= endsAt) {
      if (at + 1 >= plan.segments.length) return finish();
      if (plan.segments[at].kind === "work") beep(440, 0.7);
      enter(at + 1, endsAt);
    }
    leftMs = endsAt - Date.now();
    clock();
  }

  function clock() {
    const s = Math.ceil(leftMs / 1000);
    $("time").textContent = s >= 60 ? Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0") : String(s);
    const done = plan.segments.slice(0, at).reduce((sum, x) => sum + x.seconds, 0) + plan.segments[at].seconds - leftMs / 1000;
    $("bar").value = done / plan.segments.reduce((sum, x) => sum + x.seconds, 0);
    if (!paused && s <= 3 && s > 0 && beeped !== s && plan.segments[at].kind !== "work") {
      beeped = s;
      beep(660, 0.12);
    }
  }

  function show(now) {
    const item = plan.items[now.item];
    player.dataset.kind = now.kind;
    $("count").textContent = now.item + 1 + " of " + plan.items.length;
    $("kind").textContent = KINDS[now.kind] + (now.sets > 1 && now.kind !== "ready" && now.kind !== "change" ? ", set " + now.set + " of " + now.sets : "");
    $("name").textContent = item.name;
    $("side").textContent = now.side;
    $("how").textContent = item.how;
    $("cue").textContent = now.kind === "rest" ? "Let go and breathe." : item.cues[(now.set - 1) % item.cues.length];
    const picture = document.querySelector('[data-picture="' + item.id + '"]');
    $("figure").replaceChildren();
    if (picture) {
      const copy = new Image();
      copy.src = picture.src;
      copy.alt = picture.alt;
      $("figure").append(copy);
    }
    clock();
  }

  function announce(now, before) {
    const item = plan.items[now.item];
    const side = now.side ? now.side + ". " : "";
    const words = {
      ready: item.name + ". " + side + item.dose + ". " + item.how,
      work: (before && before.kind === "rest" ? "Again. " : "") + side + item.cues.join(" "),
      rest: "Rest.",
      change: "Change sides. " + side,
    }[now.kind];
    $("say").textContent = KINDS[now.kind] + ". " + (now.kind === "ready" ? words : side);
    if (now.kind === "work") beep(880, 0.3);
    speak(words);
  }

  function speak(words) {
    if (!window.speechSynthesis) return;
    speechSynthesis.cancel();
    if ($("voice").checked) speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(words), { lang: "en", rate: 0.92 }));
  }

  function beep(hz, seconds) {
    if (!audio || !$("sound").checked) return;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0.18, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  }

  function pause() {
    paused = !paused;
    if (!paused) {
      endsAt = Date.now() + leftMs;
    } else if (window.speechSynthesis) {
      speechSynthesis.cancel();
    }
    label();
  }

  function label() {
    $("pause").textContent = paused ? "Go on" : "Pause";
    $("say").textContent = paused ? "Paused" : "Going on";
  }

  function skip(step) {
    const item = plan.segments[at].item;
    const side = plan.segments[at].side;
    let i = at;
    if (step > 0) {
      while (i < plan.segments.length && plan.segments[i].item === item && plan.segments[i].side === side) i++;
      if (i >= plan.segments.length) return finish();
    } else {
      const started = plan.segments.findIndex((x) => x.item === item);
      i = at === started && item > 0 ? plan.segments.findIndex((x) => x.item === item - 1) : started;
    }
    paused = false;
    enter(i);
    $("pause").textContent = "Pause";
  }

  function finish() {
    clearInterval(ticking);
    for (const [hz, wait] of [[523, 0], [659, 180], [784, 360]]) setTimeout(() => beep(hz, 0.9), wait);
    player.dataset.kind = "done";
    $("bar").value = 1;
    $("kind").textContent = "Done";
    $("name").textContent = "Well done";
    $("count").textContent = $("side").textContent = $("time").textContent = "";
    $("how").textContent = "How strong is the pain now, from 0 to 10? Note it, and look again tomorrow morning.";
    $("cue").textContent = "At most 2 and settled: go on. Up to 5: stay. More: one level down.";
    $("figure").replaceChildren();
    $("pause").hidden = $("back").hidden = $("skip").hidden = true;
    $("end").textContent = "Close";
    $("say").textContent = "The practice is done.";
    speak("Well done. The practice is over.");
    $("end").focus();
    document.dispatchEvent(new Event("practised"));
  }

  async function keepAwake() {
    if (!("wakeLock" in navigator) || player.hidden) return;
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      lock = null;
    }
  }

  $("pause").addEventListener("click", pause);
  $("skip").addEventListener("click", () => skip(1));
  $("back").addEventListener("click", () => skip(-1));
  $("end").addEventListener("click", close);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keepAwake());
  document.addEventListener("keydown", (event) => {
    if (player.hidden) return;
    if (event.key === "Escape") close();
    if (player.dataset.kind === "done") return;
    const space = event.key === " " && !event.target.closest("button, input");
    if (!space && event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    if (space) pause();
    else skip(event.key === "ArrowRight" ? 1 : -1);
  });
})();
