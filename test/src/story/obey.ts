import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import type { LocalMode } from "../local-mode/index.ts";

const caller = `'"$(kubectl auth whoami -o jsonpath='{.status.userInfo.username}')"'`;
const patchCommand = /kubectl -n default patch cset (\S+) --type merge -p '([^']*)'/;

/** Does what the message tells to do next, to the letter, as its reader who pastes the command; `user` is whom the API server takes the reader for. */
export async function obey(local: LocalMode, message: string | undefined, user = "alice"): Promise<KubeObject> {
  const [, name, body] = patchCommand.exec((message ?? "").replaceAll(caller, user)) ?? [];
  if (name === undefined || body === undefined) throw new Error(`no command to patch a Changeset in: ${message}`);
  return local.api.patch(resources.changesets, name, JSON.parse(body) as object);
}
