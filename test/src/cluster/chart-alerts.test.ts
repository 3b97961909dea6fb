import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { chartFolder, findHelm, one, release, render } from "../chart/chart.ts";
import { exportedMetrics, type Exported } from "../chart/metrics.ts";
import { findPromtool, type Promtool } from "../chart/promtool.ts";

const page = "docs/guide/monitoring.md";
const Alert = z.strictObject({
  alert: z.string().regex(/^CodyBatch[A-Za-z]+$/),
  expr: z.string(),
  for: z.string().optional(),
  // Without namespace and service two releases would raise one and the same alert.
  labels: z.strictObject({
    severity: z.enum(["critical", "warning"]),
    namespace: z.literal(release.namespace),
    service: z.literal("cody-operator"),
  }),
  annotations: z.strictObject({
    summary: z.string().regex(/^[^\n]{20,150}\.$/),
    description: z.string().regex(/^[^\n]{40,300}\.$/),
    runbook: z.string(),
  }),
});
type Alert = z.infer<typeof Alert>;
const Rules = z.looseObject({ spec: z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Alert) })) }) });

let folder: string;
let promtool: Promtool;
let alerts: readonly Alert[];
beforeAll(async () => {
  const objects = await render(await findHelm(), { metrics: { prometheusRule: { enabled: true } } });
  const { spec } = Rules.parse(one(objects, "PrometheusRule", "cody-operator"));
  alerts = spec.groups.flatMap(({ rules }) => rules);
  folder = await mkdtemp(join(tmpdir(), "codybatch-alerts-"));
  await writeFile(join(folder, "rules.yaml"), stringify(spec));
  promtool = await findPromtool();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The series of each minute for each alert: silent until `quiet` minutes, firing at `firing`. Labels beside those of every target. */
interface Case {
  readonly metrics: Readonly<Record<string, string>>;
  readonly quiet: number;
  readonly firing: number;
  /** Labels that the alert keeps. */
  readonly kept?: Readonly<Record<string, string>>;
}

const cases: Readonly<Record<string, Case>> = {
  CodyBatchOperatorDown: { metrics: { 'leader_election_master_status{name="cody-operator"}': "1x10 0x30" }, quiet: 14, firing: 18 },
  CodyBatchReconcilesFail: {
    metrics: { 'controller_runtime_reconcile_errors_total{controller="batchchange"}': "0+5x40 207+7x40" },
    quiet: 40,
    firing: 70,
  },
  CodyBatchForbidden: {
    metrics: {
      'rest_client_requests_total{method="GET",code="200"}': "0+50x60",
      'rest_client_requests_total{method="POST",code="403"}': "0x10 1+1x40",
    },
    quiet: 20,
    firing: 40,
  },
  CodyBatchMissedChanges: {
    metrics: { 'codybatch_watch_missed_changes_total{resource="pods"}': "0x10 1x20" },
    quiet: 9,
    firing: 15,
  },
  CodyBatchSilentWatch: {
    metrics: {
      'codybatch_watch_silence_seconds{resource="pods"}': "10+60x20",
      'codybatch_watch_silence_seconds{resource="jobs"}': "30x20",
    },
    quiet: 6,
    firing: 9,
    kept: { resource: "pods" },
  },
  CodyBatchResultLost: {
    metrics: {
      'codybatch_attempts_total{outcome="Reported",reason="Reported"}': "0+1x60",
      'codybatch_attempts_total{outcome="Failed",reason="ResultLost"}': "0x10 1x20",
    },
    quiet: 9,
    firing: 15,
  },
  CodyBatchBudgetNearlySpent: { metrics: { codybatch_budgets_nearly_spent: "0x10 1x20" }, quiet: 9, firing: 12 },
  CodyBatchQuotaNearlySpent: { metrics: { codybatch_quotas_nearly_spent: "0x10 2x20" }, quiet: 9, firing: 12 },
  CodyBatchStorageNearlyFull: {
    metrics: { codybatch_results_stored_bytes: "799x30 800x30", codybatch_results_limit_bytes: "1000x60" },
    quiet: 30,
    firing: 50,
  },
};

/** As a ServiceMonitor labels what it scrapes. */
const target = { namespace: release.namespace, service: "cody-operator" };

function labelled(metric: string, labels: Readonly<Record<string, string>>): string {
  const [name = "", own = ""] = metric.replace(/\}$/, "").split("{");
  const all = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${[...all, ...(own === "" ? [] : [own])].join()}}`;
}

/** A file of tests for promtool: what is expected of one alert, with series of this release or of another one. */
function testOf({ alert, labels, annotations }: Alert, { metrics, quiet, firing, kept = {} }: Case, isOurs: boolean): object {
  const owner = isOurs ? target : { ...target, namespace: "elsewhere" };
  const told = Object.entries(annotations).map(([key, text]) => [key, text.replace("{{ $labels.resource }}", kept["resource"] ?? "")]);
  const expected = { exp_labels: { ...labels, ...kept }, exp_annotations: Object.fromEntries(told) as object };
  // An operator that is not scraped counts as down.
  const isAbsence = alert === "CodyBatchOperatorDown";
  const at = (minute: number, found: readonly object[]): object => ({ eval_time: `${minute}m`, alertname: alert, exp_alerts: found });
  return {
    interval: "1m",
    input_series: Object.entries(metrics).map(([metric, values]) => ({ series: labelled(metric, owner), values })),
    alert_rule_test: [at(quiet, isAbsence && !isOurs ? [expected] : []), at(firing, isAbsence || isOurs ? [expected] : [])],
  };
}

async function verdict(tests: readonly object[]): Promise<string> {
  const file = join(await mkdtemp(join(folder, "test-")), "tests.yaml");
  await writeFile(file, stringify({ rule_files: [join(folder, "rules.yaml")], evaluation_interval: "1m", tests }));
  const { exitCode, stdout, stderr } = await promtool(folder, "test", "rules", file);
  return exitCode === 0 ? "as expected" : stdout + stderr;
}

test("promtool finds nothing wrong with the rules", async () => {
  const { exitCode, stdout } = await promtool(folder, "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
  expect(stdout).toContain(`SUCCESS: ${alerts.length} rules found`);
  expect(exitCode).toBe(0);
});

test("there is a case for each alert", () => {
  expect(Object.keys(cases).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test.each(Object.entries(cases))(
  "Prometheus raises %s when it should, not before, and not by another release's figures",
  async (name, one) => {
    const alert = alerts.find((each) => each.alert === name)!;
    expect(await verdict([testOf(alert, one, true), testOf(alert, one, false)])).toBe("as expected");
  },
);

test("promtool would tell of an alert that is not raised", async () => {
  const [name, one] = Object.entries(cases)[1]!;
  const alert = alerts.find((each) => each.alert === name)!;
  expect(await verdict([testOf(alert, { ...one, firing: one.quiet }, true)])).toContain("FAILED");
});

/** Each selector of an expression, such as `name{label="x"}`, and what it is grouped by. */
function usedIn({ expr }: Alert): readonly Exported[] {
  const grouped = [...expr.matchAll(/by \(([a-z_, ]+)\)/g)].flatMap(([, labels = ""]) => labels.split(/, ?/));
  return [...expr.matchAll(/([a-z_]+)\{([^}]*)\}/g)].map(([, name = "", matchers = ""]) => ({
    name,
    labelNames: [...grouped, ...[...matchers.matchAll(/([a-z_]+)=~?"/g)].map(([, label = ""]) => label)],
  }));
}

test("the operator exports every metric and label that an alert asks for", async () => {
  const exported = new Map((await exportedMetrics()).map(({ name, labelNames }) => [name, [...labelNames, ...Object.keys(target)]]));
  const used = alerts.flatMap(usedIn);
  expect(used.length).toBeGreaterThanOrEqual(alerts.length);
  expect(used.filter(({ name, labelNames }) => !labelNames.every((label) => exported.get(name)?.includes(label)))).toEqual([]);
});

test("each alert leads to its own paragraph of the guide, and each paragraph is about an alert", async () => {
  const text = await readFile(join(chartFolder, "../..", page), "utf8");
  const paragraphs = [...text.matchAll(/^### (CodyBatch\w+)$/gm)].map(([, name = ""]) => name);
  expect(alerts.map(({ annotations }) => annotations.runbook)).toEqual(alerts.map(({ alert }) => `${page}#${alert.toLowerCase()}`));
  expect(paragraphs).toEqual(alerts.map(({ alert }) => alert));
});
