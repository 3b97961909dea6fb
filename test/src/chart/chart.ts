import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { must, toolFolder } from "../cluster/control-plane.ts";
import { command, type CommandOutput } from "../process/command.ts";

export const chartFolder = join(import.meta.dirname, "../../../charts/cody-batch");

/** An object that the chart renders. */
const Rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
export type Rendered = z.infer<typeof Rendered>;

/** Runs Helm; of the user's own settings nothing counts but what `env` says. */
export type Helm = (args: readonly string[], options?: HelmOptions) => Promise<CommandOutput>;

export interface HelmOptions {
  /** Values of the chart, beside its own. */
  readonly values?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** Finds Helm: named by HELM, among the cluster's tools, or on PATH. */
export async function findHelm(): Promise<Helm> {
  const named = process.env["HELM"];
  const folders = [await toolFolder(), ...(process.env["PATH"] ?? "").split(delimiter)];
  const places = named === undefined ? folders.map((folder) => join(folder, "helm")) : [named];
  for (const place of places) if (await isThere(place)) return helmAt(place);
  throw new Error("Helm is needed: run test/cluster/cluster.sh build, put Helm 4 on PATH, or set HELM to it");
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function helmAt(program: string): Helm {
  return (args, { values, env = {} } = {}) => {
    const given = values === undefined ? [] : ["-f", "-"];
    return command(program, [...args, ...given], { env, ...(values === undefined ? {} : { stdin: JSON.stringify(values) }) });
  };
}

/** What every install has to say. */
export const required = {
  operator: { image: "localhost/codybatch-operator:dev" },
  runner: { image: "localhost/codybatch-runner:dev" },
  networkPolicy: { apiServer: [{ cidr: "10.0.0.1/32", port: 6443 }] },
};

export const release = { name: "cody", namespace: "codybatch-system" } as const;

/** The objects for these values, without asking a cluster. */
export async function render(helm: Helm, values: object = {}): Promise<readonly Rendered[]> {
  const text = must(await template(helm, { ...required, ...values }));
  const documents = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  return documents.filter((document) => document !== null).map((document) => Rendered.parse(document));
}

/** What `helm template` says to exactly these values. */
export function template(helm: Helm, values: object): Promise<CommandOutput> {
  return helm(["template", release.name, chartFolder, "-n", release.namespace], { values });
}

/** The one object of a kind and name. */
export function one(objects: readonly Rendered[], kind: string, name: string): Rendered {
  const [found, ...others] = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined || others.length > 0) throw new Error(`${kind} ${name} is there ${others.length + (found ? 1 : 0)} times`);
  return found;
}
