import { resources } from "@codybatch/operator";
import { follow } from "./watch.ts";

const watched = ["changesets", "jobs", "pods", "configMaps", "serviceAccounts", "roleBindings"] as const;

/** Sees every object come and go. */
export class Witness {
  readonly #seen: { readonly verb: "create" | "delete"; readonly name: string }[] = [];
  readonly #following: readonly Promise<void>[];

  constructor(url: string, signal: AbortSignal) {
    this.#following = watched.map((kind) => {
      const { group, version, plural } = resources[kind];
      const path = group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
      return follow(new URL(path, url), signal, ({ type, object }) => {
        if (type === "ADDED") this.#seen.push({ verb: "create", name: `${plural} ${object.metadata.name}` });
        if (type === "DELETED") this.#seen.push({ verb: "delete", name: `${plural} ${object.metadata.name}` });
      });
    });
  }

  /** How often each object was created and deleted; resolves when the server has ended its watches, so that nothing is missed. */
  async counts(nameOf: (name: string) => string): Promise<Readonly<Record<string, number>>> {
    await Promise.all(this.#following);
    const counts: Record<string, number> = {};
    for (const { verb, name } of this.#seen) counts[`${verb} ${nameOf(name)}`] = (counts[`${verb} ${nameOf(name)}`] ?? 0) + 1;
    return counts;
  }
}
