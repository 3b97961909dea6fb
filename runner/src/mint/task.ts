import { ClosePullRequest, DiscoverInput, PublishInput, RunInput, TrackInput } from "@codybatch/crds";
import { z } from "zod";
import { readInputAs } from "../input/index.ts";

const Publishing = z.union([ClosePullRequest, PublishInput]);

/** What the container that follows is to do. */
export type Task =
  | { readonly kind: "change"; readonly input: RunInput }
  | { readonly kind: "publish"; readonly input: z.infer<typeof Publishing> }
  | { readonly kind: "discover"; readonly input: DiscoverInput }
  | { readonly kind: "track"; readonly input: TrackInput };

const Kind = z.object({ task: z.enum(["publish", "discover", "track"]).optional() });

/** Reads the `input.json` of the container that follows. Throws InputError. */
export async function readTask(directory: string): Promise<Task> {
  const { task } = await readInputAs(Kind, directory);
  if (task === "publish") return { kind: task, input: await readInputAs(Publishing, directory) };
  if (task === "discover") return { kind: task, input: await readInputAs(DiscoverInput, directory) };
  if (task === "track") return { kind: task, input: await readInputAs(TrackInput, directory) };
  return { kind: "change", input: await readInputAs(RunInput, directory) };
}

/** What of GitHub a task is about: one repository, or whatever the installation at one account may see. */
export type Target =
  | { readonly kind: "Repository"; readonly owner: string; readonly repo: string }
  | { readonly kind: "Accounts"; readonly owners: readonly string[] };

export function targetOf(task: Task): Target {
  if (task.kind === "change" || task.kind === "publish") {
    const [owner = "", repo = ""] = task.input.repository.name.split("/");
    return { kind: "Repository", owner, repo };
  }
  return { kind: "Accounts", owners: distinct(task.kind === "track" ? followed(task.input) : searched(task.input)) };
}

/** Origin of the repositories; undefined where they are folders of this machine. */
export function githubURLOf(task: Task): string | undefined {
  if (task.kind === "discover" || task.kind === "track") return task.input.githubURL;
  const { protocol, origin } = new URL(task.input.repository.url);
  return protocol === "file:" ? undefined : origin;
}

/** `spec.credentials` calls it so. */
export function secretFieldOf(task: Task): string {
  return task.kind === "publish" ? "githubWriteSecret" : "githubReadSecret";
}

function followed({ pullRequests }: TrackInput): readonly string[] {
  return pullRequests.map(({ repository }) => repository.split("/")[0] ?? "");
}

/** Whose repositories a search is confined to, as its qualifiers say. */
function searched({ selector: { search = "", codeSearch = "" } }: DiscoverInput): readonly string[] {
  return [...`${search} ${codeSearch}`.matchAll(/(?<![\w:-])(?:org|user|repo):"?([A-Za-z0-9][A-Za-z0-9-]*)/gi)].map(
    ([, owner = ""]) => owner,
  );
}

function distinct(owners: readonly string[]): readonly string[] {
  return [...new Set(owners.map((owner) => owner.toLowerCase()))].toSorted();
}
