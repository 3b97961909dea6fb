export { runPublish } from "./publish.ts";
