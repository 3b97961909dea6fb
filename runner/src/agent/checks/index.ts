export { type Adopted, adoptFiles } from "./adopt.ts";
export { type CheckRun, Checks, isWorse, type Ran } from "./checks.ts";
export { Mailbox } from "./mailbox.ts";
