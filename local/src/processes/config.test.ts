import { expect, test } from "vitest";

import { readConfig, UsageError } from "./config.ts";

const entry = '{"img": ["node", "main.ts"]}';
const args = ["--dir", "d", "--server", "http://127.0.0.1:1", "--entry", entry];

test("secrets come from the environment by their fixed names; other variables only when asked for", () => {
  const environment = {
    ANTHROPIC_API_KEY: "k",
    CODYBATCH_GITHUB_READ_TOKEN: "r",
    CODYBATCH_GITHUB_WRITE_TOKEN: "",
    CODYBATCH_GITHUB_APP_ID: "7",
    CODYBATCH_SIGNING_KEY: "s",
    PATH: "/bin",
    HTTPS_PROXY: "p",
    NO: "x",
  };
  expect(readConfig([...args, "--pass", "HTTPS_PROXY", "--pass", "ABSENT"], environment)).toEqual({
    dir: "d",
    server: "http://127.0.0.1:1",
    entries: { img: ["node", "main.ts"] },
    secrets: {
      anthropic: { "api-key": "k" },
      "github-read": { token: "r", "app-id": "7" },
      "github-write": { "app-id": "7", "signing.key": "s" },
    },
    environment: { PATH: "/bin" },
    passed: { HTTPS_PROXY: "p" },
    commandsOf: new Set(),
    maxPods: 20,
    keepVolumes: false,
    stopsAll: false,
  });
});

test("checks run of the repositories that are named, or of all", () => {
  expect(readConfig([...args, "--checks-of", "file:///a", "--checks-of", "file:///b"], {}).commandsOf).toEqual(
    new Set(["file:///a", "file:///b"]),
  );
  expect(readConfig([...args, "--run-checks", "--checks-of", "file:///a"], {}).commandsOf).toBe("all");
});

test.each([
  [["--server", "http://x", "--entry", entry], "--dir and --server are needed"],
  [["--dir", "d", "--server", "https://x", "--entry", entry], '--server must be an http:// URL, not "https://x"'],
  [["--dir", "d", "--server", "http://x"], '--entry must be JSON like {"image": ["node", "main.ts"]}, not ""'],
  [
    ["--dir", "d", "--server", "http://x", "--entry", '{"a": []}'],
    '--entry must be JSON like {"image": ["node", "main.ts"]}, not "{\\"a\\": []}"',
  ],
  [[...args, "--max-pods", "0"], '--max-pods must be a whole number from 1 on, not "0"'],
  [[...args, "--wrong"], "Unknown option '--wrong'"],
])("%j is refused", (given, message) => {
  expect(() => readConfig(given, {})).toThrow(UsageError);
  expect(() => readConfig(given, {})).toThrow(message);
});
