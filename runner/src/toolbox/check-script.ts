import { type Check, durationSeconds } from "@codybatch/crds";

/** Seconds that the setup of a toolbox may take, each time it runs. */
export const setupSeconds = 900;

/** What toolbox.sh sources to run one check: written by clone into a folder that is read-only for the toolbox. */
export function checkScript({ command, timeout, adopt = [] }: Pick<Check, "command" | "timeout" | "adopt">): string {
  const pattern = adopt.map(shellPattern).join(" | ");
  const adopts = pattern === "" ? "return 1" : `case $1 in ${pattern}) return 0 ;; *) return 1 ;; esac`;
  return lines([
    `seconds=${durationSeconds(timeout)}`,
    `adopting=${adopt.length > 0 ? "yes" : "no"}`,
    `perform() { exec ${words(command)}; }`,
    `adopts() { ${adopts}; }`,
  ]);
}

/** The same for the setup. */
export function setupScript(command: readonly string[]): string {
  return checkScript({ command: [...command], timeout: `${setupSeconds}s` });
}

/** One word of the shell, whatever it holds. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A pattern of `case` that takes at least what the glob takes: there a `*` takes slashes too, and a `?` no more than a byte. The agent judges
 * each path once more, by the glob itself.
 */
function shellPattern(glob: string): string {
  const pieces = glob.match(/\*\*\/[*?]*|[*?]+|[^*?]+/gu) ?? [];
  return pieces.map((piece) => (/^[*?]/.test(piece) ? "*" : shellQuoted(piece))).join("");
}

function words(command: readonly string[]): string {
  return command.map(shellQuoted).join(" ");
}

function lines(text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
