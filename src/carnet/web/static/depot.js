// A file that is chosen, dropped on the form or pasted is sent at once, so that what it tells is proposed; a text that is
// pasted goes into its field. Without this script the form is sent as a whole.
"use strict";
for (const form of document.querySelectorAll(".cn-drop")) {
  const [input, text, button, status, say] = ["[type=file]", "textarea", "[value=recevoir]", "[role=status]", ".cn-drop__say"]
    .map((what) => form.querySelector(what));
  const zone = form.querySelector(".cn-drop__zone");
  const send = () => { status.textContent = status.dataset.going; form.requestSubmit(button); };
  const take = (files) => {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    input.files = all.files;
    send();
  };
  const over = (on) => zone.classList.toggle("cn-drop--over", on);
  say.hidden = false;
  form.addEventListener("change", (event) => { if (event.target.type === "file" && event.target.files.length) send(); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    const { files } = event.clipboardData, words = event.clipboardData.getData("text");
    if (files.length) { event.preventDefault(); return take(files); }
    if (!words || event.target.matches("input, textarea")) return;
    event.preventDefault();
    text.closest("details").open = true;
    text.value = words;
    text.focus();
  });
}
