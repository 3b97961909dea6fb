export { Host } from "../../github/host.ts";
