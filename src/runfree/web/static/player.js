"use strict";
// One film and its plots: moving one moves the other, picture by picture.
for (const player of document.querySelectorAll(".player")) {
  const film = JSON.parse(player.dataset.film);
  const said = JSON.parse(player.dataset.said);
  const { frames, steps } = film;
  const video = player.querySelector("video");
  const slider = player.querySelector(".frame");
  const where = player.querySelector(".where");
  const play = player.querySelector("[data-do=play]");
  const speed = player.querySelector("select");
  const plots = [...player.querySelectorAll(".film-plot")];
  const middles = steps.map((s) => s.mid).sort((a, b) => a - b);
  let at = 0;

  // In the midst of a picture's time, so that rounding never shows its neighbour.
  const middle = (i) => (frames[i] + (frames[i + 1] ?? frames[i] + (frames[i] - (frames[i - 1] ?? frames[i])))) / 2;
  const frameAt = (seconds) => {
    let low = 0, high = frames.length - 1;
    while (low < high) {
      const half = Math.ceil((low + high) / 2);
      if (frames[half] <= seconds + 0.0006) low = half; else high = half - 1;
    }
    return low;
  };
  const ground = (seconds) => {
    const on = new Set(steps.filter((s) => s.down !== null && s.off !== null && s.down <= seconds && seconds <= s.off).map((s) => s.side));
    return on.size === 2 ? said.both : on.size ? said[[...on][0]] : steps.some((s) => s.down !== null && s.off !== null) ? said.air : "";
  };
  const show = (i) => {
    at = i;
    slider.value = i;
    const seconds = frames[i];
    const told = [`${(seconds / film.slowmo).toFixed(2)} s`, `${said.frame} ${i + 1} ${said.of} ${frames.length}`, ground(seconds)].filter(Boolean).join(" · ");
    where.textContent = told;
    slider.setAttribute("aria-valuetext", told);
    for (const plot of plots) {
      const { left, right, seconds: all } = plot.dataset;
      const x = Number(left) + (Number(right) - Number(left)) * Math.min(1, seconds / Number(all));
      const line = plot.querySelector(".now");
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
  };
  // One seek at a time: a slow computer skips pictures instead of falling behind.
  let wanted = null;
  const seek = () => { if (wanted !== null && !video.seeking) { const to = wanted; wanted = null; video.currentTime = to; } };
  video.addEventListener("seeked", seek);
  const go = (i) => {
    video.pause();
    show(Math.max(0, Math.min(frames.length - 1, i)));
    wanted = middle(at);
    seek();
  };
  const nextStep = (way) => {
    const now = frames[at];
    const found = way > 0 ? middles.find((t) => t > now + 0.02) : middles.findLast((t) => t < now - 0.02);
    if (found !== undefined) go(frameAt(found));
  };
  const toggle = () => { if (video.paused) { video.playbackRate = Number(speed.value); video.play(); } else video.pause(); };
  const follow = (_, told) => {
    if (!video.paused) show(frameAt(told.mediaTime));
    video.requestVideoFrameCallback(follow);
  };
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(follow);
  else video.addEventListener("timeupdate", () => { if (!video.paused) show(frameAt(video.currentTime)); });
  video.addEventListener("play", () => { play.textContent = said.pause; });
  video.addEventListener("pause", () => { play.textContent = said.play; });
  speed.addEventListener("change", () => { video.playbackRate = Number(speed.value); });
  slider.addEventListener("input", () => go(Number(slider.value)));
  const doing = { "back": () => go(at - 1), "on": () => go(at + 1), "step-back": () => nextStep(-1), "step-on": () => nextStep(1), "play": toggle };
  for (const button of player.querySelectorAll("[data-do]")) button.addEventListener("click", doing[button.dataset.do]);
  for (const plot of plots) {
    const to = (event) => {
      const box = plot.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
      const share = (x - plot.dataset.left) / (plot.dataset.right - plot.dataset.left);
      go(frameAt(Math.max(0, Math.min(1, share)) * Number(plot.dataset.seconds)));
    };
    plot.addEventListener("pointerdown", (event) => { plot.setPointerCapture(event.pointerId); to(event); });
    plot.addEventListener("pointermove", (event) => { if (plot.hasPointerCapture(event.pointerId)) to(event); });
  }
  document.addEventListener("keydown", (event) => {
    const first = document.querySelector(".player");
    const mine = player.contains(document.activeElement) || (document.activeElement === document.body && player === first) || (document.activeElement?.id === "main" && player === first);
    if (!mine || event.ctrlKey || event.metaKey || event.altKey || document.activeElement === speed) return;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) { if (event.shiftKey) nextStep(way); else go(at + way); }
    else if (event.key === " " && document.activeElement?.tagName !== "BUTTON" && document.activeElement?.tagName !== "SUMMARY") toggle();
    else return;
    event.preventDefault();
  });
  video.removeAttribute("controls");
  player.querySelector(".controls").hidden = false;
  show(0);
}
