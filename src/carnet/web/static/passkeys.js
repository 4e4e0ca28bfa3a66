// Makes a passkey, or signs in with one: asks the server for a challenge, the browser for an answer, and sends the form.
"use strict";
for (const form of document.querySelectorAll("[data-passkey]")) {
  const [button, status] = ["button", "[role=status]"].map((what) => form.querySelector(what));
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const make = (asked) => navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: listed(asked.excludeCredentials) } });
  const use = (asked) => navigator.credentials.get({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), allowCredentials: listed(asked.allowCredentials) } });
  const plain = ({ id, rawId, type, response }) => {
    const said = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    return JSON.stringify({ id, rawId: text(rawId), type, response: said });
  };
  const begin = async () => {
    status.textContent = "";
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(answer.status);
      const asked = await answer.json();
      form.elements.reponse.value = plain(await (asked.user ? make : use)(asked));
      form.submit();
    } catch (error) {
      button.disabled = false;
      status.textContent = error.name === "InvalidStateError" ? form.dataset.known
        : error.name === "NotAllowedError" ? form.dataset.stopped : form.dataset.failed;
      button.focus();
    }
  };
  if (window.PublicKeyCredential) {
    document.querySelector("[data-no-passkey]").hidden = true;
    form.hidden = false;
    form.onsubmit = () => { if (form.reportValidity()) begin(); return false; };
  }
}
