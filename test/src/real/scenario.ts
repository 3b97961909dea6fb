import { edits, reads, reports, scenario, type Turn } from "../story/model.ts";

/** What the stand-in does in one repository: looks, searches, changes the README below its heading and adds a file. */
export function changesReadme(repository: string, heading: string): object {
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
    { tools: [{ name: "write_file", input: { path: "MAINTAINERS.md", content: `# Maintainers of ${repository}\n` } }] },
    { tools: [{ name: "get_diff", input: {} }] },
    reports(true, "Name the maintainers"),
  );
}
