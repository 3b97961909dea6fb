import { describe, expect, it } from "vitest";
import { cloneConfig, ConfigError, recorderConfig } from "./config.ts";

const directories = Object.fromEntries(
  ["INPUT", "OUT", "API_TOKEN", "TMP", "GITHUB_READ", "GIT", "WORKSPACE"].map((name) => [
    `CODYBATCH_${name}_DIR`,
    `/${name.toLowerCase()}`,
  ]),
);
const pod = { POD_NAME: "p", POD_NAMESPACE: "n", POD_UID: "u" };

describe("recorderConfig", () => {
  it.each([
    ["an IPv4 service", { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "6443" }, "https://10.0.0.1:6443"],
    ["an IPv6 service", { KUBERNETES_SERVICE_HOST: "fd00::1" }, "https://[fd00::1]:443"],
    [
      "a given URL, which wins",
      { KUBERNETES_SERVICE_HOST: "10.0.0.1", CODYBATCH_API_URL: "http://127.0.0.1:8001" },
      "http://127.0.0.1:8001",
    ],
  ])("finds the API server at %s", (_, env, url) => {
    expect(recorderConfig({ ...directories, ...pod, ...env }).apiURL).toBe(url);
  });

  it("has the waiting times of the design", () => {
    const config = recorderConfig({ ...directories, ...pod, CODYBATCH_API_URL: "http://127.0.0.1:1" });
    expect(config).toMatchObject({ pollSeconds: 1, liveSeconds: 10, agentLostSeconds: 30, resultsDir: undefined });
  });

  it("says what to set outside a cluster", () => {
    expect(() => recorderConfig({ ...directories, ...pod })).toThrow(/CODYBATCH_API_URL: must be set outside a cluster/);
  });
});

describe("cloneConfig", () => {
  it("limits a clone to 4 GiB, 250,000 files and ten minutes unless told otherwise", () => {
    expect(cloneConfig(directories)).toMatchObject({ maxBytes: 4 * 1024 ** 3, maxFiles: 250_000, timeoutSeconds: 600 });
    expect(cloneConfig({ ...directories, CODYBATCH_CLONE_MAX_MIB: "1" }).maxBytes).toBe(1024 * 1024);
  });

  it("refuses what is no number, and names it", () => {
    const wrong = { ...directories, CODYBATCH_CLONE_MAX_FILES: "many", CODYBATCH_CLONE_SECONDS: "-1" };
    expect(() => cloneConfig(wrong)).toThrow(ConfigError);
    expect(() => cloneConfig(wrong)).toThrow(/CODYBATCH_CLONE_SECONDS: .*; CODYBATCH_CLONE_MAX_FILES: must be a whole number/);
  });
});
