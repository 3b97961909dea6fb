import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { command, type CommandOutput } from "../process/command.ts";
import { testImages } from "./images.ts";
import { type Registry, startRegistry } from "./registry.ts";

const main = join(import.meta.dirname, "../../../scripts/images/main.ts");
let base: string;

beforeAll(async () => {
  ({ base } = await testImages());
});

/** The command behind `npm run images`, with Buildah. */
async function makeImages(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandOutput> {
  const args = [main, "--with", "buildah", "--tag", "test", ...words];
  return command(process.execPath, args, { env: { BUILDAH_ISOLATION: "chroot", ...env } });
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "codybatch-images-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A registry that Buildah takes without TLS, and the images' names there, which are removed from its storage in the end. */
async function registry(
  options: { readonly readOnly?: boolean } = {},
): Promise<{ readonly it: Registry; readonly env: Record<string, string> }> {
  const it = await startRegistry(options);
  onTestFinished(it.stop);
  onTestFinished(() => remove(`${it.host}/team/`));
  const settings = join(await folder(), "registries.conf");
  await writeFile(settings, `[[registry]]\nlocation = "${it.host}"\ninsecure = true\n`);
  return { it, env: { CONTAINERS_REGISTRIES_CONF: settings } };
}

async function remove(prefix: string): Promise<void> {
  const names = must(await command("buildah", ["images", "--format", "{{.Name}}:{{.Tag}}"])).split("\n");
  for (const name of names.filter((one) => one.startsWith(prefix) && one.endsWith(":test"))) must(await command("buildah", ["rmi", name]));
}

test("pushes both images and says how to install them", async () => {
  const { it, env } = await registry();
  const { exitCode, stdout, stderr } = await makeImages(["--base", base, "--push", `${it.host}/team`], env);
  expect(stderr).toContain(`pushing ${it.host}/team/codybatch-runner:test`);
  expect(stdout).toContain(
    `--set operator.image=${it.host}/team/codybatch-operator:test --set runner.image=${it.host}/team/codybatch-runner:test`,
  );
  expect(exitCode).toBe(0);
  expect(it.pushed).toEqual(["team/codybatch-operator:test", "team/codybatch-runner:test"]);
});

test("shows why a registry refused a push, and what to look at", async () => {
  const { it, env } = await registry({ readOnly: true });
  const { exitCode, stdout, stderr } = await makeImages(["--base", base, "--push", `${it.host}/team`], env);
  expect(stderr).toMatch(/403|denied/i);
  expect(stderr).toContain("buildah push failed; what it said is above. Is the registry's name right, and is the builder logged in there?");
  expect([exitCode, stdout]).toEqual([1, ""]);
});

test("writes docker archives", async () => {
  onTestFinished(() => remove("localhost/codybatch-"));
  const archive = join(await folder(), "new");
  const { exitCode, stdout } = await makeImages(["--base", base, "--archive", archive]);
  expect(stdout).toContain(`built localhost/codybatch-operator:test and ${archive}/codybatch-operator-test.tar`);
  expect(exitCode).toBe(0);
  expect(await readdir(archive)).toEqual(["codybatch-operator-test.tar", "codybatch-runner-test.tar"]);
  expect(stdout).toContain("--set runner.image=localhost/codybatch-runner:test");
  const manifest = must(await command("tar", ["-xOf", join(archive, "codybatch-runner-test.tar"), "manifest.json"]));
  expect(JSON.parse(manifest)).toMatchObject([{ RepoTags: ["localhost/codybatch-runner:test"] }]);
});

test("shows what the builder said when a build fails", async () => {
  const { exitCode, stderr } = await makeImages(["--base", "localhost/no-such-base:1"]);
  expect(stderr).toContain("localhost/no-such-base:1");
  expect(stderr).toContain("buildah bud failed; what it said is above. Can the base image and Debian's packages be reached?");
  expect(exitCode).toBe(1);
});

test("names what to install where no builder is", async () => {
  const { exitCode, stderr } = await command(process.execPath, [main], { env: { PATH: await folder() } });
  for (const builder of ["docker", "podman", "buildah"]) expect(stderr).toContain(`  ${builder}: not found on the PATH`);
  expect(stderr).toContain("Install Docker, Podman or Buildah");
  expect(exitCode).toBe(1);
});

test("does not take Docker's client without its engine for a builder", async () => {
  const dir = await folder();
  await writeFile(join(dir, "docker"), "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n", { mode: 0o755 });
  const { exitCode, stderr } = await command(process.execPath, [main, "--with", "docker"], { env: { PATH: dir } });
  expect(stderr).toContain("docker: Cannot connect to the Docker daemon");
  expect(exitCode).toBe(1);
});

test("explains a wrong command line with exit code 2", async () => {
  const { exitCode, stderr } = await command(process.execPath, [main, "--push", "https://registry.example"]);
  expect(stderr).toContain("--push takes a registry such as registry.example/team");
  expect(stderr).toContain("usage: npm run images");
  expect(exitCode).toBe(2);
});
