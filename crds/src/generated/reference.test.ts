import { expect, it } from "vitest";
import { fieldsOf } from "../reference/field.ts";
import { referenceOf } from "../reference/kind.ts";
import { referenceOfReasons } from "../reference/reasons.ts";
import { referenceOfTranscript, transcriptSchema } from "../reference/transcript.ts";
import { kinds, schemaOf } from "../schema/resource.ts";

const folder = "../../../docs/reference";

it.each(kinds)("the committed reference of %s is the one that schema and rules give", async (kind) => {
  await expect(referenceOf(kind)).toMatchFileSnapshot(`${folder}/${kind.toLowerCase()}.md`);
});

it("the committed list of reasons is complete", async () => {
  await expect(referenceOfReasons()).toMatchFileSnapshot(`${folder}/reasons.md`);
});

it("the committed page and schema of transcripts are those that the events give", async () => {
  await expect(referenceOfTranscript()).toMatchFileSnapshot(`${folder}/transcript.md`);
  await expect(`${JSON.stringify(transcriptSchema(), undefined, 2)}\n`).toMatchFileSnapshot(`${folder}/transcript.schema.json`);
});

it("every field of a transcript says what it is", () => {
  expect(referenceOfTranscript()).not.toMatch(/\| {2}\|$/m);
});

it.each(kinds)("every spec field of %s says whether it may change", (kind) => {
  const fields = fieldsOf(schemaOf(kind).properties!["spec"]!, "spec");
  expect(fields.filter((field) => field.change === undefined)).toEqual([]);
});

it.each(kinds)("every field of %s says what it is", (kind) => {
  const { spec, status } = schemaOf(kind).properties!;
  const fields = [...fieldsOf(spec!, "spec"), ...fieldsOf(status!, "status")];
  expect(fields.filter((field) => field.description === "").map((field) => field.path)).toEqual([]);
});
