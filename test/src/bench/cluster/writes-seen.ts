/** Verbs of the API server's metrics that change something. */
const verbs = ["POST", "PUT", "PATCH", "DELETE"];

/** Successful writes of an API server so far, by `VERB resource` or `VERB resource/subresource`, from the text of its metrics. */
export function writesOf(metrics: string): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const [, labels = "", value] of metrics.matchAll(/^apiserver_request_total\{([^}]*)\} (\S+)$/gm)) {
    const of = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, said]) => [name, said]));
    const { verb = "", code = "", resource, subresource } = of;
    if (!verbs.includes(verb) || !code.startsWith("2") || of["dry_run"] !== "") continue;
    const key = `${verb} ${resource}${subresource === "" ? "" : `/${subresource}`}`;
    writes.set(key, (writes.get(key) ?? 0) + Number(value));
  }
  return writes;
}

/** What has been added since. */
export function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...after].map(([key, number]) => [key, number - (before.get(key) ?? 0)]));
}

/** How many of these records are of another part than this. */
export function writesAside(names: readonly string[], part: string): number {
  return names.filter((name) => !name.endsWith(`-${part}`)).length;
}
