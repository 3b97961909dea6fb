import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { parseProtobuf } from "./protobuf.ts";
import { badRequest, tooLarge, unsupportedMediaType } from "./status.ts";

/** The API server's limit for one request. */
const maxBodyBytes = 3 * 1024 * 1024;

/** Reads the whole body. Throws a 413 above the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBodyBytes) throw tooLarge(maxBodyBytes);
    chunks.push(bytes);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

export function mediaType(header: string | undefined): string {
  return (header ?? "application/json").split(";")[0]?.trim().toLowerCase() ?? "";
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw badRequest(`the request body is not valid UTF-8: ${String(error)}`);
  }
}

/** The value of a JSON or YAML body. Throws a 400 that says what cannot be read, or a 415. */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
  const type = mediaType(contentType);
  if (body.length === 0) throw badRequest("the request body is empty");
  if (type === "application/vnd.kubernetes.protobuf") return parseProtobuf(body);
  if (type === "application/yaml") return parseYAML(textOf(body));
  if (type === "application/json" || type.endsWith("+json")) return parseJSON(textOf(body));
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml (got ${type})`,
  );
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the request body cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseYAML(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(`the request body cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
