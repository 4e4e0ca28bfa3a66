// Where the browser reads QR codes itself, a photo puts their text into the field: nothing of the photo is sent. Elsewhere
// the button stays hidden, and the text is pasted.
"use strict";
for (const place of document.querySelectorAll("[data-codes]")) {
  if (!("BarcodeDetector" in window)) continue;
  const [input, status] = ["[type=file]", "[role=status]"].map((what) => place.querySelector(what));
  const field = document.getElementById(place.dataset.codes);
  place.hidden = false;
  input.addEventListener("change", async () => {
    status.textContent = "";
    try {
      const picture = await createImageBitmap(input.files[0]);
      const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
      field.value = found.map((each) => each.rawValue).join("\n") || field.value;
      status.textContent = found.length ? status.dataset.read : status.dataset.none;
      if (found.length) field.form.querySelector("[type=submit]").focus();
    } catch {
      status.textContent = status.dataset.none;
    }
    input.value = "";
  });
}
