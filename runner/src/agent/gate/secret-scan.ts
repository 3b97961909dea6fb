import { shapes } from "../../redact/index.ts";

/** A secret in a text: `start` is its offset, `value` what must never be shown. */
export interface Hit {
  readonly start: number;
  readonly value: string;
  readonly rule: string;
}

/** Scanned at a time, so that no rule sees a long hostile text whole; the overlap is longer than any secret that has a form. */
const pieceLength = 128 * 1024;
const overlap = 12 * 1024;
/** More would tell nothing new. */
const mostHits = 50;

/** Secrets in a text by what they look like, at most 50. `name` is the last part of a path: some forms belong to some files. */
export async function scanSecrets(text: string, name: string): Promise<readonly Hit[]> {
  const hits: Hit[] = [];
  for (let offset = 0; offset === 0 || offset + overlap < text.length; offset += pieceLength - overlap) {
    const piece = text.slice(offset, offset + pieceLength);
    for (const hit of [...shapeHits(piece), ...(await ruleHits(piece, name))]) {
      const moved = { ...hit, start: hit.start + offset };
      if (!hits.some((known) => overlaps(known, moved))) hits.push(moved);
      if (hits.length >= mostHits) return hits;
    }
  }
  return hits;
}

function overlaps(one: Hit, other: Hit): boolean {
  return one.start < other.start + other.value.length && other.start < one.start + one.value.length;
}

function shapeHits(text: string): readonly Hit[] {
  return shapes.flatMap(({ name, pattern }) =>
    [...text.matchAll(new RegExp(pattern, "g"))].map((match) => ({ start: match.index, value: match[0], rule: name })),
  );
}

/** secretlint is loaded at the first scan: no other part of a run needs it. */
async function ruleHits(text: string, name: string): Promise<readonly Hit[]> {
  const [{ lintSource }, { rules }] = await Promise.all([
    import("@secretlint/core"),
    import("@secretlint/secretlint-rule-preset-recommend"),
  ]);
  // The preset also has a rule that lets a comment switch the others off; and it would open a .p12 file by its name.
  const scanners = rules.filter((rule) => rule.meta.id !== "@secretlint/secretlint-rule-filter-comments");
  const { messages } = await lintSource({
    source: { filePath: name, content: text.replace(/^\uFEFF/, " "), ext: name.endsWith(".json") ? ".json" : ".txt", contentType: "text" },
    options: { config: { rules: scanners.map((rule) => ({ id: rule.meta.id, rule })) }, noPhysicFilePath: true, maskSecrets: true },
  });
  return messages.map(({ range, ruleId }) => ({ start: range[0], value: valueOf(text, range), rule: kindOf(ruleId) }));
}

/** Some rules give the range of "name=value" by the length of the value alone. */
function valueOf(text: string, [start, end]: readonly [number, number]): string {
  const rest = /^[^\s"'`]*/.exec(text.slice(end, end + 512))?.[0] ?? "";
  return text.slice(start, end) + rest;
}

function kindOf(ruleId: string): string {
  return `secret of the kind ${ruleId.replace("@secretlint/secretlint-rule-", "")}`;
}
