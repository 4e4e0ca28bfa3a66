// The usual round of fhir-kit-client: node fhir_kit_client.mjs ROUND.json ANSWERS.json

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { Client } from "fhir-kit-client";

const round = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answers = [];
const keep = (step, resource) => (answers.push({ step, resource }), resource);

const client = new Client({ baseUrl: round.base, bearerToken: round.token });
keep("metadata", await client.capabilityStatement());

const published = keep(
  "publish",
  await client.create({ resourceType: "DocumentReference", body: round.publish }),
);
assert.equal(Client.httpFor(published).response.status, 201);
const provided = keep("provide", await client.transaction({ body: round.transaction }));
assert.equal(provided.entry.length, round.transaction.entry.length);
for (const body of round.many) await client.create({ resourceType: "DocumentReference", body });

const searchParams = { "patient.identifier": round.patient, status: "current", _count: 10 };
let page = keep("search", await client.search({ resourceType: "DocumentReference", searchParams }));
const found = [];
while (page) {
  found.push(...(page.entry ?? []).map((entry) => entry.resource.id));
  page = await client.nextPage({ bundle: page });
}
assert.equal(new Set(found).size, round.many.length + 2);
assert.equal(found.length, round.many.length + 2);
const posted = await client.search({
  resourceType: "DocumentReference",
  searchParams,
  options: { postSearch: true },
});
assert.equal(posted.total, found.length);
for (const code of ["submissionset", "folder"]) {
  const asked = { "patient.identifier": round.patient, code, status: "current" };
  keep(code, await client.search({ resourceType: "List", searchParams: asked }));
}
keep("patient", await client.search({ resourceType: "Patient", searchParams: { identifier: round.patient } }));

const { id } = published;
const read = keep("read", await client.read({ resourceType: "DocumentReference", id }));
keep("list", await client.resolve({ reference: provided.entry[0].response.location }));
const binary = keep("binary", await client.request(read.content[0].attachment.url));
assert.equal(Buffer.from(binary.data, "base64").toString("utf8"), round.content);

const jsonPatch = [{ op: "replace", path: "/securityLabel/0", value: round.hidden }];
const patched = keep("patch", await client.patch({ resourceType: "DocumentReference", id, jsonPatch }));
assert.equal(patched.meta.versionId, "2");
const versions = keep("history", await client.history({ resourceType: "DocumentReference", id }));
assert.equal(versions.total, 2);
const first = keep("version", await client.vread({ resourceType: "DocumentReference", id, version: "1" }));
assert.deepEqual({ ...first }, { ...read });

await assert.rejects(client.read({ resourceType: "DocumentReference", id: "nobody" }), (error) => {
  keep("error", error.response.data);
  return error.response.status === 404 && error.response.data.resourceType === "OperationOutcome";
});

writeFileSync(process.argv[3], JSON.stringify(answers));
