import { expect, test } from "vitest";
import { difference, writesAside, writesOf } from "./writes-seen.ts";

const label = (verb: string, resource: string, { code = "201", subresource = "", dry = "" } = {}): string =>
  `apiserver_request_total{code="${code}",component="apiserver",dry_run="${dry}",group="codybatch.dev",resource="${resource}",scope="resource",subresource="${subresource}",verb="${verb}",version="v1"}`;

const metrics = [
  "# TYPE apiserver_request_total counter",
  `${label("POST", "changesets")} 3`,
  `${label("POST", "changesets", { code: "409" })} 5`,
  `${label("POST", "changesets", { dry: "All" })} 7`,
  `${label("GET", "changesets", { code: "200" })} 11`,
  `${label("WATCH", "changesets", { code: "200" })} 13`,
  `${label("PATCH", "changesets", { code: "200", subresource: "status" })} 17`,
  `${label("POST", "jobs")} 1.9e+01`,
  `${label("POST", "jobs").replace('version="v1"', 'version="v2"')} 23`,
  `${label("POST", "jobs").replace("request_total", "request_terminations_total")} 29`,
].join("\n");

test("what an API server has written is read from its metrics: no reads, no refusals, no dry runs", () => {
  const writes = new Map([
    ["POST changesets", 3],
    ["PATCH changesets/status", 17],
    ["POST jobs", 42],
  ]);
  expect(writesOf(metrics)).toEqual(writes);
});

test("only what was added since counts, and what was never there before counts whole", () => {
  const [after, before] = [
    new Map([
      ["POST jobs", 42],
      ["POST changesets", 3],
    ]),
    new Map([["POST jobs", 40]]),
  ];
  expect(difference(after, before)).toEqual(
    new Map([
      ["POST jobs", 2],
      ["POST changesets", 3],
    ]),
  );
});

test("a record of one part is told from those of others, whatever the batch is called", () => {
  expect(writesAside(["my-live-0-0-abcde-live", "my-live-0-0-abcde-live", "my-live-0-0-abcde-result"], "live")).toBe(1);
});
