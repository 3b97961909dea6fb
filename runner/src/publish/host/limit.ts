export { limitedUntil } from "../../github/limit.ts";
