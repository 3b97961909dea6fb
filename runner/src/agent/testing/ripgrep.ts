import { createRequire } from "node:module";

/** The binary that the npm package brings. */
export function ripgrepPath(): string {
  const { rgPath } = createRequire(import.meta.url)("@vscode/ripgrep") as { rgPath: string };
  return rgPath;
}
