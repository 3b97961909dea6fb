import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { acme, urlsOf } from "../story/acme.ts";
import { Batch } from "../story/batch.ts";
import { changes, scenario } from "../story/model.ts";
import { obey } from "../story/obey.ts";
import { seconds } from "./figure.ts";
import type { Effort, Figure, Measurement } from "./figure.ts";

const perMinute = 30;
const patience = 1800;

/** Approves many patches at one moment and watches how the pace lets them out, through all of local mode and the stand-in for GitHub. */
export async function measurePublishing({ quick }: Effort): Promise<Measurement> {
  const count = quick ? 3 : 60;
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  const pace = { perMinute, contentPerHour: 500, running: perMinute };
  const local = await startLocalMode({
    github: acme(...names),
    scenarios: [scenario("any", {}, ...changes())],
    limits: { maxRepositories: count, repositoriesWithoutClaim: count, maxTotalMiB: 1024 },
    // No look at the pull requests meanwhile: it is counted by itself.
    operator: { CODYBATCH_PUBLISHING: JSON.stringify(pace), CODYBATCH_TRACK_SECONDS: "3600" },
  });
  try {
    return { title: `${count} patches approved at once, ${perMinute} publish Jobs a minute`, figures: await publishAll(local, names) };
  } finally {
    await local.stop();
  }
}

async function publishAll(local: LocalMode, names: readonly string[]): Promise<readonly Figure[]> {
  const batch = new Batch(local, "paced", patience);
  await batch.create(urlsOf(local, ...names), { publish: { policy: "OnApproval" }, parallelism: 4, budget: { maxCostUSD: "200.00" } });
  const waiting = await batch.untilAll(names.length, "AwaitingApproval");
  const approvedAt = Date.now();
  await Promise.all(waiting.map(({ status }) => obey(local, status?.message)));
  await batch.untilAll(names.length, "Open");
  const took = (Date.now() - approvedAt) / 1000;
  const limit = (names.length / perMinute) * 60;
  return [
    {
      what: `wall time all approved → all open in status; the pace's limit (${names.length} at ${perMinute} a minute); ratio`,
      value: `${seconds(took)}; ${seconds(limit)}; ${(took / limit).toFixed(2)}`,
    },
    ...paceOf(local, approvedAt),
  ];
}

/** What the stand-in for GitHub saw of it. */
function paceOf(local: LocalMode, approvedAt: number): readonly Figure[] {
  const { requests } = local.github;
  const own = requests.filter(({ at, token }) => at >= approvedAt && token === "write");
  const made = own.filter(({ operation, status }) => operation === "pulls/create" && status === 201).map(({ at }) => at);
  const least = ((made.length - 1) / perMinute) * 60;
  const spread = (Math.max(...made) - Math.min(...made)) / 1000;
  const git = own.filter(({ operation }) => operation.startsWith("git/")).length;
  const each = (total: number): string => (total / made.length).toFixed(1);
  return [
    { what: `first → last pull request made; the least that the pace allows`, value: `${seconds(spread)}; ${seconds(least)}` },
    {
      what: "most pull requests within any 60 s",
      value: String(
        mostWithin(
          made.toSorted((left, right) => left - right),
          60_000,
        ),
      ),
    },
    { what: "requests to the API, and of git, for each pull request", value: `${each(own.length - git)}; ${each(git)}` },
    { what: "requests before the time that the host had asked to wait for", value: String(requests.filter(({ early }) => early).length) },
  ];
}

/** `moments` are sorted. */
function mostWithin(moments: readonly number[], ms: number): number {
  return Math.max(0, ...moments.map((from, index) => moments.slice(index).filter((at) => at < from + ms).length));
}
