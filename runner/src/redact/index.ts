export type { Redactor } from "./redactor.ts";
export { makeRedactor } from "./redactor.ts";
