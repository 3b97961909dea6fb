import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { paths, urlOf } from "@codybatch/dashboard-contract";
import { recordKey, recordName } from "@codybatch/crds";
import { resources, type KubeObject } from "@codybatch/operator";
import { describe, expect, it } from "vitest";
import { at, endedAttempt, eventually, gz, stages, type Stage } from "../testing/stage.ts";

const open = stages();
const params = { namespace: "team-a", name: "node-24", changeset: "node-24-0000000001" };
const pod = "node-24-0000000001-0-1-abcde";

const started = {
  kind: "started",
  version: 1,
  at: at(0),
  turn: 0,
  changeset: params.changeset,
  attempt: 0,
  try: 1,
  model: "claude-sonnet-5-5",
};
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, turns: 1, costNanoUSD: 12_345 };
const said = (turn: number, text: string) => ({
  kind: "assistant",
  at: at(turn),
  turn,
  messageID: "m",
  stopReason: "tool_use",
  content: [{ type: "text", text }],
  usage,
  durationMs: 5,
});
const failedTool = {
  kind: "tool",
  at: at(1),
  turn: 1,
  toolUseID: "t",
  name: "edit_file",
  isError: true,
  output: "No such\ttext",
  durationMs: 1,
};

const patch = [
  "diff --git a/.nvmrc b/.nvmrc",
  "--- a/.nvmrc",
  "+++ b/.nvmrc",
  "@@ -1 +1,2 @@",
  "-20",
  "+24",
  "+diff --git a/forged b/forged",
  'diff --git "a/na\\303\\257ve.txt" "b/na\\303\\257ve.txt"',
  "new file mode 100644",
  "--- /dev/null",
  '+++ "b/na\\303\\257ve.txt"',
  "@@ -0,0 +1 @@",
  "+x",
  "",
].join("\n");

async function withOne(
  env: Record<string, string> = {},
  attempt: object = endedAttempt(pod),
  spec: object = {},
): Promise<{ stage: Stage; owner: KubeObject }> {
  const stage = await open(env);
  await stage.batch("team-a", "node-24", { spec });
  const owner = await stage.changeset("team-a", params.changeset, "node-24", { status: { phase: "Ready", attempts: [attempt] } });
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params }))).body?.total === 1);
  return { stage, owner };
}

const storePatch = (stage: Stage, owner: KubeObject, text = patch) =>
  stage.record(owner, "patch", { name: recordName.patch(pod), binary: gz.patch(text) });
const storeTranscript = (stage: Stage, owner: KubeObject, lines: readonly unknown[]) =>
  stage.record(owner, "transcript", { name: recordName.transcript(pod, 0), binary: gz.transcript(lines) });

describe("a patch", () => {
  it("comes whole, as a file, and by ranges of its bytes", async () => {
    const { stage, owner } = await withOne();
    await storePatch(stage, owner);
    const url = urlOf("patch", { params });
    const whole = await stage.get(url);
    expect([whole.text, whole.headers.get("content-type"), whole.headers.get("x-content-type-options")]).toEqual([
      patch,
      "text/x-diff; charset=utf-8",
      "nosniff",
    ]);
    const file = await stage.get(`${url}?download=true&attempt=0-1`);
    expect(file.headers.get("content-disposition")).toBe(`attachment; filename="${params.changeset}-0-1.patch"`);
    const part = await stage.get(url, { headers: { range: "bytes=5-9" } });
    expect([part.status, part.text, part.headers.get("content-range")]).toEqual([
      206,
      patch.slice(5, 10),
      `bytes 5-9/${Buffer.byteLength(patch)}`,
    ]);
    expect((await stage.get(url, { headers: { range: "bytes=99999-" } })).status).toBe(416);
    expect((await stage.get(url, { headers: { range: "bytes=-3" } })).text).toBe(patch.slice(-3));
  });

  it("lists its files with their place, and reads no header out of a repository's own lines", async () => {
    const { stage, owner } = await withOne();
    await storePatch(stage, owner);
    const { files } = (await stage.get(urlOf("patchFiles", { params }))).body;
    expect(files).toMatchObject([
      { path: ".nvmrc", change: "modified", additions: 2, deletions: 1 },
      { path: "naïve.txt", change: "added", additions: 1, deletions: 0 },
    ]);
    const second = await stage.get(urlOf("patch", { params }), {
      headers: { range: `bytes=${files[1].offset}-${files[1].offset + files[1].bytes - 1}` },
    });
    expect(second.text).toMatch(/^diff --git "a\/na/);
  });

  it("is refused when it unpacks to more than can be shown", async () => {
    const { stage, owner } = await withOne();
    const bomb = { [recordKey.patchGz]: gzipSync(Buffer.alloc(40 * 1024 * 1024)) };
    await stage.record(owner, "patch", { name: recordName.patch(pod), binary: bomb });
    expect((await stage.get(urlOf("patch", { params }))).body.error.kind).toBe("TooLarge");
  });

  it("that is damaged or was deleted is gone, with words", async () => {
    const { stage, owner } = await withOne();
    const gone = await stage.get(urlOf("patch", { params }));
    expect([gone.status, gone.body.error.kind, gone.headers.get("content-disposition")]).toEqual([410, "Gone", null]);
    await stage.record(owner, "patch", { name: recordName.patch(pod), binary: { [recordKey.patchGz]: Buffer.from("no gzip") } });
    expect((await stage.get(urlOf("patch", { params }))).status).toBe(410);
  });

  it.each([
    ["another Changeset's", { labels: { "codybatch.dev/changeset": "other" } }],
    ["no result by its label", { labels: { "codybatch.dev/role": "prompt" } }],
    ["another owner's", { uid: "of the other Changeset" }],
  ])("is not read from a ConfigMap that is %s", async (_what, more) => {
    const { stage, owner } = await withOne();
    const other = await stage.changeset("team-a", "node-24-0000000002", "node-24");
    const uid = "uid" in more ? { uid: other.metadata.uid } : {};
    await stage.record(owner, "patch", { name: recordName.patch(pod), binary: gz.patch("secret") }, { ...more, ...uid });
    const answer = await stage.get(urlOf("patch", { params }));
    expect([answer.status, answer.text.includes("secret")]).toEqual([410, false]);
  });

  it("needs its own right", async () => {
    const stage = await open({}, { users: [{ token: "t", username: "u", groups: [], deny: [{ subresource: "patch" }] }] });
    await stage.batch("team-a", "node-24");
    await stage.changeset("team-a", params.changeset, "node-24", { status: { phase: "Ready", attempts: [endedAttempt(pod)] } });
    await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params }), { as: "t" })).body?.total === 1);
    const refused = await stage.get(urlOf("patch", { params }), { as: "t" });
    expect(refused.body.error).toMatchObject({
      kind: "Forbidden",
      needs: { verb: "get", resource: "batchchanges/patch", namespace: "team-a" },
    });
    expect((await stage.get(urlOf("repository", { params }), { as: "t" })).body.rights).toEqual({
      transcript: true,
      patch: false,
      cost: true,
    });
  });

  it("of another batch's repository is not found under this batch", async () => {
    const { stage } = await withOne();
    await stage.batch("team-a", "other");
    await eventually("both are there", async () => (await stage.get(paths.batches)).body.total === 2);
    expect((await stage.get(urlOf("patch", { params: { ...params, name: "other" } }))).status).toBe(404);
  });
});

describe("a patch on a claim", () => {
  const onClaim = (ref: string) => endedAttempt(pod, { patch: { ...endedAttempt(pod).patch, ref } });
  const storage = { resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } };

  it("is read from the mounted folder, and never through a link or another path", async () => {
    const directory = await mkdtemp(join(tmpdir(), "codybatch-claim-"));
    await mkdir(join(directory, pod));
    await writeFile(join(directory, "secret"), gzipSync("secret"));
    await writeFile(join(directory, pod, "change.patch.gz"), gzipSync(patch));
    const claims = JSON.stringify([{ namespace: "team-a", claim: "results", directory }]);
    const { stage } = await withOne({ CODYBATCH_DASHBOARD_CLAIMS: claims }, onClaim(`pvc:${pod}/change.patch.gz`), storage);
    expect((await stage.get(urlOf("patch", { params }))).text).toBe(patch);
    await rm(join(directory, pod, "change.patch.gz"));
    await symlink(join(directory, "secret"), join(directory, pod, "change.patch.gz"));
    const linked = await stage.get(urlOf("patch", { params }));
    expect([linked.status, linked.text.includes("secret")]).toEqual([410, false]);
    await rm(directory, { recursive: true });
  });

  it.each(["pvc:../secret", "pvc:x/../../secret", "pvc:/etc/passwd", `pvc:${pod}/other`])("is gone for the place %s", async (ref) => {
    const claims = JSON.stringify([{ namespace: "team-a", claim: "results", directory: tmpdir() }]);
    const { stage } = await withOne({ CODYBATCH_DASHBOARD_CLAIMS: claims }, onClaim(ref), storage);
    expect((await stage.get(urlOf("patch", { params }))).status).toBe(410);
  });

  it("that is not mounted comes with the line that copies it", async () => {
    const { stage } = await withOne({}, onClaim(`pvc:${pod}/change.patch.gz`), storage);
    const answer = await stage.get(urlOf("patch", { params }));
    expect([answer.status, answer.body.error.command]).toEqual([410, expect.stringContaining(`/claim/${pod}/change.patch.gz`)]);
    const detail = (await stage.get(urlOf("repository", { params }))).body;
    expect(detail.patch).toMatchObject({ state: "elsewhere", command: { purpose: "copy" } });
  });
});

describe("a transcript", () => {
  it("comes page by page with numbers that stay", async () => {
    const { stage, owner } = await withOne();
    await storeTranscript(stage, owner, [started, ...Array.from({ length: 9 }, (_none, turn) => said(turn + 1, `step ${turn + 1}`))]);
    const first = (await stage.get(urlOf("transcript", { params, query: { limit: "4" } }))).body;
    expect([first.events, first.next, first.items.map(({ n }: { n: number }) => n)]).toEqual([10, 4, [1, 2, 3, 4]]);
    const last = (await stage.get(urlOf("transcript", { params, query: { after: "8", limit: "4" } }))).body;
    expect([last.next, last.items.map(({ n }: { n: number }) => n)]).toEqual([undefined, [9, 10]]);
    const beyond = (await stage.get(urlOf("transcript", { params, query: { after: "500" } }))).body;
    expect([beyond.items, beyond.next]).toEqual([[], undefined]);
  });

  it("cuts long texts unless they are asked for whole", async () => {
    const { stage, owner } = await withOne();
    await storeTranscript(stage, owner, [started, said(1, "x".repeat(5_000_000))]);
    const page = await stage.get(urlOf("transcript", { params }));
    expect(page.text.length).toBeLessThan(50_000);
    expect(page.body.items[1].cut).toBe(true);
    const whole = (await stage.get(urlOf("transcript", { params, query: { after: "1", limit: "1", full: "true" } }))).body;
    expect([whole.items[0].cut, whole.items[0].event.content[0].text.length]).toEqual([undefined, 5_000_000]);
  });

  it("is searched over all of its text, and says where it went wrong", async () => {
    const { stage, owner } = await withOne();
    await storeTranscript(stage, owner, [started, said(1, 'It says "Quoted"\nthen ends'), failedTool, "{ half a li", said(2, "the end")]);
    const hits = (await stage.get(urlOf("transcriptSearch", { params, query: { q: '"quoted"' } }))).body;
    expect(hits).toMatchObject({ total: 1, hits: [{ n: 2, turn: 1, kind: "assistant", start: 8 }] });
    const outline = (await stage.get(urlOf("transcriptOutline", { params }))).body;
    expect(outline.errors.map(({ n, kind }: { n: number; kind: string }) => [n, kind])).toEqual([
      [3, "tool"],
      [4, "unreadable"],
    ]);
    expect(outline.turns.map(({ n }: { n: number }) => n)).toEqual([2, 5]);
  });

  it("holds no cost for those without that right, in pages as in the raw lines", async () => {
    const { stage, owner } = await withOne();
    await storeTranscript(stage, owner, [started, said(1, "hello")]);
    for (const url of [urlOf("transcript", { params }), urlOf("transcriptRaw", { params })]) {
      expect((await stage.get(url, { as: "viewer" })).text).toMatch(/hello/);
      expect((await stage.get(url, { as: "viewer" })).text).not.toMatch(/costNanoUSD|usage/);
      expect((await stage.get(url)).text).toMatch(/12345/);
    }
    expect((await stage.get(urlOf("transcriptRaw", { params }))).headers.get("content-disposition")).toMatch(/^attachment/);
  });

  it("says that part of it was left out when it was stored", async () => {
    const transcript = { refs: [recordName.transcript(pod, 0)], events: 1, truncated: true };
    const { stage, owner } = await withOne({}, endedAttempt(pod, { transcript }));
    await storeTranscript(stage, owner, [started]);
    expect((await stage.get(urlOf("transcript", { params }))).body.truncated).toBe(true);
    expect((await stage.get(urlOf("repository", { params }))).body.transcript).toMatchObject({ state: "stored", truncated: true });
  });

  it("is read while it grows: whole chunks, then what the recorder saw last", async () => {
    const stage = await open();
    await stage.batch("team-a", "node-24");
    const status = { phase: "Running", job: `${params.changeset}-0-1`, pod: { name: pod, uid: "pod-uid" } };
    const owner = await stage.changeset("team-a", params.changeset, "node-24", { status });
    await storeTranscript(stage, owner, [started, said(1, "one")]);
    const live = recordName.live(pod);
    const record = {
      version: 1,
      ended: "Running",
      transcript: { refs: [recordName.transcript(pod, 0), live], events: 3, bytes: 10, truncated: false },
    };
    const progress = { version: 1, turn: 2, activity: "edit_file <b>", usage, updatedAt: at(2) };
    const data = { [recordKey.record]: JSON.stringify(record), [recordKey.progress]: JSON.stringify(progress) };
    await stage.record(owner, "live", { name: live, data, binary: gz.transcript([said(2, "two")]) });
    await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params }))).body?.total === 1);
    const page = (await stage.get(urlOf("transcript", { params }))).body;
    expect([page.live, page.attempt, page.events]).toEqual([true, "0-1", 3]);
    const detail = (await stage.get(urlOf("repository", { params }))).body;
    expect(detail).toMatchObject({ progress: { turn: 2, activity: "edit_file <b>" }, attempts: [{ id: "0-1", outcome: "Running" }] });
  });
});

it("refuses names that are none, before anything is asked of the API server", async () => {
  const stage = await open();
  const hostile = ["..%2f..%2fsecrets", "%00", "a%2fb", "A", "a".repeat(64), "<script>", "%E0%A4%A"];
  for (const name of hostile) {
    const answer = await stage.get(`/api/v1/namespaces/team-a/batchchanges/${name}`);
    expect([name, answer.status]).toEqual([name, 400]);
    expect(answer.headers.get("content-type")).toMatch(/json/);
  }
  expect((await stage.get("/api/v1/namespaces/team-a/batchchanges/../../../secrets")).status).toBe(404);
});

it("has no way to read any other object of the cluster", async () => {
  const { stage, owner } = await withOne({}, endedAttempt(pod, { patch: { ...endedAttempt(pod).patch, ref: "kube-root-ca.crt" } }));
  await stage.create(resources.configMaps, "team-a", {
    metadata: { name: "kube-root-ca.crt" },
    binaryData: { [recordKey.patchGz]: gzipSync("secret").toString("base64") },
  });
  expect(owner.metadata.name).toBe(params.changeset);
  const answer = await stage.get(urlOf("patch", { params }));
  expect([answer.status, answer.text.includes("secret")]).toEqual([410, false]);
});
