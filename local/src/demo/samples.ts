import { loadScenario } from "../github/scenario/scenario.ts";

/** The samples as the stand-in for GitHub has them. */
export interface Samples {
  /** `owner/name` of each. */
  readonly names: readonly string[];
  /** Secrets of the process runner, worth something at that stand-in alone. */
  readonly secrets: Readonly<Record<"CODYBATCH_GITHUB_READ_TOKEN" | "CODYBATCH_GITHUB_WRITE_TOKEN", string>>;
}

/** Reads a scenario of the stand-in that has tokens called `read` and `write`. */
export function samplesIn(scenario: string): Samples {
  const { repositories, tokens } = loadScenario(scenario);
  const textOf = (name: string): string => tokens.find((token) => token.name === name)?.token ?? "";
  return {
    names: repositories.map(({ name }) => name),
    secrets: { CODYBATCH_GITHUB_READ_TOKEN: textOf("read"), CODYBATCH_GITHUB_WRITE_TOKEN: textOf("write") },
  };
}

/** Their URLs by `owner/name`, at the address where the stand-in listens. */
export function sampleURLs({ names }: Samples, github: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${github}/${name}`]));
}
