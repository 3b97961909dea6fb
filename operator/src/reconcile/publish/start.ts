import type { Observed } from "../observed.ts";
import { createTask } from "../task/create.ts";
import type { Action, CreateTask, PublishWish } from "../wish.ts";
import type { Work } from "../work.ts";
import { publishInput } from "./input.ts";
import type { Publication, Wanted } from "./publication.ts";

type Spec = Observed["batch"]["spec"];

interface Around {
  readonly observed: Observed;
  /** What has to be in status before it. */
  readonly first: readonly Action[];
  readonly otherwise: PublishWish["otherwise"];
}

/** The wish to start a publish Job, if one is due. */
export function publishWish(work: Work, publication: Publication, { observed, first, otherwise }: Around): PublishWish | undefined {
  const { due } = publication;
  const task = due === undefined ? undefined : taskOf(work, publication, due, observed);
  if (task === undefined) return undefined;
  const { namespace } = work.changeset.metadata;
  return {
    kind: "Publish",
    first: [{ kind: "EnsureRecorderAccess", namespace }, ...first],
    task,
    ...shareOf(namespace, observed.batch.spec),
    otherwise,
  };
}

/** What a publish Job takes, and of which credential's pace. Of a batch that is gone nobody knows the Secret. */
export function shareOf(namespace: string, spec: Spec | undefined): Pick<PublishWish, "credential" | "content"> {
  const { publish, credentials } = spec ?? {};
  return { credential: `${namespace}/${credentials?.githubWriteSecret ?? ""}`, content: contentOf(publish) };
}

/** Requests that make content at the host: the pull request, each label and reviewer, and one to mend its text. */
function contentOf({ labels = [], reviewers = [] }: Partial<Spec["publish"]> = {}): number {
  return 2 + labels.length + reviewers.length;
}

function taskOf(work: Work, publication: Publication, due: Wanted, observed: Observed): CreateTask | undefined {
  const input = publishInput(work, publication, due, observed);
  if (input === undefined) return undefined;
  const owner = { kind: "Changeset", metadata: work.changeset.metadata } as const;
  const patch = due.kind === "Publish" ? { patchRef: due.patch.ref } : {};
  return createTask(observed, { owner, input, subject: due.subject, ...patch });
}
