// Keys for what a page offers anyway: `data-key` names one on a link, a button or a summary; « / » goes to the search.
// Nothing is lost without this script, and who uses other keys turns these off.
"use strict";
const KEPT = "carnet-keys", help = document.getElementById("raccourcis"), turn = help?.querySelector("button");
const on = () => { try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; } };
const shown = () => { turn.textContent = on() ? turn.dataset.off : turn.dataset.on; };
if (turn) {
  turn.hidden = false;
  shown();
  turn.addEventListener("click", () => {
    try { localStorage.setItem(KEPT, on() ? "off" : "on"); } catch { return; }
    shown();
  });
}
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !on()) return;
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const found = event.key === "/" ? document.getElementById("q")
    : document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!found) return;
  event.preventDefault();
  found.focus();
  if (event.key !== "/") found.click();
});
