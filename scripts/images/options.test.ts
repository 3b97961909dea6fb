import { expect, it } from "vitest";
import { readOptions, UsageError } from "./options.ts";

it("takes the version as tag and leaves the rest to the Dockerfile and the machine", () => {
  expect(readOptions([], "0.1.0")).toEqual({ registry: undefined, tag: "0.1.0", base: undefined, archive: undefined, builder: undefined });
});

it("reads every option", () => {
  const words = ["--push", "localhost:5000/team/", "--tag=v2", "--base", "mirror.example/node:24-slim@sha256:abc", "--archive", "out"];
  expect(readOptions([...words, "--with", "podman"], "0.1.0")).toEqual({
    registry: "localhost:5000/team",
    tag: "v2",
    base: "mirror.example/node:24-slim@sha256:abc",
    archive: "out",
    builder: "podman",
  });
});

it.each([
  [
    ["--push", "https://registry.example"],
    '--push takes a registry such as registry.example/team or localhost:5000, without https:// and tag, not "https',
  ],
  [["--push", "registry.example/team:1"], "--push takes a registry"],
  [["--push", "registry.example/Team"], "--push takes a registry"],
  [["--push=--all"], "--push takes a registry"],
  [["--push", ""], "--push takes a registry"],
  [["--tag", "a/b"], '--tag takes up to 128 letters, digits, "_", "." and "-", not "a/b"'],
  [["--tag", "-x"], "argument is ambiguous"],
  [["--tag=-x"], "--tag takes"],
  [["--base", "two words"], '--base takes the name of an image such as node:24-slim, not "two words"'],
  [["--archive", ""], "--archive takes a folder"],
  [["--archive", "a:b"], "--archive takes a folder"],
  [["--with", "kaniko"], '--with takes docker, podman, buildah, not "kaniko"'],
  [["--tga", "1"], "Unknown option '--tga'"],
  [["operator"], "Unexpected argument 'operator'"],
])("refuses %j", (words, message) => {
  expect(() => readOptions(words, "0.1.0")).toThrow(UsageError);
  expect(() => readOptions(words, "0.1.0")).toThrow(message);
});
