"use strict";
// Sliders say their value; after a practice the keyboard stands at "done".
for (const slider of document.querySelectorAll("input[data-show]")) {
  const scale = slider.closest("form").querySelectorAll(".scale span");
  const show = () => scale.forEach((mark, i) => mark.classList.toggle("on", String(i) === slider.value));
  slider.addEventListener("input", show);
  show();
}
const done = document.getElementById("done");
document.addEventListener("practised", () => {
  document.getElementById("p-end").addEventListener("click", () => done && done.focus(), { once: true });
});
