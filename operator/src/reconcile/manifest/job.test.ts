import { RunInput } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { defaultSettings } from "../settings.ts";
import { Story } from "../testing/story.ts";
import type { SpecInput } from "../testing/build.ts";
import { plan } from "../plan.ts";
import { jobManifest } from "./job.ts";

function manifestOf(spec: SpecInput = {}, settings = defaultSettings) {
  return firstJob(spec, settings).manifest;
}

function firstJob(spec: SpecInput, settings = defaultSettings) {
  const story = new Story({ runningJobs: 1, allowPaths: ["**"] });
  const blocker = story.apply("other", {});
  const key = story.apply("node-24", { repositories: [{ url: "https://github.com/acme/api", instructions: "Keep it small." }], ...spec });
  story.world.removeBatch(blocker);
  const observed = { ...story.world.observe(key), settings };
  const [wish] = plan(observed).filter(({ kind }) => kind === "Start");
  return wish?.kind === "Start" ? { ...wish.job, observed } : undefined!;
}

const toolbox = { image: "node:24", setup: ["npm", "ci"] };
const checked: SpecInput = { toolbox, checks: [{ name: "test", command: ["npm", "test"], required: true }] };

type Container = ReturnType<typeof manifestOf>["spec"]["template"]["spec"]["initContainers"][number];

/** Names in the order in which the containers start. */
function containersOf(spec: SpecInput, settings = defaultSettings): Readonly<Record<string, Container>> {
  const { initContainers, containers } = manifestOf(spec, settings).spec.template.spec;
  return Object.fromEntries([...initContainers, ...containers].map((container) => [container.name, container]));
}

describe("the Job of a try", () => {
  it("is written down", async () => {
    await expect(`${JSON.stringify(manifestOf(), undefined, 2)}\n`).toMatchFileSnapshot("../testdata/job.json");
  });

  it("carries an input that the runner understands", () => {
    const publish = { allowPaths: [".github/workflows/**"] };
    const [text] = Object.values(manifestOf({ publish }).spec.template.metadata.annotations);
    const input = RunInput.parse(JSON.parse(text!));
    expect(input).toMatchObject({
      repository: { name: "acme/api", instructions: "Keep it small." },
      allowPaths: [".github/workflows/**"],
      agent: { maxCostNanoUSD: 2_000_000_000 },
    });
  });

  const { initContainers, containers } = manifestOf().spec.template.spec;
  it.each([...initContainers, ...containers])("keeps the $name restricted", (container) => {
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.resources).toMatchObject({ requests: expect.anything(), limits: expect.anything() });
  });

  it.each([
    ["anthropic", ["agent"]],
    ["github-read", ["clone"]],
    ["api-token", ["recorder"]],
    ["prompt", ["agent"]],
  ])("mounts %s into %o only", (volume, want) => {
    const all = [...initContainers, ...containers];
    expect(all.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume)).map(({ name }) => name)).toEqual(want);
  });

  it("gives every mount that a container has a volume, and a variable with its path", () => {
    const volumes = manifestOf().spec.template.spec.volumes.map((volume) => volume["name"]);
    for (const { volumeMounts, env } of [...initContainers, ...containers]) {
      for (const { name, mountPath } of volumeMounts) {
        expect(volumes).toContain(name);
        expect(env.map((variable) => ("value" in variable ? variable.value : undefined))).toContain(mountPath);
      }
    }
  });

  it("gives clone and agent, and no other, the administrator's proxy and authorities", () => {
    const runner = {
      ...defaultSettings.runner,
      proxy: { http: "http://proxy.example:3128", noProxy: "git.example" },
      caBundle: { configMap: "company-ca", key: "bundle.pem" },
    };
    const { spec } = manifestOf({}, { ...defaultSettings, runner }).spec.template;
    const [recorder, clone] = spec.initContainers;
    const way = [
      { name: "HTTP_PROXY", value: "http://proxy.example:3128" },
      { name: "HTTPS_PROXY", value: "http://proxy.example:3128" },
      { name: "NO_PROXY", value: "git.example" },
      { name: "NODE_EXTRA_CA_CERTS", value: "/ca/ca.crt" },
    ];
    for (const { env, volumeMounts } of [clone!, spec.containers[0]!]) {
      expect(env).toEqual(expect.arrayContaining(way));
      expect(volumeMounts).toContainEqual({ name: "ca", mountPath: "/ca", readOnly: true });
    }
    expect(JSON.stringify(recorder)).not.toMatch(/PROXY|NODE_|"\/ca"/);
    const items = [{ key: "bundle.pem", path: "ca.crt" }];
    expect(spec.volumes).toContainEqual({ name: "ca", configMap: { name: "company-ca", optional: true, items } });
  });

  it("adds the claim, the API server, Claude's address and times where they are set", () => {
    const runner = {
      ...defaultSettings.runner,
      apiURL: "http://127.0.0.1:1",
      anthropicBaseURL: "http://127.0.0.1:2",
      env: { CODYBATCH_ACK_SECONDS: "5" },
    };
    const job = manifestOf({ resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } }, { ...defaultSettings, runner });
    const text = JSON.stringify(job);
    expect(text).toContain('"persistentVolumeClaim":{"claimName":"results"}');
    expect(text).toContain('"subPathExpr":"$(POD_NAME)"');
    expect(job.spec.template.spec.initContainers[0]!.env).toContainEqual({ name: "CODYBATCH_API_URL", value: "http://127.0.0.1:1" });
    expect(job.spec.template.spec.containers[0]!.env).toContainEqual({ name: "ANTHROPIC_BASE_URL", value: "http://127.0.0.1:2" });
    expect(job.spec.template.spec.containers[0]!.env).toContainEqual({ name: "CODYBATCH_ACK_SECONDS", value: "5" });
  });

  it("bounds every folder that the containers write, and the token's life, as set", () => {
    const { volumeSizes, ...others } = defaultSettings.runner;
    const runner = { ...others, volumeSizes: { ...volumeSizes, git: "9Gi", tmp: "64Mi" }, tokenSeconds: 600 };
    const { volumes, initContainers, containers } = manifestOf({}, { ...defaultSettings, runner }).spec.template.spec;
    const limits = Object.fromEntries(volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [[name, emptyDir]])));
    expect(limits).toEqual({
      git: { sizeLimit: "9Gi" },
      workspace: { sizeLimit: "4Gi" },
      out: { sizeLimit: "256Mi" },
      "tmp-recorder": { sizeLimit: "64Mi" },
      "tmp-clone": { sizeLimit: "64Mi" },
      "tmp-agent": { sizeLimit: "64Mi" },
    });
    const mounts = [...initContainers, ...containers].flatMap(({ volumeMounts }) => volumeMounts);
    const written = mounts.flatMap(({ name, readOnly }) => (readOnly === true ? [] : [name]));
    expect(new Set(written)).toEqual(new Set(Object.keys(limits)));
    expect(JSON.stringify(volumes)).toContain('"serviceAccountToken":{"path":"token","expirationSeconds":600}');
  });

  it("shows a try that goes on from the claim the earlier pod's folder, to the agent alone and read-only", () => {
    const { manifest, observed, changeset } = firstJob({ resultStorage: { type: "PersistentVolumeClaim", claimName: "results" } });
    const [text] = Object.values(manifest.spec.template.metadata.annotations);
    const job = jobManifest({
      name: "next",
      promptName: "prompt",
      inputsHash: "1",
      reservedNanoUSD: 1,
      resumeFrom: "pvc:pod-a/change.patch.gz",
      batch: observed.batch,
      settings: defaultSettings,
      changeset,
      input: RunInput.parse(JSON.parse(text!)),
    });
    const { initContainers, containers, volumes } = job.spec.template.spec;
    const mounts = [...initContainers, ...containers].map(({ name, volumeMounts }) => [
      name,
      volumeMounts.filter((mount) => mount.name === "results"),
    ]);
    expect(Object.fromEntries(mounts)).toEqual({
      recorder: [{ name: "results", mountPath: "/results", subPathExpr: "$(POD_NAME)" }],
      clone: [],
      agent: [{ name: "results", mountPath: "/resume", readOnly: true, subPath: "pod-a" }],
    });
    expect(volumes.map((volume) => volume["name"])).not.toContain("resume");
  });
});

describe("the Job of a try where Secrets may hold an App", () => {
  const withApp = { ...defaultSettings, runner: { ...defaultSettings.runner, githubApp: true } };

  it("is written down", async () => {
    await expect(`${JSON.stringify(manifestOf({}, withApp), undefined, 2)}\n`).toMatchFileSnapshot("../testdata/job-with-app.json");
  });

  it("mints between recorder and clone, with the way out and the address of the API", () => {
    const runner = { ...withApp.runner, githubApiURL: "https://git.example/api/v3", proxy: { https: "http://proxy.example:3128" } };
    const containers = containersOf({}, { ...withApp, runner });
    expect(Object.keys(containers)).toEqual(["recorder", "mint", "clone", "agent"]);
    expect(containers["mint"]).toMatchObject({ args: ["mint"] });
    expect(containers["mint"]!.env).toEqual(
      expect.arrayContaining([
        { name: "GITHUB_API_URL", value: "https://git.example/api/v3" },
        { name: "HTTPS_PROXY", value: "http://proxy.example:3128" },
      ]),
    );
    expect(containers["clone"]!.env).toContainEqual({ name: "GITHUB_API_URL", value: "https://git.example/api/v3" });
  });

  it.each([
    ["github-app", ["mint"]],
    ["github-read", ["mint", "clone"]],
    ["anthropic", ["agent"]],
    ["api-token", ["recorder"]],
  ])("mounts %s into %o only", (volume, want) => {
    const all = Object.values(containersOf(checked, withApp));
    expect(all.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume)).map(({ name }) => name)).toEqual(want);
  });

  it("hands the token over on memory, to clone read-only", () => {
    const { volumes } = manifestOf({}, withApp).spec.template.spec;
    expect(volumes).toContainEqual({ name: "github-read", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } });
    const { mint, clone } = containersOf({}, withApp);
    expect(mint!.volumeMounts).toContainEqual({ name: "github-read", mountPath: "/github-token" });
    expect(clone!.volumeMounts).toContainEqual({ name: "github-read", mountPath: "/github-read", readOnly: true });
  });
});

describe("the Job of a try with checks", () => {
  it("is written down", async () => {
    await expect(`${JSON.stringify(manifestOf(checked), undefined, 2)}\n`).toMatchFileSnapshot("../testdata/job-with-checks.json");
  });

  it("starts the toolbox as a sidecar behind clone, in the user's image, with the script that clone lays", () => {
    const containers = containersOf(checked);
    expect(Object.keys(containers)).toEqual(["recorder", "clone", "toolbox", "agent"]);
    expect(containers["toolbox"]).toMatchObject({ image: "node:24", command: ["sh", "/base/toolbox.sh"], restartPolicy: "Always" });
  });

  it("tells the runner checks and setup", () => {
    const [text] = Object.values(manifestOf(checked).spec.template.metadata.annotations);
    expect(RunInput.parse(JSON.parse(text!))).toMatchObject({ setup: ["npm", "ci"], checks: [{ name: "test", timeout: "10m" }] });
  });

  it("gives the toolbox three folders by name and nothing else of its environment, whatever the others are given", () => {
    const runner = {
      ...defaultSettings.runner,
      imagePullPolicy: "Never" as const,
      env: { CODYBATCH_ACK_SECONDS: "5" },
      proxy: { http: "http://proxy.example:3128" },
      caBundle: { configMap: "company-ca", key: "bundle.pem" },
    };
    expect(containersOf(checked, { ...defaultSettings, runner })["toolbox"]).toEqual({
      name: "toolbox",
      image: "node:24",
      command: ["sh", "/base/toolbox.sh"],
      workingDir: "/toolbox",
      env: [
        { name: "CODYBATCH_BASE_DIR", value: "/base" },
        { name: "CODYBATCH_MAILBOX_DIR", value: "/mailbox" },
        { name: "CODYBATCH_TOOLBOX_DIR", value: "/toolbox" },
      ],
      resources: defaultSettings.runner.resources.toolbox,
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      volumeMounts: [
        { name: "base", mountPath: "/base", readOnly: true },
        { name: "mailbox", mountPath: "/mailbox" },
        { name: "toolbox", mountPath: "/toolbox" },
        { name: "tmp-toolbox", mountPath: "/tmp" },
      ],
      restartPolicy: "Always",
    });
  });

  it.each([
    ["anthropic", ["agent"]],
    ["github-read", ["clone"]],
    ["api-token", ["recorder"]],
    ["git", ["clone", "agent"]],
    ["workspace", ["clone", "agent"]],
    ["out", ["recorder", "clone", "agent"]],
    ["base", ["clone", "toolbox"]],
    ["mailbox", ["toolbox", "agent"]],
    ["toolbox", ["toolbox"]],
    ["tmp-toolbox", ["toolbox"]],
  ])("mounts %s into %o only", (volume, want) => {
    const all = Object.values(containersOf(checked));
    expect(all.filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume)).map(({ name }) => name)).toEqual(want);
  });

  it("shares no processes with the toolbox", () => {
    expect(manifestOf(checked).spec.template.spec).not.toHaveProperty("shareProcessNamespace");
  });

  it("tells clone and agent where they meet the toolbox", () => {
    const { clone, agent } = containersOf(checked);
    expect(clone!.env).toContainEqual({ name: "CODYBATCH_BASE_DIR", value: "/base" });
    expect(agent!.env).toContainEqual({ name: "CODYBATCH_MAILBOX_DIR", value: "/mailbox" });
  });

  it("bounds every folder that a container writes, as set", () => {
    const { volumeSizes, ...others } = defaultSettings.runner;
    const runner = { ...others, volumeSizes: { ...volumeSizes, toolbox: "20Gi", tmp: "64Mi" } };
    const { volumes, initContainers, containers } = manifestOf(checked, { ...defaultSettings, runner }).spec.template.spec;
    const limits = Object.fromEntries(volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [[name, emptyDir]])));
    expect(limits).toEqual({
      git: { sizeLimit: "4Gi" },
      workspace: { sizeLimit: "4Gi" },
      out: { sizeLimit: "256Mi" },
      "tmp-recorder": { sizeLimit: "64Mi" },
      "tmp-clone": { sizeLimit: "64Mi" },
      "tmp-agent": { sizeLimit: "64Mi" },
      base: { sizeLimit: "4Gi" },
      mailbox: { sizeLimit: "256Mi" },
      toolbox: { sizeLimit: "20Gi" },
      "tmp-toolbox": { sizeLimit: "64Mi" },
    });
    const mounts = [...initContainers, ...containers].flatMap(({ volumeMounts }) => volumeMounts);
    const written = mounts.flatMap(({ name, readOnly }) => (readOnly === true ? [] : [name]));
    expect(new Set(written)).toEqual(new Set(Object.keys(limits)));
  });

  const [small, large] = [
    { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    { requests: { cpu: 2, memory: "4Gi" }, limits: { memory: "8Gi", "nvidia.com/gpu": 1 } },
  ];
  it.each([
    ["none", undefined, small],
    ["both", large, large],
    ["a limit below the default request", { limits: { memory: "128Mi" } }, { requests: { cpu: "200m" }, limits: { memory: "128Mi" } }],
    [
      "a request above the default limit",
      { requests: { memory: "4Gi" } },
      { requests: { cpu: "200m", memory: "4Gi" }, limits: { memory: "4Gi" } },
    ],
    ["another amount only", { requests: { cpu: 4 } }, { requests: { cpu: 4, memory: "512Mi" }, limits: { memory: "2Gi" } }],
  ])("takes the resources of the BatchChange, the default ones beside them: %s", (_, resources, want) => {
    const spec = { ...checked, toolbox: { ...toolbox, ...(resources !== undefined && { resources }) } };
    expect(containersOf(spec as SpecInput)["toolbox"]!.resources).toEqual(want);
  });

  it("starts no toolbox for a batch that has no check to run in it", () => {
    expect(manifestOf({ toolbox, checks: [] }).spec.template).toEqual(manifestOf().spec.template);
  });
});
