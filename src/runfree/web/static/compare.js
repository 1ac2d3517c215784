"use strict";
// Two films, one place in the stride.
const compare = document.getElementById("compare");
const moments = JSON.parse(compare.dataset.moments);
const said = JSON.parse(compare.dataset.said);
const videos = [...compare.querySelectorAll("video")];
const slider = compare.querySelector("input");
const where = compare.querySelector(".where");
const play = compare.querySelector("[data-do=play]");
const last = Number(slider.max);
const wanted = [null, null];
let running = null;

const seek = (i) => { if (wanted[i] !== null && !videos[i].seeking) { const to = wanted[i]; wanted[i] = null; videos[i].currentTime = to; } };
videos.forEach((video, i) => video.addEventListener("seeked", () => seek(i)));
const show = (place) => {
  const stride = Math.min(Math.floor(place / 100), last / 100 - 1), share = place / 100 - stride;
  moments.forEach((at, i) => { wanted[i] = at[stride] + share * (at[stride + 1] - at[stride]) + 0.0005; seek(i); });
  slider.value = place;
  where.textContent = `${said.stride} ${stride + 1}: ${Math.round(100 * share)} %`;
  slider.setAttribute("aria-valuetext", where.textContent);
};
const stop = () => { if (running !== null) cancelAnimationFrame(running); running = null; play.textContent = said.play; };
const go = (place) => { stop(); show(Math.max(0, Math.min(last, place))); };
const toggle = () => {
  if (running !== null) { stop(); return; }
  play.textContent = said.pause;
  // A quarter of the speed of life: seeks keep up, and eyes do too.
  const strideMs = 4000 * (moments[0].at(-1) - moments[0][0]) / (moments[0].length - 1);
  let before = null, place = Number(slider.value) >= last ? 0 : Number(slider.value);
  const tick = (now) => {
    if (before !== null) place += 100 * (now - before) / strideMs;
    before = now;
    if (place >= last) place = 0;
    show(place);
    running = requestAnimationFrame(tick);
  };
  running = requestAnimationFrame(tick);
};
slider.addEventListener("input", () => go(Number(slider.value)));
const doing = { back: () => go(Number(slider.value) - 2), on: () => go(Number(slider.value) + 2), play: toggle };
for (const button of compare.querySelectorAll("[data-do]")) button.addEventListener("click", doing[button.dataset.do]);
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (way) go(Number(slider.value) + way);
  else if (event.key === " " && document.activeElement?.tagName !== "BUTTON") toggle();
  else return;
  event.preventDefault();
});
for (const video of videos) video.removeAttribute("controls");
compare.querySelector(".controls").hidden = false;
show(0);
