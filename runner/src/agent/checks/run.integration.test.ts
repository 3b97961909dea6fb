import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { Toolbox } from "../../toolbox/testing/toolbox.ts";
import { startApi, type Api, type Reply } from "../testing/api.ts";
import { makePod, type Pod } from "../testing/pod.ts";
import { call, inTurn, report, wholeRun } from "../testing/replies.ts";

const files = { "package.json": '{\n  "engines": { "node": "20" }\n}\n', "src/a.js": "a\n" };
const edited = wholeRun.slice(0, 2);

function check(name: string, text: string, more: Partial<Check> = {}): Check {
  return { name, command: ["sh", "-c", text], timeout: "60s", required: true, ...more };
}

interface Scene extends AsyncDisposable {
  readonly api: Api;
  readonly pod: Pod;
  readonly toolbox: Toolbox;
}

interface Around {
  readonly toolboxSeconds?: number;
  readonly setup?: readonly string[];
}

/** A pod with a toolbox that has the same base, and a script for the model. */
async function scene(checks: readonly Check[], replies: readonly Reply[], more: Around = {}): Promise<Scene> {
  const { toolboxSeconds = 60, ...options } = more;
  const stack = new AsyncDisposableStack();
  const toolbox = stack.use(new Toolbox({ files, checks: Object.fromEntries(checks.map((one) => [one.name, one])), ...options }));
  const api = stack.use(await startApi(inTurn(replies)));
  const config = { mailboxDir: toolbox.mailbox, toolboxSeconds };
  const pod = stack.use(await makePod({ url: api.url, files, input: { checks: [...checks] }, config }));
  return { api, pod, toolbox, [Symbol.asyncDispose]: async () => await stack.disposeAsync() };
}

/** What the model was told last. */
function told(api: Api, request = -1): string {
  return JSON.stringify(api.requests.at(request)?.body.messages.at(-1));
}

describe("a run with checks", () => {
  it("offers them, runs them when asked, and once more on a fresh tree before the report counts", async () => {
    const test = check("test", "test ! -e left && touch left");
    await using its = await scene([test], [...edited, call("run_check", { name: "test" }), report(true), report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    expect(told(its.api, 3)).toContain("The check test failed with exit code 1");
    expect(its.pod.result()).toMatchObject({ reason: "Reported", warnings: [], report: { checks: [{ outcome: "Passed" }] } });
  });

  it("lets a change pass that fails a check as the base does, with a warning", async () => {
    await using its = await scene([check("test", "exit 3")], [...edited, call("run_check", { name: "test" }), report(true), report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    expect(told(its.api, 3)).toContain("It fails without your change too.");
    const warnings = ["BaselineFailing: the check test fails without the change too."];
    expect(its.pod.result()).toMatchObject({ reason: "Reported", warnings, report: { checks: [{ outcome: "Failed", exitCode: 3 }] } });
  });

  it("ends well when a required check passes, and says so in the result", async () => {
    const checks = [check("test", "grep -q 24 package.json || true"), check("lint", "true", { required: false })];
    await using its = await scene(checks, [...edited, call("run_check", { name: "test" }), report(true), report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    const result = its.pod.result();
    expect(result).toMatchObject({ reason: "Reported", warnings: [] });
    expect(result.report?.checks).toEqual([
      { name: "test", outcome: "Passed", required: true, exitCode: 0, durationSeconds: expect.any(Number) },
      { name: "lint", outcome: "NotRun", required: false },
    ]);
    expect(its.pod.events().flatMap((event) => (event.kind === "check" ? [event.on] : []))).toEqual(["base", "change", "change"]);
    expect(its.api.requests[0]?.body.tools).toContainEqual({
      name: "run_check",
      description: `Runs one of these checks on your change so far and shows its output: test (sh -c grep -q 24 package.json || true, required); lint (sh -c true). Required checks run again when you report.`,
      strict: true,
      input_schema: {
        type: "object",
        properties: { name: { type: "string", enum: ["test", "lint"], description: "Name of the check." } },
        required: ["name"],
        additionalProperties: false,
      },
    });
    expect(JSON.stringify(its.api.requests[0]?.body.system)).toContain("You cannot run programs, only the checks of run_check.");
    expect(told(its.api, 3)).toContain("The check test passed, after");
  });

  it("keeps a change back that a required check fails on, after the model was told", async () => {
    const test = check("test", "cat package.json; grep -q 20 package.json");
    await using its = await scene([test], [...edited, report(true), report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    expect(told(its.api)).toContain("These checks are required and keep the change back");
    expect(told(its.api)).toContain("The check test failed with exit code 1");
    const result = its.pod.result();
    expect(result).toMatchObject({ reason: "CheckFailed", report: { checks: [{ name: "test", outcome: "Failed", exitCode: 1 }] } });
    expect(result.message).toMatch(/^The required check test failed with exit code 1\. Without the change it passes\./);
    expect(its.pod.patch()).toContain('"node": "24"');
  });

  it("accepts a change that the model mended after a check failed", async () => {
    const test = check("test", "grep -q 20 package.json || grep -q b src/a.js");
    const mend = [call("read_file", { path: "src/a.js" }), call("edit_file", { path: "src/a.js", old_text: "a", new_text: "b" })];
    await using its = await scene([test], [...edited, report(true), ...mend, report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "Reported", report: { checks: [{ outcome: "Passed" }], filesChanged: 2 } });
  });

  it("takes what a check adopts into the patch", async () => {
    const fix = check("fix", "echo fixed > src/a.js; echo no > package.json", { required: false, adopt: ["src/**"] });
    await using its = await scene([fix], [...edited, call("run_check", { name: "fix" }), report(true), report(true)]);
    await its.toolbox.start();
    await its.pod.run();
    expect(its.pod.patch()).toContain("+fixed");
    expect(its.pod.patch()).toContain('"node": "24"');
    expect(told(its.api, 3)).toContain("are part of your change now: src/a.js.");
  });

  it("names a toolbox that never starts, and keeps the work", async () => {
    await using its = await scene([check("test", "true")], [...edited, report(true), report(true)], { toolboxSeconds: 0.1 });
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "ToolboxUnavailable" });
    expect(its.pod.result().message).toContain("It did not start in time.");
    expect(its.pod.patch()).toContain('"node": "24"');
  });

  it("ends before anything is asked of the model where the image lacks a program", async () => {
    await using its = await scene([check("test", "true", { required: false })], [...edited, report(true), report(true)]);
    writeFileSync(join(its.toolbox.mailbox, "boot"), "boot 0123\nlacks find tar\n");
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "ToolboxUnavailable", usage: { turns: 0 } });
    expect(its.pod.result().message).toContain("The image of the toolbox lacks find, tar,");
    expect(its.api.requests).toEqual([]);
  });

  it("names a setup that fails without the change, and shows its output in the transcript alone", async () => {
    const setup = ["sh", "-c", "echo no network; exit 7"];
    await using its = await scene([check("test", "true")], [...edited, report(true), report(true)], { setup });
    await its.toolbox.start();
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "ToolboxUnavailable", report: { checks: [{ outcome: "NotRun" }] } });
    expect(its.pod.result().message).toContain("The setup failed with exit code 7, without the change.");
    expect(its.pod.events()).toContainEqual(expect.objectContaining({ kind: "check", on: "base", output: "no network\n" }));
    expect(its.pod.patch()).toContain('"node": "24"');
  });

  it("keeps a change back that breaks the setup", async () => {
    const setup = ["sh", "-c", "grep -q 20 package.json"];
    await using its = await scene([check("test", "true")], [...edited, report(true), report(true)], { setup });
    await its.toolbox.start();
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "CheckFailed" });
    expect(its.pod.result().message).toContain("The required check test did not run, since the setup failed with exit code 1.");
  });

  it("ends by its time also while a check runs", async () => {
    await using its = await scene([check("test", "sleep 300")], [...edited, report(true)]);
    await its.toolbox.start();
    const interrupt = new AbortController();
    const running = its.pod.run({ interrupt: interrupt.signal });
    await expect.poll(() => its.api.requests.length, { timeout: 20_000 }).toBe(3);
    interrupt.abort();
    await running;
    expect(its.pod.result()).toMatchObject({ reason: "Interrupted" });
  });

  it("runs no check where nothing was changed", async () => {
    await using its = await scene([check("test", "false")], [report(false)], { toolboxSeconds: 0.1 });
    await its.pod.run();
    expect(its.pod.result()).toMatchObject({ reason: "Reported", report: { checks: [{ outcome: "NotRun" }] } });
    expect(readdirSync(its.toolbox.mailbox)).toEqual([]);
  });
});
