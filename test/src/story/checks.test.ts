import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { isTurn, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, reports, scenario, writes } from "./model.ts";
import type { Turn } from "./model.ts";
import { expectApplies, transcriptOf } from "./stored.ts";

/** Seconds: a check runs three times at least, and each begins with files laid anew. */
const patience = 180;
const limits = { toolboxImages: ["**"] };
const toolbox = { image: "registry.example/any:1" };
const runs = (name: string): Turn => ({ tools: [{ name: "run_check", input: { name } }] });

interface CheckSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly required?: boolean;
  readonly timeout?: string;
  readonly adopt?: readonly string[];
}

function sh(name: string, text: string, more: Partial<CheckSpec> = {}): CheckSpec {
  return { name, command: ["sh", "-c", text], timeout: "60s", ...more };
}

/** What lies beside all of local mode, for checks that leave a mark. */
let beside = "";
let local: LocalMode;
beforeAll(async () => {
  beside = mkdtempSync(join(tmpdir(), "beside-"));
  local = await startLocalMode({
    limits,
    runChecks: true,
    scenarios: [
      scenario(
        "fixed",
        { repository: "good/api" },
        writes("src/new.txt", "new\n"),
        runs("format"),
        runs("test"),
        reports(true, "Add a file"),
      ),
      {
        ...scenario("killed", { repository: "try/api" }, writes("one.txt", "one\n"), runs("test"), reports(true, "Add one")),
        resumed: [runs("test"), reports(true, "Add one, at last")],
      },
      scenario("asking", { repository: "ask/*" }, writes("NEW.md", "new\n"), runs("test"), reports(true, "Add a file")),
      scenario("any", {}, ...changes()),
    ],
  });
});
afterAll(async () => {
  await endStory(local);
  rmSync(beside, { recursive: true, force: true });
});

afterEach(({ task }) => tellFailure(local, task));

async function batchOf(name: string, repository: string, checks: readonly CheckSpec[], more: object = {}): Promise<Batch> {
  const url = local.repository(repository, { "a.txt": "a\n", ".github/workflows/ci.yml": "on: push\n" });
  return await new Batch(local, name, patience).create([url], { toolbox: { ...toolbox, ...more }, checks });
}

test.concurrent("required checks that pass end as Ready, with all checks in status and the transcript, and a formatter's files in the patch", async () => {
  const format = sh("format", "for f in src/*.txt; do tr a-z A-Z < $f > $f.up && mv $f.up $f; done; date > clock", { adopt: ["src/*"] });
  const batch = await batchOf("good", "good/api", [format, sh("test", "test ! -e src || grep -q NEW src/new.txt", { required: true })]);
  const ready = await batch.ends("good/api", "Ready", "PatchReady");
  expect(ready.status.result?.checks).toEqual([
    { name: "format", outcome: "Passed", required: false, exitCode: 0, durationSeconds: expect.any(Number) as number },
    { name: "test", outcome: "Passed", required: true, exitCode: 0, durationSeconds: expect.any(Number) as number },
  ]);
  const patch = await expectApplies(local, ready);
  expect(patch).toContain("\n+NEW\n");
  expect(patch).not.toContain("clock");
  const seen = (await transcriptOf(local, ready)).flatMap((event) => (event.kind === "check" ? [`${event.name} ${event.on}`] : []));
  expect(seen).toEqual(["format base", "format change", "test base", "test change", "test change"]);
});

test.concurrent("a check that fails with and without the change ends as Ready with a warning", async () => {
  const batch = await batchOf("red", "red/api", [sh("test", "exit 3", { required: true })]);
  const { status } = await batch.ends("red/api", "Ready", "PatchReady");
  expect(status.result?.warnings).toContain("BaselineFailing: the check test fails without the change too.");
  expect(status.result?.checks).toMatchObject([{ name: "test", outcome: "Failed", exitCode: 3 }]);
});

describe.concurrent("a change that a required check keeps back is kept as a patch that applies", () => {
  test.each([
    ["fails", sh("test", "test ! -e NEW.md || exit 4"), "failed with exit code 4"],
    ["takes too long", sh("test", "test ! -e NEW.md || sleep 600", { timeout: "2s" }), "was ended because its time was over"],
    ["writes without end", sh("test", "test ! -e NEW.md || exec cat /dev/zero"), "was ended because it wrote too much"],
  ])("where it %s", async (how, check, says) => {
    const name = `worse-${how.split(" ")[0]}`;
    const batch = await batchOf(name, `${name}/api`, [{ ...check, required: true }]);
    const failed = await batch.ends(`${name}/api`, "Failed", "CheckFailed");
    expect(failed.status.message).toContain(`The required check test ${says}. Without the change it passes.`);
    expect(failed.status.message).toContain("The work done so far is kept.");
    expect(await expectApplies(local, failed)).toContain("NEW.md");
  });
});

test.concurrent("what a check adopts passes the gate: a workflow is refused by name", async () => {
  const meddle = sh("test", "echo 'on: [push, fork]' > .github/workflows/ci.yml", { adopt: ["**"] });
  const batch = await batchOf("gate", "ask/gate", [meddle]);
  const failed = await batch.ends("ask/gate", "Failed", "PathDenied");
  expect(failed.status.message).toContain(".github/workflows/ci.yml");
  expect(await expectApplies(local, failed)).toContain("fork");
});

test.concurrent("links, special files and processes that a check leaves reach nothing: the patch has the plain file alone", async () => {
  const leave = "(setsid sleep 600 &); ln -s /etc/passwd link; mkfifo pipe; ln a.txt hard; echo ok > plain.txt";
  const batch = await batchOf("traps", "ask/traps", [sh("test", leave, { required: true, adopt: ["**"] })]);
  const ready = await batch.ends("ask/traps", "Ready");
  const added = [...(await expectApplies(local, ready)).matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path]) => path);
  expect(added).toEqual(["NEW.md", "plain.txt"]);
});

test.concurrent("a setup that fails is named, and says nothing of the change", async () => {
  const batch = await batchOf("setup", "setup/api", [sh("test", "true", { required: true })], {
    setup: ["sh", "-c", "echo no network; exit 7"],
  });
  const failed = await batch.ends("setup/api", "Failed", "ToolboxUnavailable");
  expect(failed.status.message).toContain("The setup failed with exit code 7, without the change.");
  expect(await expectApplies(local, failed)).toContain("NEW.md");
  expect(await transcriptOf(local, failed)).toContainEqual(expect.objectContaining({ kind: "check", on: "base", output: "no network\n" }));
});

test.concurrent("a toolbox that dies whenever the check runs on the change is named; patch and transcript are kept", async () => {
  const batch = await batchOf("dies", "dies/api", [sh("test", "test ! -e NEW.md || kill -9 $PPID; sleep 1", { required: true })]);
  const failed = await batch.ends("dies/api", "Failed", "ToolboxUnavailable");
  expect(failed.status.message).toContain("It started anew twice while it ran the same check");
  expect(await expectApplies(local, failed)).toContain("NEW.md");
  expect((await transcriptOf(local, failed)).map(({ kind }) => kind)).toContain("check");
});

test.concurrent("an agent killed between two checks goes on in the next try from its patch, with a toolbox of its own", async () => {
  const held = local.gates.claude.hold("before", isTurn("try/api", 2));
  const batch = await batchOf("try", "try/api", [sh("test", "test ! -e left && touch left", { required: true })]);
  await held.reached();
  await local.killContainer("try/api", "agent");
  const ready = await batch.ends("try/api", "Ready");
  held.release();
  expect(ready.status.attempts).toMatchObject([{ outcome: "InfrastructureFault" }, { outcome: "Reported" }]);
  expect(ready.status.result).toMatchObject({ summary: "Add one, at last", checks: [{ name: "test", outcome: "Passed" }] });
  expect(await expectApplies(local, ready)).toContain("one.txt");
});

test.concurrent("a cancelled run takes its check along", async () => {
  const mark = join(beside, "began");
  const batch = await batchOf("stop", "stop/api", [sh("test", `touch ${mark}; sleep 600`, { required: true })]);
  await eventually("the check runs", async () => (existsSync(mark) ? true : undefined));
  await batch.edit({ cancel: true });
  const cancelled = await batch.ends("stop/api", "Cancelled", "CancelRequested");
  expect(await expectApplies(local, cancelled)).toContain("NEW.md");
});

test.concurrent("where local mode was not told to run checks, nothing of them runs and nothing is paid, and the way out is named", async () => {
  const strict = await startLocalMode({
    limits,
    operator: { CODYBATCH_TOOLBOX_START_SECONDS: "1" },
    scenarios: [scenario("any", {}, ...changes())],
  });
  try {
    const mark = join(beside, "ran");
    const url = strict.repository("strict/api", { "a.txt": "a\n" });
    const checks = [sh("test", `touch ${mark}`, { required: true })];
    const batch = await new Batch(strict, "strict", patience).create([url], { toolbox, checks });
    const { status } = await batch.ends("strict/api", "Failed", "ToolboxUnavailable");
    expect(status.message).toContain(`start it with --run-checks to run those of ${url} too`);
    expect(status).toMatchObject({ chargedNanoUSD: 0 });
    expect([strict.gates.claude.exchanges, existsSync(mark)]).toEqual([[], false]);
  } finally {
    await endStory(strict);
  }
});
