export type { Redactor } from "./redactor.ts";
export { makeRedactor } from "./redactor.ts";
export type { Shape } from "./shapes.ts";
export { shapes } from "./shapes.ts";
