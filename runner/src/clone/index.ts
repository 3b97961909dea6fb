export type { Base } from "./clone.ts";
export { runClone } from "./clone.ts";
