import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import type { LocalMode } from "../local-mode/index.ts";

const patchCommand = /kubectl -n default patch cset (\S+) --type merge -p '([^']*)'/;

/** Does what the message tells to do next, to the letter, as its reader who pastes the command; `user` takes the place of the name to fill in. */
export async function obey(local: LocalMode, message: string | undefined, user = "alice"): Promise<KubeObject> {
  const [, name, body] = patchCommand.exec(message ?? "") ?? [];
  if (name === undefined || body === undefined) throw new Error(`no command to patch a Changeset in: ${message}`);
  return local.api.patch(resources.changesets, name, JSON.parse(body.replace("<your user name>", user)) as object);
}
