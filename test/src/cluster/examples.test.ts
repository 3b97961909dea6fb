import { afterAll, beforeAll, expect, test } from "vitest";
import { Site, verdict } from "../chart/site.ts";
import { demandedLimits, examples } from "../docs/example.ts";
import { must } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const release = { name: "cody", namespace: "codybatch-system" };
const started = new AsyncDisposableStack();
const operator = `system:serviceaccount:${release.namespace}:cody-operator`;
let site: Site;

/** The chart as it comes: its CRDs, and a policy with its default limits but for the denied paths and the images that examples ask for. */
beforeAll(async () => {
  site = started.adopt(await Site.start(), (running) => running.stop());
  await site.makeNamespaces(release.namespace, "team-a");
  must(await site.chart("install", release, { limits: demandedLimits(await examples()) }));
  // kubectl reads before it patches; the operator has no need to.
  must(await site.kubectl(["-n", "team-a", "create", "role", "look", "--verb=get", "--resource=batchchanges/status"]));
  must(await site.kubectl(["-n", "team-a", "create", "rolebinding", "look", "--role=look", `--user=${operator}`]));
  const tooMany = { repositories: "abcdef".split("").map((letter) => ({ url: `https://github.com/acme/${letter}` })), prompt: "x" };
  const probe = { apiVersion: "codybatch.dev/v1alpha1", kind: "BatchChange", metadata: { name: "probe" }, spec: tooMany };
  await eventually("the limits hold", async () => {
    const said = verdict(await site.kubectl(["-n", "team-a", "apply", "--dry-run=server", "-f", "-"], probe));
    return said.includes("more than the 5 that") ? true : undefined;
  });
});
afterAll(() => started.disposeAsync());

const of = (verb: string, file: string, ...more: readonly string[]) => site.kubectl(["-n", "team-a", verb, ...more, "-f", file]);

test.each(await examples())("$name is taken under the default limits, and a later diff shows nothing", async ({ file, name }) => {
  expect(verdict(await of("apply", file, "--dry-run=server"))).toBe("allowed");
  must(await of("apply", file, "--server-side", "--field-manager=ci"));
  const condition = {
    type: "Complete",
    status: "True",
    reason: "AllSucceeded",
    message: "1 ready",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  const status = JSON.stringify({ status: { phase: "Succeeded", observedGeneration: 1, conditions: [condition] } });
  must(await site.as(operator)(["-n", "team-a", "patch", "bc", name, "--subresource=status", "--type=merge", "-p", status]));
  expect(await of("diff", file, "--server-side", "--field-manager=ci")).toMatchObject({ exitCode: 0, stdout: "" });
  expect(verdict(await of("wait", file, "--for=condition=Complete", "--timeout=10s"))).toBe("allowed");
});
