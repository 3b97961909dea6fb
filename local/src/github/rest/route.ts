import type { Contract, Operation } from "./contract.ts";

/** An operation and the parameters of its path, as text. */
export interface Routed {
  readonly operation: Operation;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
}

/** The operations by their paths. */
export class Routes {
  readonly #routes: readonly Route[];

  constructor({ operations }: Contract) {
    // The longer path first, since a ref at the end takes everything.
    const sorted = operations.toSorted((a, b) => b.path.split("/").length - a.path.split("/").length);
    this.#routes = sorted.map((operation) => ({ operation, pattern: patternOf(operation.path) }));
  }

  find(method: string, path: string): Routed | undefined {
    for (const { operation, pattern } of this.#routes) {
      const found = operation.method === method ? pattern.exec(path) : null;
      if (found === null) continue;
      const parameters = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decoded(value)] as const);
      return { operation, parameters: Object.fromEntries(parameters) };
    }
    return undefined;
  }
}

/** A ref or a path at the end may have slashes, and the path of a whole repository is empty. */
function patternOf(path: string): RegExp {
  const source = path
    .replace(/\/\{path\}$/, "(?:/(?<path>.*))?")
    .replace(/\{ref\}$/, "(?<ref>.+)")
    .replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}$`);
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text ?? "";
  }
}
