import { edits, reads, reports, scenario, writes } from "../story/model.ts";
import type { Turn } from "../story/model.ts";

/** What the stand-in does in one repository: looks, searches, changes the README below its heading and adds a file. */
export function namesMaintainers(repository: string, heading: string): object {
  const looks: Turn = {
    tools: [
      { name: "list_files", input: { depth: 2 } },
      { name: "search_code", input: { pattern: "maintain", mode: "files", ignoreCase: true } },
    ],
  };
  return scenario(
    repository.replace("/", "-"),
    { repository },
    looks,
    reads("README.md"),
    edits("README.md", heading, `${heading}\n\nMaintained by the people in MAINTAINERS.md.`),
    writes("MAINTAINERS.md", `# Maintainers of ${repository}\n`),
    { tools: [{ name: "get_diff", input: {} }] },
    reports(true, "Name the maintainers"),
  );
}

/** What git says of the change against its base. */
export const changed = ["A\tMAINTAINERS.md", "M\tREADME.md"];
