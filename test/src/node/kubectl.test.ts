import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { apiVersion } from "@codybatch/crds";
import { eventually } from "../cluster/deadline.ts";
import { changes, reports, scenario } from "../story/model.ts";
import { Golden } from "./golden.ts";
import { Person } from "./person.ts";
import { Stage } from "./stage.ts";

const names = ["acme/changed", "acme/fine", "acme/stuck"] as const;
let stage: Stage;
let user: Person;
let watched: readonly string[];
let urls: readonly string[];
beforeAll(async () => {
  stage = await Stage.open({
    name: "kubectl",
    scenarios: [
      scenario("stuck", { repository: "*/stuck" }, { say: "I give up." }),
      scenario("fine", { repository: "*/fine" }, reports(false, "Nothing to do")),
      scenario("changed", {}, ...changes("NEW.md")),
    ],
  });
  user = new Person(stage);
  const watch = user.watches("kubectl get bc -w");
  urls = names.map((name) => stage.repository(name));
  write("trio", urls);
  await user.does("kubectl apply -f trio.yaml");
  await user.does("kubectl wait bc/trio --for=condition=Complete --timeout=180s");
  await eventually("the watch has shown the end", async () => (watch.lines.at(-1)?.includes("3/3") ? true : undefined));
  watch.stop();
  watched = watch.lines;
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

/** Writes a manifest as its user would. */
function write(name: string, repositories: readonly string[]): void {
  const spec = { prompt: "Add a file that says what is new.", repositories: repositories.map((url) => ({ url })) };
  writeFileSync(join(stage.dir, `${name}.yaml`), stringify({ apiVersion, kind: "BatchChange", metadata: { name }, spec }));
}

async function goldenOf(batch: string): Promise<Golden> {
  const changesets = await stage.batch(batch).changesets();
  return new Golden(new Map(changesets.map(({ metadata, spec }) => [metadata.name, `${batch}-${spec.repository.name.slice(5)}`])));
}

test("get -w shows the progress up to the end that wait waits for", async () => {
  const rows = watched.slice(1).map((line) => /^trio +([A-Z]\w+) +(\d\/3)/.exec(line)?.slice(1) ?? []);
  const phases = rows.map(([phase]) => phase).filter((phase, index, all) => phase !== all[index - 1]);
  expect(phases.filter((phase) => phase !== undefined && phase !== "Pending")).toEqual(["Running", "PartiallySucceeded"]);
  const done = rows.flatMap(([, progress]) => progress ?? []);
  expect(done).toEqual(done.toSorted());
  expect([done[0], done.at(-1)]).toEqual(["0/3", "3/3"]);
});

test.each(["get bc,cset", "get bc,cset -o wide", "get codybatch", "events --for bc/trio"])("kubectl %s", async (command) => {
  const text = (await goldenOf("trio")).table(await user.does(`kubectl ${command}`));
  await expect(`$ kubectl ${command}\n${text}\n`).toMatchFileSnapshot(`testdata/${command.replaceAll(/[^a-z]+/g, "-")}.txt`);
});

test.each(["bc", "batchchange", "batchchanges", "batchchanges.codybatch.dev", "codybatch"])("%s lists the BatchChange", async (kind) => {
  expect(await user.does(`kubectl get ${kind} -o name`)).toContain("batchchange.codybatch.dev/trio\n");
});

test.each(["cset", "changeset", "changesets", "changesets.codybatch.dev", "codybatch"])("%s lists the Changesets", async (kind) => {
  const found = (await user.does(`kubectl get ${kind} -o name`))
    .split("\n")
    .filter((name) => name.startsWith("changeset.codybatch.dev/trio-"));
  expect(found).toHaveLength(3);
});

test("Changesets are found by batch and by phase", async () => {
  const found = await user.does(
    "kubectl get cset --field-selector spec.batchChange=trio,status.phase=Ready -o jsonpath='{.items[*].spec.repository.name}'",
  );
  expect(found).toBe("acme/changed");
});

test.each(["bc/trio", "changed", "fine", "stuck"])("kubectl describe %s", async (object) => {
  const golden = await goldenOf("trio");
  const name = (await stage.batch("trio").changesets()).find(({ spec }) => spec.repository.name === `acme/${object}`)?.metadata.name;
  const text = await user.does(`kubectl describe ${name === undefined ? object : `cset/${name}`}`);
  await expect(golden.description(text)).toMatchFileSnapshot(`testdata/describe-${object.replace("/", "-")}.txt`);
});

test.each([
  ["bc.spec.agent", "maxTurns <integer>", "Claude model id."],
  ["bc.spec.budget.maxCostUSD", "maxCostUSD <", "whole batch"],
  ["bc.status", "progress <string>", "Finished and all repositories, such as 3/5."],
  ["cset.spec.approval", "patch <string>", "-required-"],
  ["cset.status", "message <string>", "the exact next command"],
])("explain %s describes %s", async (field, ...words) => {
  const text = (await user.does(`kubectl explain ${field}`)).replaceAll(/\s+/g, " ");
  for (const word of words) expect(text).toContain(word);
  expect(text).not.toContain("<no description>");
});

describe("as GitOps applies it", () => {
  const ways = [
    ["server-side", "--server-side --field-manager=gitops", "serverside-applied"],
    ["client-side", "", "configured"],
  ] as const;
  beforeAll(async () => {
    for (const [name, flags] of ways) {
      write(name, [urls[1]!]);
      await user.does(`kubectl apply ${flags} -f ${name}.yaml`);
    }
    for (const [name] of ways) await user.does(`kubectl wait bc/${name} --for=condition=Complete --timeout=180s`);
  });

  test.each(ways)("%s: once it has run, diff is empty and a second apply changes nothing", async (name, flags, said) => {
    const generation = `kubectl get bc ${name} -o jsonpath='{.metadata.generation} {.metadata.resourceVersion} {.status.phase}'`;
    const before = await user.does(generation);
    expect(before).toMatch(/^1 \d+ Succeeded$/);
    expect(await user.tries(`kubectl diff ${flags} -f ${name}.yaml`)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(await user.does(`kubectl apply ${flags} -f ${name}.yaml`)).toBe(`batchchange.codybatch.dev/${name} ${said}\n`);
    expect(await user.does(generation)).toBe(before);
  });

  test("diff shows an edit", async () => {
    const edited = "sed 's/what is new/what is old/' server-side.yaml > edited.yaml";
    const { exitCode, stdout } = await user.tries(`${edited}; kubectl diff --server-side --field-manager=gitops -f edited.yaml`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("+  prompt: Add a file that says what is old.");
  });

  test("status is the operator's and nothing else is", async () => {
    const managers = '{range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{"\\n"}{end}';
    const said = await user.does(`kubectl get bc server-side --show-managed-fields -o jsonpath='${managers}'`);
    expect(said).toBe("gitops Apply \ncody-batch Update status\n");
  });
});

test("a batch beyond the administrator's limits is refused at apply with limit and remedy, and nothing is made", async () => {
  write(
    "wide",
    Array.from({ length: 51 }, (_, index) => `${urls[1]}-${index}`),
  );
  const { exitCode, stderr } = await user.tries("kubectl apply -f wide.yaml");
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    "spec.repositories: 51 repositories are more than the 50 that the administrator allows in one batch; split the batch or ask for a higher limit.",
  );
  expect(await user.does("kubectl get bc wide --ignore-not-found")).toBe("");
});

describe("what operator and recorder may not do", () => {
  const nothing = ["get secrets", "list secrets", "watch secrets", "create pods", "create pods --subresource=exec", "impersonate users"];

  test.each([
    ["operator", "create jobs"],
    ["recorder", "create configmaps"],
  ])("the %s may %s, but reads no Secret and gets into no pod", async (who, allowed) => {
    const { name, namespace } = stage.release;
    const account = who === "operator" ? `${namespace}:${name}-operator` : `${stage.namespace}:codybatch-recorder`;
    const asked = async (what: string): Promise<string> =>
      (await user.tries(`kubectl auth can-i ${what} --as=system:serviceaccount:${account}`)).stdout.trim();
    expect(await asked(allowed)).toBe("yes");
    for (const place of ["-A", `-n ${stage.namespace}`])
      for (const what of nothing) expect([what, place, await asked(`${what} ${place}`)]).toEqual([what, place, "no"]);
  });
});
