import { z } from "zod";
import { RunEvent, transcriptVersion } from "../run/event.ts";
import { table } from "./markdown.ts";

/** JSON schema of one line of a transcript. Readers must take fields that it does not name: some may be added within a version. */
export function transcriptSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(RunEvent, {
    io: "input",
    override: ({ jsonSchema }) => void delete jsonSchema.additionalProperties,
  });
  return { $schema, title: `One line of transcript.jsonl, version ${transcriptVersion}`, ...rest };
}

const head = `# Transcript

Generated from \`crds/src/run/event.ts\` by \`npm run generate\`. Do not edit. The same for programs: [transcript.schema.json](transcript.schema.json).

What happened in one run, in order: every message to and from the model, every call of a tool with what the model was told, every retry, every stored patch. One JSON object a line
(\`transcript.jsonl\`, gzipped in the ConfigMaps or files that \`status.transcript.refs\` of a Changeset names, in that order). All of one Changeset's last attempt:

    for chunk in $(kubectl -n NAMESPACE get cset CHANGESET -o jsonpath='{.status.transcript.refs[*]}'); do
      kubectl -n NAMESPACE get cm "$chunk" -o jsonpath='{.binaryData.transcript\\.jsonl\\.gz}' | base64 -d | gunzip
    done

- A line is written before what it speaks of is acted on, so a killed run lacks at most its end.
- Secrets that the pod holds, and what has the form of one, are replaced by \`[redacted]\` in the stored lines.
- The first line, \`started\`, names the version, now **${transcriptVersion}**. Within a version fields and kinds may be added and none is taken out or changes its meaning: pass over what you do not know.
- A transcript longer than \`results.maxPerChangesetMiB\` allows loses lines at its beginning, \`started\` too; \`status.transcript.truncated\` says so.
- Text of repositories and models is hostile: escape it wherever you show it.`;

/** The page about transcripts: every kind of line with its fields, as Markdown. */
export function referenceOfTranscript(): string {
  return [head, ...RunEvent.options.map(section)].join("\n\n").concat("\n");
}

function section(option: (typeof RunEvent.options)[number]): string {
  const schema = z.toJSONSchema(option, { io: "input" });
  const required = schema.required ?? [];
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    typeof field === "boolean" || name === "kind"
      ? []
      : [[`\`${name}\``, typeOf(field), required.includes(name) ? "yes" : "", field.description ?? ""]],
  );
  return [`## ${option.shape.kind.value}`, schema.description, table(["field", "type", "always", "meaning"], rows)].join("\n\n");
}

function typeOf(field: z.core.JSONSchema.JSONSchema): string {
  return field.type === "array" ? "list" : String(field.type ?? "");
}
