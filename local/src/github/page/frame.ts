import { createHash } from "node:crypto";
import type { Answer } from "../answer.ts";

const style = `:root{color-scheme:light dark;--line:light-dark(#d1d9e0,#3d444d);--note:light-dark(#fff8c5,#3a2d00);--edge:light-dark(#9a6700,#d29922)}
*{box-sizing:border-box}
html{background:light-dark(#fff,#0d1117);color:light-dark(#1f2328,#e6edf3)}
a{color:light-dark(#0550ae,#79c0ff)}
body{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:1rem auto;padding:0 1rem;overflow-wrap:anywhere;background:inherit}
.label{border:1px solid var(--edge);background:var(--note);padding:.5rem 1rem;border-radius:6px}
pre{white-space:pre-wrap;border:1px solid var(--line);padding:1rem;border-radius:6px;font-size:.875rem}
dl{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.25rem 1rem}
dt{font-weight:600}
dd{margin:0}
form{border:1px solid var(--line);padding:1rem;border-radius:6px}
form p{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0;align-items:center}
button,select{font:inherit;padding:.25rem .75rem;max-width:100%}`;

/** Nothing on a page may run or load anything; a form may come back here alone, and says where it comes from. */
const guarded = {
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
};

/** A whole page around a body that is HTML already. */
export function pageAnswer(title: string, body: string, status = 200): Answer {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${style}</style></head>
<body>
<p class="label" role="note">Stand-in for GitHub on this machine. Nothing here is on GitHub.</p>
<main>
${body}
</main>
</body>
</html>
`;
  return { status, headers: { ...guarded, "content-type": "text/html; charset=utf-8" }, body: Buffer.from(html) };
}

/** Plain text that no browser takes for a page. */
export function plainAnswer(text: string): Answer {
  return { status: 200, headers: { ...guarded, "content-type": "text/plain; charset=utf-8" }, body: Buffer.from(text) };
}

export function notThere(what: string): Answer {
  return pageAnswer("Not there", `<h1>Not there</h1>\n<p>This ${what} does not exist in the stand-in for GitHub.</p>`, 404);
}

/** Names and what they are. */
export function factsOf(facts: readonly (readonly [string, string])[]): string {
  return `<dl>\n${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join("\n")}\n</dl>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as text, wherever it came from. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}
