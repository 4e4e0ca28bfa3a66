// Sends each chosen file by itself as soon as it is chosen, shows how far it is, and keeps what has arrived when the
// connection breaks. Without this script each form is sent as a whole.
"use strict";
for (const form of document.querySelectorAll(".cn-send")) {
  const [input, button, now, status, link] = ["[type=file]", "button", ".cn-send__now", "[role=status]", "a"]
    .map((what) => form.querySelector(what));
  const bar = now.firstChild;
  let files = [], number = 0, errors = [];
  const show = (text, going) => {
    status.textContent = text;
    now.hidden = !going;
    button.hidden = going || !files.length;
    link.hidden = going || !link.hasAttribute("href");
    button.textContent = button.dataset.again;
  };
  const broken = () => show(form.dataset.broken, false);
  const send = () => {
    if (number === files.length) {
      files = [];
      return errors.length ? show(errors.join(" "), false) : location.assign(link.href);
    }
    const body = new FormData(form), call = new XMLHttpRequest();
    body.set("fichiers", files[number]);
    call.upload.onprogress = (event) => { bar.value = (number + event.loaded / event.total) / files.length; };
    call.onerror = broken;
    call.onload = () => {
      if (call.status >= 500) return broken();
      if (!/json/.test(call.getResponseHeader("Content-Type"))) return location.reload();
      const answer = JSON.parse(call.responseText);
      errors.push(...answer.errors || []);
      if (answer.then) link.href = answer.then;
      number += 1;
      send();
    };
    show(form.dataset.sending.replace("NUMBER", number + 1).replace("TOTAL", files.length), true);
    call.open("POST", form.action);
    call.setRequestHeader("Accept", "application/json");
    call.send(body);
  };
  button.hidden = true;
  input.onchange = () => { files = [...input.files]; number = 0; errors = []; send(); };
  form.onsubmit = () => { if (files.length) send(); return false; };
}
