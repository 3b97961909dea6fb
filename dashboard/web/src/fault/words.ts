import { Refused } from "@codybatch/dashboard-contract/client";

/** What a page says when an answer could not be had. */
export interface FaultWords {
  readonly title: string;
  readonly text: string;
  readonly command?: { readonly title: string; readonly line: string } | undefined;
  /** Whether asking again may help. */
  readonly again: boolean;
}

export function wordsFor(error: unknown): FaultWords {
  if (!(error instanceof Refused)) {
    return {
      title: "The server cannot be reached",
      text: "Nothing was heard from it. Check the network, or the port-forward that leads to it. It is tried again by itself.",
      again: true,
    };
  }
  const { fault } = error;
  const { title, again = false } = titles[fault.kind];
  const given = fault.command === undefined ? undefined : { title: "This leads on", line: fault.command };
  return { title, text: fault.kind === "NotFound" ? notFound : fault.message, command: given ?? rightCommand(fault.needs), again };
}

const notFound = "It was deleted, it never was, or you may not see it: for all three the answer is the same.";

const titles: Readonly<Record<Refused["fault"]["kind"], { readonly title: string; readonly again?: boolean }>> = {
  Forbidden: { title: "A right is missing" },
  NotFound: { title: "Not found" },
  Gone: { title: "No longer stored" },
  Unavailable: { title: "The server is not ready", again: true },
  TooManyRequests: { title: "Too many requests", again: true },
  BadRequest: { title: "This did not work" },
  Unauthenticated: { title: "No session" },
  TooLarge: { title: "Too large to show" },
  RangeNotSatisfiable: { title: "This part is not there", again: true },
  Internal: { title: "This did not work", again: true },
};

type Needs = Refused["fault"]["needs"];

/** The line with which an administrator sees that the right is missing. Words that kubectl would not take are left out. */
function rightCommand(needs: Needs): FaultWords["command"] {
  if (needs === undefined) return undefined;
  const { verb, group, resource, namespace } = needs;
  const parts = [verb, group, resource, namespace ?? "x"];
  if (!parts.every((part) => /^[A-Za-z0-9./*-]*$/.test(part))) return undefined;
  const [kind = "", subresource] = resource.split("/");
  const where = namespace === undefined ? "--all-namespaces" : `--namespace ${namespace}`;
  const part = subresource === undefined ? "" : ` --subresource=${subresource}`;
  const name = group === "" ? kind : `${kind}.${group}`;
  return {
    title: "Ask whether you have it; an administrator gives it by a Role",
    line: `kubectl auth can-i ${verb} ${name}${part} ${where}`,
  };
}
