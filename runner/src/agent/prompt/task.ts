import type { RunInput } from "@codybatch/crds";

/** The first message of the user. Its first line names the repository; the last part says what an earlier try left. */
export function firstMessage(input: RunInput, prompt: string, resumeNote: string | undefined): string {
  const { name, branch, instructions } = input.repository;
  const parts = [
    `Repository: ${name} (${branch})`,
    `<task>\n${prompt.trim()}\n</task>`,
    ...(instructions === undefined || instructions.trim() === ""
      ? []
      : [`<repository_instructions>\n${instructions.trim()}\n</repository_instructions>`]),
    ...(resumeNote === undefined ? [] : [resumeNote]),
  ];
  return parts.join("\n\n");
}
