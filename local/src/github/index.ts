export { startGithub } from "./github.ts";
export type { Github, GithubOptions } from "./github.ts";
export type { PushEntry, RequestEntry } from "./journal.ts";
export { ScenarioError as GithubScenarioError, loadScenario as loadGithubScenario } from "./scenario/scenario.ts";
export type { ScenarioInput as GithubScenario } from "./scenario/scenario.ts";
export type { FaultInput as GithubFault } from "./script/fault.ts";
export type { Hold as GithubHold } from "./script/hold.ts";
