// What htmx leaves to do. Every page works without it.
"use strict";

// A fragment that did not come: the page itself is asked, and says what is the matter.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (detail.requestConfig.verb === "get") window.location.assign(detail.requestConfig.path);
    else window.location.reload();
  });
}

// Where the keyboard was is gone with what was swapped: it goes on from the line that says what has happened.
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body) document.querySelector("main [role=status]")?.focus();
});
