export { deniedKinds } from "./denied-paths.ts";
export type { Finding } from "./finding.ts";
export { keyOf, reasonOf, tellModel, tellPerson } from "./finding.ts";
export type { Verdict } from "./gate.ts";
export { escapeHidden } from "./hidden.ts";
export { judge } from "./gate.ts";
