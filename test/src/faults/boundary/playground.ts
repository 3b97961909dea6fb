import { startServer } from "@codybatch/local";
import type { KubeObject } from "@codybatch/operator";
import { namer, pictureOf } from "../picture.ts";
import type { Picture } from "../picture.ts";
import { Kubelet } from "./kubelet.ts";
import type { Play } from "./kubelet.ts";
import { Stage } from "./stage.ts";
import type { Mishaps } from "./stage.ts";
import { User } from "./user.ts";
import { Witness } from "./witness.ts";

/** What a run came to. */
export interface Outcome {
  readonly picture: Picture;
  /** How often each object was created and deleted. */
  readonly counts: Readonly<Record<string, number>>;
  /** Reasons of all Warning Events: nobody is to be alarmed by what healed. */
  readonly warnings: readonly string[];
}

const namespaces = ["codybatch-system", "default"];
/** One changes, two has nothing to change, three loses its first pod half way. */
const play: Play = ({ repository, try: number }) => {
  if (repository.name === "acme/two") return "no change";
  return repository.name === "acme/three" && number === 0 ? "crash" : "change";
};

export interface Circumstances {
  readonly mishaps?: Mishaps;
  /** Changes that the server remembers: a watch that was away for more must list again. */
  readonly remembered?: number;
  /** Settings of the operator. */
  readonly times?: Readonly<Record<string, string>>;
  /** Two operators that do not see each other's Lease, as after a clock jump. */
  readonly leaders?: 1 | 2;
  /** What happens beside; the run is over when the batch is, and this. */
  readonly meanwhile?: (user: User) => Promise<void>;
}

/** Plays the batch with an operator in this process, an API server that does as it is told, and pods that end at once. */
export async function playWith(circumstances: Circumstances = {}): Promise<Outcome> {
  const { mishaps = () => undefined, times = {}, leaders = 1, remembered = 20_000, meanwhile } = circumstances;
  const over = new AbortController();
  const stages = namespaces.slice(0, leaders).map((namespace) => new Stage(namespace, mishaps, times));
  const server = await startServer({
    onRequest: (request) => stages[0]?.decide(request),
    bookmarkInterval: 50,
    history: { changes: remembered, bytes: 1 << 26 },
  });
  const witness = new Witness(server.url, over.signal);
  const user = new User(server.url);
  const kubelet = new Kubelet(user.api, play, { url: server.url, signal: over.signal });
  const close = async (): Promise<void> => {
    for (const stage of stages) await stage.close();
    await server.close();
  };
  try {
    for (const stage of stages) await stage.open(server.url);
    await user.apply();
    await Promise.race([user.untilOver(meanwhile?.(user)), kubelet.failed, ...stages.map(({ failed }) => failed)]);
    const nameOf = namer(await user.list("changesets"));
    const picture = await pictureOf((kind) => user.list(kind), nameOf);
    const warnings = warningsIn(await user.list("events"));
    await close();
    return { picture, counts: await witness.counts(nameOf), warnings };
  } finally {
    over.abort();
    await close();
    user.api.close();
  }
}

function warningsIn(events: readonly KubeObject[]): readonly string[] {
  const reasons = events.filter((event) => event["type"] === "Warning").map((event) => String(event["reason"]));
  return [...new Set(reasons)].toSorted();
}
