import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { kubeconfigFor, startServer } from "@codybatch/local";
import type { RunningServer } from "@codybatch/local";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toolFolder } from "./control-plane.ts";

const run = promisify(execFile);
let server: RunningServer;
let dir: string;
let kubectlPath: string;

/** A real kubectl against the embedded API server, as a user of local mode has it. */
beforeAll(async () => {
  kubectlPath = join(await toolFolder(), "kubectl");
  server = await startServer();
  dir = await mkdtemp(join(tmpdir(), "codybatch-kubectl-"));
  await writeFile(join(dir, "kubeconfig"), kubeconfigFor(server.url));
});

afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: dir, KUBECONFIG: join(dir, "kubeconfig"), KUBECACHEDIR: join(dir, "cache") };
}

/** What kubectl prints: stdout, then stderr. */
async function kubectl(...words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(kubectlPath, [...words], { env: environment() });
  return stdout + stderr;
}

async function refused(...words: readonly string[]): Promise<string> {
  const error: { readonly stderr: string } = await kubectl(...words).then(
    (text) => {
      throw new Error(`not refused: ${text}`);
    },
    (caught: { readonly stderr: string }) => caught,
  );
  return error.stderr;
}

async function manifest(name: string, spec: string, kind = "BatchChange"): Promise<string> {
  const file = join(dir, `${name}.yaml`);
  await writeFile(
    file,
    `apiVersion: codybatch.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${spec.replaceAll(/^/gm, "  ")}\n`,
  );
  return file;
}

const repositories = "repositories: [{url: https://github.com/acme/api}]";

it("applies, shows and changes a BatchChange", async () => {
  const file = await manifest("node-24", `prompt: Move to Node 24\n${repositories}`);
  expect(await kubectl("apply", "-f", file)).toContain("batchchange.codybatch.dev/node-24 created");
  expect(await kubectl("get", "bc")).toMatch(/^NAME +PHASE +DONE +FAILED +PRS +COST +AGE\nnode-24 /);
  expect(await kubectl("get", "bc,cset")).toContain("batchchange.codybatch.dev/node-24");
  expect(await kubectl("get", "codybatch", "-o", "wide")).toContain("MODEL");
  expect(await kubectl("get", "bc", "node-24", "-o", "jsonpath={.spec.parallelism}")).toBe("5");
  await manifest("node-24", `prompt: Move to Node 26\nparallelism: 2\n${repositories}`);
  expect(await kubectl("diff", "-f", file).catch((error: { stdout: string }) => error.stdout)).toContain("+  prompt: Move to Node 26");
  expect(await kubectl("apply", "-f", file)).toContain("configured");
  expect(await kubectl("get", "bc", "node-24", "-o", "jsonpath={.spec.parallelism}/{.metadata.generation}")).toBe("2/2");
  expect(await kubectl("patch", "bc", "node-24", "--type=merge", "-p", '{"spec":{"suspend":true}}')).toContain("patched");
  expect(await kubectl("patch", "bc", "node-24", "--type=json", "-p", '[{"op":"remove","path":"/spec/suspend"}]')).toContain("patched");
  expect(await kubectl("annotate", "bc", "node-24", "note=hello")).toContain("annotated");
});

it("describes an object with its events, and explains fields", async () => {
  await kubectl("apply", "-f", await manifest("described", `prompt: Do it\n${repositories}`));
  const uid = await kubectl("get", "bc", "described", "-o", "jsonpath={.metadata.uid}");
  const event = { apiVersion: "v1", kind: "Event", metadata: { name: "e1" }, type: "Normal", reason: "Started", message: "One Job began" };
  const involvedObject = { kind: "BatchChange", namespace: "default", name: "described", uid, apiVersion: "codybatch.dev/v1alpha1" };
  await writeFile(join(dir, "event.json"), JSON.stringify({ ...event, involvedObject, lastTimestamp: new Date().toISOString() }));
  await kubectl("create", "-f", join(dir, "event.json"));
  const text = await kubectl("describe", "bc", "described");
  expect(text).toMatch(/Prompt: +Do it/);
  expect(text).toMatch(/Normal +Started .*One Job began/);
  expect(await kubectl("events", "--for", "bc/described")).toContain("One Job began");
  expect(await kubectl("explain", "bc.spec.agent.maxTurns")).toContain("FIELD: maxTurns <integer>");
  expect(await kubectl("explain", "cset.spec", "--recursive")).toContain("approval");
});

it("waits for a condition while a watch shows every step", async () => {
  await kubectl("apply", "-f", await manifest("watched", `prompt: Do it\n${repositories}`));
  const watch = spawn(kubectlPath, ["get", "bc", "watched", "-w"], { env: environment() });
  let seen = "";
  watch.stdout.on("data", (chunk) => (seen += String(chunk)));
  await expect.poll(() => seen, { timeout: 10_000 }).toContain("watched");
  const status = (phase: string, complete: string): string =>
    JSON.stringify({
      status: {
        phase,
        conditions: [{ type: "Complete", status: complete, reason: "Test", message: "m", lastTransitionTime: "2026-01-01T00:00:00Z" }],
      },
    });
  const patch = ["patch", "bc", "watched", "--subresource=status", "--type=merge", "-p"];
  await kubectl(...patch, status("Running", "False"));
  const waiting = kubectl("wait", "bc/watched", "--for=condition=Complete", "--timeout=20s");
  await kubectl(...patch, status("Succeeded", "True"));
  expect(await waiting).toContain("condition met");
  await expect.poll(() => seen, { timeout: 10_000 }).toMatch(/watched[^\n]*\nwatched +Running[^\n]*\nwatched +Succeeded/);
  watch.kill();
});

it("deletes and waits until it is gone", async () => {
  await kubectl("apply", "-f", await manifest("doomed", `prompt: Do it\n${repositories}`));
  expect(await kubectl("delete", "bc", "doomed")).toContain("deleted");
  expect(await refused("get", "bc", "doomed")).toContain('batchchanges.codybatch.dev "doomed" not found');
});

it("shows wrong input with field, rule and remedy", async () => {
  const wrong = await manifest("wrong", `prompt: Do it\nparallelism: 0\nagent: {timeout: 5x}\n${repositories}`);
  const text = await refused("apply", "-f", wrong);
  expect(text).toContain('* spec.agent.timeout: Invalid value: "5x": must be a whole number with one unit');
  expect(text).toContain("* spec.parallelism: Invalid value: 0");
  expect(await refused("apply", "-f", await manifest("misspelt", `promt: Do it\n${repositories}`))).toContain('unknown field "spec.promt"');
  const file = await manifest("served", `prompt: Do it\n${repositories}`);
  expect(await refused("apply", "--server-side", "-f", file)).toContain("does not do server-side apply");
  expect(await refused("get", "secrets")).toContain("the server doesn't have a resource type");
});

it("works with namespaces, ConfigMaps, Jobs and pods as with any cluster", async () => {
  await kubectl("create", "namespace", "team-a");
  expect(await kubectl("-n", "team-a", "create", "configmap", "prompt", "--from-literal=prompt=Do it")).toContain("created");
  expect(await kubectl("-n", "team-a", "get", "cm", "prompt", "-o", "jsonpath={.data.prompt}")).toBe("Do it");
  await writeFile(join(dir, "cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: '1', b: '2'}\n");
  await kubectl("apply", "-f", join(dir, "cm.yaml"));
  await writeFile(join(dir, "cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: '1', c: '3'}\n");
  expect(await kubectl("apply", "-f", join(dir, "cm.yaml"))).toContain("configured");
  expect(await kubectl("get", "cm", "applied", "-o", "jsonpath={.data}")).toBe('{"a":"1","c":"3"}');
  expect(await kubectl("apply", "-f", join(dir, "cm.yaml"))).toContain("unchanged");
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" } };
  const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "x" }] } } };
  await writeFile(join(dir, "job.json"), JSON.stringify({ ...job, spec }));
  await kubectl("apply", "-f", join(dir, "job.json"));
  expect(await kubectl("describe", "job", "j")).toContain("Completion Mode:  NonIndexed");
  expect(await kubectl("run", "p", "--image=x", "--restart=Never")).toContain("pod/p created");
  expect(await kubectl("get", "pods,jobs", "-A")).toContain("0/1");
  expect(await kubectl("delete", "namespace", "team-a")).toContain("deleted");
  expect(await kubectl("get", "namespaces")).not.toContain("team-a");
});

it("answers who I am and what I may do", async () => {
  expect(await kubectl("auth", "whoami")).toContain("system:anonymous");
  expect((await kubectl("auth", "can-i", "create", "jobs")).trim()).toBe("yes");
  expect((await kubectl("create", "token", "default")).trim()).toMatch(/^[0-9a-f]{64}$/);
  expect(await kubectl("api-resources", "--api-group=codybatch.dev")).toContain("cset");
});
