// The usual round of fhirclient (SMART's client for JavaScript): node fhirclient_js.mjs ROUND.json ANSWERS.json

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const FHIR = createRequire(import.meta.url)("fhirclient");
const round = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = [];
const keep = (step, resource) => (answers.push({ step, resource }), resource);

// In a server there is no browser to log in with: the token is given, and no request is at hand.
const smart = FHIR({ headers: {} }, {}, { get: async () => null, set: async () => null });
const client = smart.client({ serverUrl: round.base, tokenResponse: { access_token: round.token } });
assert.equal(await client.getFhirRelease(), 4);
keep("metadata", await client.request("metadata"));

const published = keep("publish", await client.create(round.publish));
const provided = keep(
  "provide",
  await client.request({
    url: round.base,
    method: "POST",
    body: JSON.stringify(round.transaction),
    headers: { "Content-Type": "application/fhir+json" },
  }),
);
assert.equal(provided.entry.length, round.transaction.entry.length);
for (const body of round.many) await client.create(body);

const query = new URLSearchParams({ "patient.identifier": round.patient, status: "current", _count: 10 });
const found = await client.request(`DocumentReference?${query}`, { pageLimit: 0, flat: true });
assert.equal(new Set(found.map(({ id }) => id)).size, round.many.length + 2);
assert.equal(found.length, round.many.length + 2);
keep("search", await client.request(`DocumentReference?${query}`));

const { id } = published;
const read = keep("read", await client.request(`DocumentReference/${id}`));
const binary = keep("binary", await client.request(read.content[0].attachment.url));
assert.equal(Buffer.from(binary.data, "base64").toString("utf8"), round.content);

const patch = [{ op: "replace", path: "/securityLabel/0", value: round.hidden }];
const patched = keep("patch", await client.patch(`DocumentReference/${id}`, patch));
assert.equal(patched.meta.versionId, "2");
const versions = keep("history", await client.request(`DocumentReference/${id}/_history`));
assert.equal(versions.total, 2);

await assert.rejects(client.request("DocumentReference/nobody"), (error) => error.statusCode === 404);

writeFileSync(process.argv[3], JSON.stringify(answers));
