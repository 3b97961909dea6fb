export { InputError, readInput } from "./input.ts";
