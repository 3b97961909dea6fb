export type { Redactor } from "./redactor.ts";
export { makeRedactor } from "./redactor.ts";
export { shapes } from "./shapes.ts";
