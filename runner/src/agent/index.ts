export { runAgent } from "./run.ts";
