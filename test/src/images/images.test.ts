import { appendFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { buildImage } from "../../../scripts/images/build.ts";
import { prepareContext } from "../../../scripts/images/bundle.ts";
import { must } from "../cluster/control-plane.ts";
import { command, type CommandOutput } from "../process/command.ts";
import { type Contents, contentsOf, layersOf } from "./contents.ts";
import { type TestImages, testImages } from "./images.ts";

let images: TestImages;
let contents: Readonly<Record<"operator" | "runner", Contents>>;

beforeAll(async () => {
  images = await testImages();
  const [operator, runner] = images.archives;
  contents = { operator: await contentsOf(operator!, images.base), runner: await contentsOf(runner!, images.base) };
});

describe.each([
  {
    program: "operator",
    megabytes: 10,
    shipped: ["dashboard.licences.txt", "dashboard.mjs", "web/icon.svg", "web/index.html", "web/licences.md"],
  },
  { program: "runner", megabytes: 60, shipped: ["toolbox/toolbox.sh"] },
] as const)("the image of the $program", ({ program, megabytes, shipped }) => {
  test(`adds at most ${megabytes} MB to its base, compressed`, () => {
    const { compressed } = contents[program];
    console.log(`${program}: ${(compressed / 1e6).toFixed(1)} MB above the base, compressed`);
    expect(compressed).toBeGreaterThan(100_000);
    expect(compressed).toBeLessThanOrEqual(megabytes * 1e6);
  });

  test("starts its bundle as an ordinary user, without a shell", () => {
    const { User, Entrypoint, Env, Labels } = contents[program].config;
    expect(User).toBe("1000:1000");
    const { options, env } =
      program === "operator" ? { options: ["--max-semi-space-size=8"], env: ["MALLOC_ARENA_MAX=2"] } : { options: [], env: [] };
    expect(Entrypoint).toEqual(["node", ...options, `/app/${program}.mjs`]);
    expect(Env).toEqual(expect.arrayContaining(["NODE_ENV=production", ...env]));
    expect(Labels).toMatchObject({
      "org.opencontainers.image.title": `codybatch-${program}`,
      "org.opencontainers.image.licenses": "Apache-2.0",
    });
  });

  test("adds the bundle with its licences to /app, and no tool to build or install with", () => {
    const { files } = contents[program];
    const app = ["LICENSE", `${program}.licences.txt`, `${program}.mjs`, ...shipped].map((name) => `app/${name}`).toSorted();
    expect(files.filter((path) => path.startsWith("app/") && !/^app\/web\/assets\/[-\w.]+\.(js|css|woff2?)$/.test(path))).toEqual(app);
    expect(files.filter((path) => unwanted.test(path))).toEqual([]);
  });
});

test("the operator's image adds nothing but /app", () => {
  expect(contents.operator.files.filter((path) => !path.startsWith("app/"))).toEqual([]);
});

/** Package managers, compilers, package lists, downloaded packages, source maps. */
const unwanted =
  /(^|\/)(npm|npx|yarn|corepack|gcc|cc|make)$|(^|\/)node_modules\/|^var\/lib\/apt\/lists\/[^.]|^var\/cache\/apt\/(archives\/)?[^/]+\.(deb|bin)$|\.map$/;

test("names what would be unwanted", () => {
  const planted = [
    "usr/bin/gcc",
    "usr/local/bin/npm",
    "var/lib/apt/lists/deb_InRelease",
    "var/cache/apt/pkgcache.bin",
    "app/runner.mjs.map",
  ];
  expect(planted.filter((path) => !unwanted.test(path))).toEqual([]);
});

test("the operator's image starts and misses its settings", async () => {
  const { exitCode, stderr } = await inside(images.operator, ["node", "/app/operator.mjs"]);
  expect(stderr).toContain("The settings are wrong:");
  expect(exitCode).toBe(2);
});

test("the operator's image holds the dashboard, which starts and misses its settings", async () => {
  const { exitCode, stderr } = await inside(images.operator, ["node", "/app/dashboard.mjs"]);
  expect(stderr).toContain("The settings are wrong:");
  expect(exitCode).toBe(2);
});

test("the runner's image starts, and each command asks for its own settings in a line of the log", async () => {
  const { exitCode, stderr } = await inside(images.runner, ["node", "/app/runner.mjs"]);
  expect(stderr).toContain("usage: runner clone | agent | ");
  expect(exitCode).toBe(2);
  const record = await inside(images.runner, ["node", "/app/runner.mjs", "record"]);
  expect(record.exitCode).toBe(2);
  expect(JSON.parse(record.stderr.split("\n")[0]!)).toMatchObject({ component: "record", problems: expect.any(Array) });
});

test.each([
  [["git", "--version"], "git version 2"],
  [["rg", "--version"], "ripgrep 1"],
  [["ssh", "-V"], "OpenSSH_"],
  [["id", "-u"], "1000"],
  [["head", "-n", "1", "/etc/ssl/certs/ca-certificates.crt"], "-----BEGIN CERTIFICATE-----"],
])("the runner's image has what its git and search need: %j", async (words, said) => {
  const { exitCode, stdout, stderr } = await inside(images.runner, words);
  expect(stdout + stderr).toContain(said);
  expect(exitCode).toBe(0);
});

test("a new bundle leaves the layer of the packages as it is", async () => {
  const context = await mkdtemp(join(tmpdir(), "codybatch-image-"));
  onTestFinished(() => rm(context, { recursive: true, force: true }));
  await prepareContext("runner", context);
  await appendFile(join(context, "dist/runner.mjs"), `// ${context}\n`);
  const changed = { builder: "buildah", tag: "changed", version: "0.0.0", base: images.base, prefix: "localhost", context } as const;
  const { name } = await buildImage("runner", changed);
  onTestFinished(async () => void must(await command("buildah", ["rmi", name])));
  const [before, after] = [await layersOf(images.runner), await layersOf(name)];
  expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
  expect(after.at(-1)).not.toBe(before.at(-1));
});

test("a base that has the packages is taken as it is, also one that is not root's", async () => {
  const context = await mkdtemp(join(tmpdir(), "codybatch-image-"));
  onTestFinished(() => rm(context, { recursive: true, force: true }));
  await prepareContext("runner", context);
  const onItself = {
    builder: "buildah",
    tag: "again",
    version: "0.0.0",
    base: images.runner,
    prefix: "localhost",
    archive: context,
    context,
  } as const;
  const { name, archive } = await buildImage("runner", onItself);
  onTestFinished(async () => void must(await command("buildah", ["rmi", name])));
  const { files, config } = await contentsOf(archive!, images.runner);
  expect(files.filter((path) => !path.startsWith("app/"))).toEqual([]);
  expect(config.User).toBe("1000:1000");
});

test("calls at the same time agree on one archive, which a later call takes as it is", async () => {
  const [one, other] = await Promise.all([testImages(), testImages()]);
  expect(other).toEqual(one);
  const inodes = async (): Promise<readonly number[]> => Promise.all(one.archives.map(async (archive) => (await stat(archive)).ino));
  const before = await inodes();
  await testImages();
  expect(await inodes()).toEqual(before);
});

/** Runs a command in a container of the image, as the image's user, with nothing of this machine's environment. */
async function inside(image: string, words: readonly string[]): Promise<CommandOutput> {
  const container = must(await command("buildah", ["from", image])).trim();
  try {
    return await command("buildah", ["run", container, "--", ...words]);
  } finally {
    must(await command("buildah", ["rm", container]));
  }
}
