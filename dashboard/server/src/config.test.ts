import { expect, it } from "vitest";
import { isLoopback, loadConfig } from "./config.ts";

const local = { CODYBATCH_API_URL: "http://127.0.0.1:8001" };

it("asks for a token unless something else is said", () => {
  const { auth, http } = loadConfig(local);
  expect(auth).toEqual({ mode: "token", audience: "codybatch-dashboard", acceptClusterTokens: true });
  expect(http.host).toBe("127.0.0.1");
});

it.each([
  [{ CODYBATCH_DASHBOARD_AUTH: "none", CODYBATCH_DASHBOARD_HOST: "0.0.0.0" }, /none shows everything.*port-forward/],
  [{ CODYBATCH_DASHBOARD_AUTH: "none", CODYBATCH_DASHBOARD_HOST: "::" }, /none shows everything/],
  [{ CODYBATCH_DASHBOARD_AUTH: "proxy" }, /PROXY_PEERS.*\n.*PROXY_SECRET_FILE/],
  [{ CODYBATCH_DASHBOARD_AUTH: "open" }, /must be token, proxy or none/],
  [{ CODYBATCH_DASHBOARD_CLAIMS: '[{"namespace":"a","claim":"b","directory":"../x"}]' }, /CODYBATCH_DASHBOARD_CLAIMS/],
  [{ CODYBATCH_DASHBOARD_PORT: "99999" }, /CODYBATCH_DASHBOARD_PORT.*whole number/],
])("refuses %j with what to do", (env, words) => {
  expect(() => loadConfig({ ...local, ...env })).toThrow(words);
});

it("says that there is no API server", () => {
  expect(() => loadConfig({})).toThrow(/no API server/);
});

it.each([
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example", false],
  ["", false],
])("knows whether %s is this machine alone", (address, is) => {
  expect(isLoopback(address)).toBe(is);
});
