/** One wish of a push. */
export interface Command {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

/** A push as git sends it: what is wished, what the client understands, and the objects. */
export interface Push {
  readonly commands: readonly Command[];
  readonly capabilities: ReadonlySet<string>;
  readonly pack: Buffer;
}

/** Reads the body of a request to git-receive-pack; one without commands only asks whether it may come. */
export function parsePush(body: Buffer): Push {
  const { lines, rest } = section(body);
  // They come with the first wish, before which a shallow repository names where its history ends.
  const told = lines.find((line) => line.includes("\0"))?.split("\0")[1] ?? "";
  const capabilities = new Set(told.split(" ").filter((one) => one !== ""));
  const commands = lines.flatMap((line) => {
    const [, old, next, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
    return old === undefined || next === undefined || ref === undefined ? [] : [{ old, new: next, ref }];
  });
  return { commands, capabilities, pack: capabilities.has("push-options") ? section(rest).rest : rest };
}

/** The lines up to a flush, and what follows it. */
function section(body: Buffer): { readonly lines: readonly string[]; readonly rest: Buffer } {
  const lines: string[] = [];
  for (let at = 0; at + 4 <= body.length;) {
    const length = Number.parseInt(body.toString("latin1", at, at + 4), 16);
    if (!(length >= 4)) return { lines, rest: body.subarray(at + 4) };
    lines.push(body.toString("utf8", at + 4, at + length));
    at += length;
  }
  return { lines, rest: Buffer.alloc(0) };
}

/** Why each ref was refused, and what the user is told beside it. */
export interface Refused {
  readonly reasons: ReadonlyMap<string, string>;
  readonly said: string;
}

/** The report of a push of which nothing was taken. */
export function refusal({ commands, capabilities }: Push, { reasons, said }: Refused): Buffer {
  const lines = commands.map(({ ref }) => packet(`ng ${ref} ${reasons.get(ref) ?? "pre-receive hook declined"}\n`));
  const report = Buffer.concat([packet("unpack ok\n"), ...lines, flush]);
  if (!capabilities.has("side-band-64k")) return report;
  const spoken = said === "" ? [] : [packet(Buffer.concat([Buffer.from([2]), Buffer.from(said)]))];
  return Buffer.concat([...spoken, packet(Buffer.concat([Buffer.from([1]), report])), flush]);
}

const flush = Buffer.from("0000");

function packet(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
}
