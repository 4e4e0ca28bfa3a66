// The app of the demonstration: a SMART App Launch 2 written out, with nothing between it and the standard.
const place = document.getElementById("application");
const words = place.dataset;
const here = location.origin + location.pathname;
const given = new URLSearchParams(location.search);

const line = (text, tag = "p") => {
  const made = document.createElement(tag);
  made.textContent = text;
  return place.appendChild(made);
};
const encoded = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));
const read = async (address, options) => (await fetch(address, options)).json();

async function launch(iss) {
  if (iss !== words.iss) throw new Error(iss);
  const server = await read(`${iss}/.well-known/smart-configuration`);
  const [state, verifier] = [random(), random()];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem(state, JSON.stringify({ verifier, issuer: server.issuer, token: server.token_endpoint }));
  const asked = {
    response_type: "code", client_id: words.client, redirect_uri: here, scope: words.scope, state, aud: iss,
    code_challenge: encoded(new Uint8Array(digest)), code_challenge_method: "S256",
  };
  if (given.get("launch")) asked.launch = given.get("launch");
  location.replace(`${server.authorization_endpoint}?${new URLSearchParams(asked)}`);
}

async function arrive(state) {
  const begun = JSON.parse(sessionStorage.getItem(state) ?? "null");
  sessionStorage.removeItem(state);
  history.replaceState(null, "", here);
  if (!begun || given.get("iss") !== begun.issuer) throw new Error("state");
  if (given.get("error")) throw new Error(given.get("error_description") ?? given.get("error"));
  const body = new URLSearchParams({
    grant_type: "authorization_code", code: given.get("code"), redirect_uri: here, client_id: words.client,
    code_verifier: begun.verifier,
  });
  const tokens = await read(begun.token, { method: "POST", body });
  if (!tokens.access_token) throw new Error(tokens.error_description);
  await show(tokens);
}

async function show(tokens) {
  const headers = { Authorization: `Bearer ${tokens.access_token}` };
  const patient = await read(`${words.iss}/Patient/${tokens.patient}`, { headers });
  const found = await read(`${words.iss}/DocumentReference?patient=${tokens.patient}&_count=10`, { headers });
  place.replaceChildren();
  const name = patient.name?.[0] ?? {};
  line(`${name.family ?? ""} ${(name.given ?? []).join(" ")}, ${patient.birthDate ?? ""}`, "h2");
  line(`${words.documents} ${found.total ?? 0}`);
  const list = place.appendChild(document.createElement("ul"));
  list.className = "cn-bullets";
  for (const entry of found.entry ?? []) {
    const one = list.appendChild(document.createElement("li"));
    one.textContent = entry.resource.description ?? entry.resource.type?.coding?.[0]?.display ?? "";
  }
}

function begin() {
  if (given.get("state")) return arrive(given.get("state"));
  if (given.get("iss")) return launch(given.get("iss"));
  place.replaceChildren();
  line(words.alone);
}

place.firstElementChild.textContent = words.wait;
Promise.resolve().then(begin).catch((error) => {
  place.replaceChildren();
  line(`${words.refused} ${error.message}`).setAttribute("role", "alert");
});
