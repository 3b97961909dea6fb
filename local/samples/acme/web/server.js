import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";
import { parse } from "node:url";

const root = join(import.meta.dirname, "build");

createServer((request, response) => {
  const { pathname } = parse(request.url);
  const file = normalize(pathname === "/" ? "/index.html" : pathname);
  createReadStream(join(root, file))
    .on("error", () => response.writeHead(404).end("not found"))
    .pipe(response);
}).listen(3000);
