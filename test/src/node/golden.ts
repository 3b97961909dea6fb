/** Kubectl's tables and descriptions without what differs from run to run: names' hashes, times, addresses, digests and what depends on the length of a prompt. */
export class Golden {
  readonly #names: ReadonlyMap<string, string>;

  /** `names` are objects whose name ends in a hash, with the name that stands for each. */
  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** Each row with its cells between bars, rows in the order of their names, several tables with an empty line between. */
  table(text: string): string {
    return text
      .trim()
      .split(/\n\n/)
      .map((table) => rowsOf(table, this.#named.bind(this)))
      .join("\n\n");
  }

  /** `kubectl describe` without its Events, which a test asks for apart. */
  description(text: string): string {
    const [described = ""] = text.split(/^Events:/m);
    return measured(steady(this.#named(described)));
  }

  #named(text: string): string {
    return [...this.#names].reduce(
      (named, [name, instead]) =>
        named.replaceAll(name, instead).replaceAll(new RegExp(`(?<=${instead}-\\d+-\\d+-)[a-z0-9]{5}\\b`, "g"), "xxxxx"),
      text,
    );
  }
}

function rowsOf(table: string, named: (text: string) => string): string {
  const [header = "", ...rows] = table.split("\n");
  const starts = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ index }) => index);
  const cells = (row: string): string =>
    starts
      .map((start, index) => row.slice(start, starts[index + 1]).trim())
      .join(" | ")
      .trimEnd();
  const shown = rows.map((row) =>
    steady(named(cells(row))).replaceAll(/(?<=^|\| )\d+[smh](?:\d+[smh])?(?: \(x\d+ over \w+\))?(?= \||$)/g, "AGE"),
  );
  return [cells(header), ...shown.toSorted()].join("\n");
}

/** What is of this run only. */
function steady(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UID")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "DIGEST")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "HASH")
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g, "TIME")
    .replaceAll(/(?<=\/\/)[\d.]+:\d+/g, "HOST")
    .replaceAll(/\b0\.\d{3,9}\b/g, "COST");
}

const measures = [
  "Cost USD",
  "Charged Nano USD",
  "Input",
  "Output",
  "Cache Read",
  "Cache Read Percent",
  "Cache Write",
  "Bytes",
  "Median Seconds To Result",
  "Resource Version",
];

/** Numbers that follow from the length of prompts and tools, or from the machine. */
function measured(text: string): string {
  return text.replaceAll(new RegExp(`^( *(?:${measures.join("|")}): +).+$`, "gm"), "$1N").replaceAll(/[ ]+$/gm, "");
}
