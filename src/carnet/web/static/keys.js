// The keys of the professional's portal: "/" for the search of the page or the field that finds a patient, "p" for that
// field, j and k or the arrows through a list, and whatever a page names by `data-key` on a link, a button or a summary.
// Every page works without them, and whoever is disturbed by them turns them off on the desk.
"use strict";

(() => {
  const name = "carnet-keys";
  const kept = (() => { try { return window.localStorage; } catch { return null; } })();
  const on = () => kept?.getItem(name) !== "off";
  const seen = (all) => [...document.querySelectorAll(all)].filter((one) => one.offsetParent);

  const steps = (by) => {
    const all = seen("[data-step]");
    const at = all.indexOf(document.activeElement);
    const link = at < 0 && document.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]");
    if (link) link.click();
    else all[at < 0 ? 0 : at + by]?.focus();
    return link || all.length > 0;
  };

  const named = (key) => {
    const found = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    found?.focus();
    found?.click();
    return Boolean(found);
  };

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !on()) return;
    if (target.isContentEditable || target.closest("input:not([type=checkbox]), textarea, select")) return;
    const inList = target.matches("[data-step]");
    let done = false;
    if (key === "/" || key === "p") {
      const field = (key === "/" && seen("#q")[0]) || seen("[data-find]")[0];
      field?.focus();
      done = Boolean(field);
    } else if (key === "j" || (key === "ArrowDown" && inList)) done = steps(1);
    else if (key === "k" || (key === "ArrowUp" && inList)) done = steps(-1);
    else if (!event.repeat && !target.closest("input")) done = named(key);
    if (done) event.preventDefault();
  });

  for (const button of kept ? document.querySelectorAll("[data-keys]") : []) {
    const say = () => { button.textContent = on() ? button.dataset.keys : button.dataset.off; };
    button.hidden = false;
    button.addEventListener("click", () => { kept.setItem(name, on() ? "off" : "on"); say(); });
    say();
  }
})();
