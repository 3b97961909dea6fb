export { readTar, TarError, type TarFile } from "./reader.ts";
export { type TarMember, tarEnd, tarHead, tarOf, tarPadding } from "./writer.ts";
