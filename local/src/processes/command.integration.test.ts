import { annotation } from "@codybatch/crds";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { signal } from "./container/identity.ts";
import { Bench, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const url = "file:///samples/acme/api.git";
const results = { name: "results", persistentVolumeClaim: { claimName: "results" } };
const mounted = {
  env: [
    { name: "CODYBATCH_RESULTS_DIR", value: "/results" },
    { name: "CODYBATCH_BASE_DIR", value: "/base" },
  ],
  volumeMounts: [
    { name: "results", mountPath: "/results" },
    { name: "base", mountPath: "/base" },
  ],
};

/** A Job with a sidecar in another image, whose script clone lays, as the toolbox is. The agent ends when the file `go` is there. */
async function createJob(name: string, script: string): Promise<void> {
  const lay = `cat > "$CODYBATCH_BASE_DIR/run.sh" <<'END'\n${script}\nEND`;
  await bench.createJob(
    name,
    {
      volumes: [results, { name: "base", emptyDir: {} }],
      initContainers: [
        recording("clone", lay, mounted),
        {
          name: "toolbox",
          image: "docker.io/library/busybox:1",
          command: ["sh", "/base/run.sh", "/bases"],
          workingDir: "/base",
          restartPolicy: "Always",
          ...mounted,
        },
      ],
      containers: [
        recording("agent", 'touch "$CODYBATCH_RESULTS_DIR/agent"; while ! [ -e "$CODYBATCH_RESULTS_DIR/go" ]; do sleep 0.02; done'),
      ],
    },
    { annotations: { [annotation.input]: JSON.stringify({ version: 1, repository: { url, name: "acme/api" } }) } },
  );
}

/** What the toolbox waits for, once it does. */
async function refusal(): Promise<unknown> {
  return until("the refusal", async () => {
    const [pod] = await bench.pods();
    const waiting = pod === undefined ? undefined : statusOf(pod, "toolbox")?.state["waiting"];
    return waiting?.["message"] === undefined ? undefined : waiting;
  });
}

const result = (file: string): Promise<string> => until(file, () => (bench.result(file) === "" ? undefined : bench.result(file)));

test.each([
  ["nobody's", {}],
  ["another repository's", { commandsOf: new Set(["file:///samples/acme/api", "file:///samples/acme/api.git.git"]) }],
])(
  "a container with a command of its own is refused with the way out where %s may run; what follows it does not start",
  async (_, options) => {
    await bench.start(options);
    await createJob("refused", 'touch "$CODYBATCH_RESULTS_DIR/toolbox"');
    expect(await refusal()).toEqual({
      reason: "CreateContainerConfigError",
      message: `local mode runs checks as plain processes of your user, which is no sandbox, and therefore those of its own samples only: start it with --run-checks to run those of ${url} too`,
    });
    expect([bench.result("toolbox"), existsSync(join(bench.dir, "claims/default/results/agent"))]).toEqual(["", false]);
  },
);

test("a known image with a command of its own is no way around that", async () => {
  await bench.start();
  const agent = { ...recording("agent", ""), command: ["/bin/touch", join(bench.dir, "ran")], args: [] };
  await bench.createJob("around", { containers: [agent] });
  await until("the refusal", async () => {
    const [pod] = await bench.pods();
    return pod === undefined ? undefined : statusOf(pod, "agent")?.state["waiting"]?.["message"];
  });
  expect(existsSync(join(bench.dir, "ran"))).toBe(false);
});

test.each([
  ["one of the named repositories", ["--checks-of", url]],
  ["any repository", ["--run-checks"]],
])("the command of %s runs with its paths placed, and sees no variable but its own and those of every machine", async (_, allowed) => {
  bench.spawn(...allowed, "--pass", "LEAK", "--pass", "NODE_EXTRA_CA_CERTS");
  await createJob(
    "allowed",
    'echo "$0 $1 $PWD" > "$CODYBATCH_RESULTS_DIR/words"; env > "$CODYBATCH_RESULTS_DIR/env.new"; mv "$CODYBATCH_RESULTS_DIR/env.new" "$CODYBATCH_RESULTS_DIR/env"; exec sleep 60',
  );
  const variables = (await result("env")).trim().split("\n");
  const { metadata } = await bench.podIn("Running");
  const podDir = join(bench.dir, "pods", metadata.uid);
  expect(bench.result("words")).toBe(`${podDir}/volumes/base/run.sh /bases ${podDir}/volumes/base\n`);
  const names = variables.map((line) => line.split("=")[0]);
  expect(names).toEqual(expect.arrayContaining(["PATH", "HOME", "TMPDIR", "CODYBATCH_BASE_DIR"]));
  const usual = ["PATH", "LANG", "TZ", "HOME", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_", "CODYBATCH_CONTAINER_RUN"];
  expect(new Set(names.filter((name) => !usual.includes(name!)))).toEqual(new Set(["CODYBATCH_BASE_DIR", "CODYBATCH_RESULTS_DIR"]));
  expect(variables).toContain(`HOME=${podDir}/tmp/toolbox`);
  bench.write("go", "");
  await bench.jobWith("allowed", "Complete");
});

const spawning = `(setsid sleep 600 & echo $! > "$CODYBATCH_RESULTS_DIR/left.new"; mv "$CODYBATCH_RESULTS_DIR/left.new" "$CODYBATCH_RESULTS_DIR/left")`;
const gone = (pid: number): Promise<true> => until("the left process to end", () => (signal(pid, 0) ? undefined : true));

test("such a sidecar is ended after the agent with all that it started, its own session too, and its exit code does not count", async () => {
  await bench.start({ commandsOf: "all" });
  await createJob("ends", `trap 'echo term > "$CODYBATCH_RESULTS_DIR/term"; exit 9' TERM\n${spawning}\nwhile :; do sleep 0.05; done`);
  const left = Number(await result("left"));
  expect(signal(left, 0)).toBe(true);
  bench.write("go", "");
  await bench.jobWith("ends", "Complete");
  expect(bench.result("term")).toBe("term\n");
  expect(statusOf(await bench.podIn("Succeeded"), "toolbox").state).toMatchObject({ terminated: { exitCode: 9 } });
  await gone(left);
});

test("one that dies is started again, and nothing of its first run is left", async () => {
  await bench.start({ commandsOf: "all" });
  await createJob(
    "again",
    `if [ -e "$CODYBATCH_RESULTS_DIR/left" ]; then echo again > "$CODYBATCH_RESULTS_DIR/again"; exec sleep 60; fi\n${spawning}\nkill -9 $$`,
  );
  expect(await result("again")).toBe("again\n");
  await gone(Number(bench.result("left")));
  bench.write("go", "");
  await bench.jobWith("again", "Complete");
});

test("a process runner killed with -9 leaves it running; the next one adopts it, and ends it with what it left", async () => {
  const first = bench.spawn("--run-checks");
  await createJob("adopted", `echo begun >> "$CODYBATCH_RESULTS_DIR/begun"\n${spawning}\nwhile :; do sleep 0.05; done`);
  const left = Number(await result("left"));
  await bench.podIn("Running");
  await bench.kill(first);
  expect(bench.livingProcesses()).toHaveLength(2);
  await bench.start();
  bench.write("go", "");
  await bench.jobWith("adopted", "Complete");
  expect(bench.result("begun")).toBe("begun\n");
  await gone(left);
});
