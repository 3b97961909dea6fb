import type { PlainObject } from "../object.ts";
import { qualifiedName } from "../kinds/resource.ts";
import type { Resource } from "../kinds/resource.ts";

/** One reason why an object is refused, as in `details.causes` of a Status. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

interface StatusFields {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: PlainObject;
}

/** A refusal; the client gets it as a Kubernetes Status. */
export class StatusError extends Error {
  override name = "StatusError";
  readonly code: number;
  readonly reason: string;
  readonly details: PlainObject | undefined;

  constructor(fields: StatusFields, options?: ErrorOptions) {
    super(fields.message, options);
    this.code = fields.code;
    this.reason = fields.reason;
    this.details = fields.details;
  }
}

export function statusBody(error: StatusError): PlainObject {
  const { code, reason, message, details } = error;
  const base = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason };
  return details === undefined ? { ...base, code } : { ...base, details, code };
}

function detailsOf(resource: Resource, name: string): PlainObject {
  return resource.group === "" ? { name, kind: resource.plural } : { name, group: resource.group, kind: resource.plural };
}

export function notFound(resource: Resource, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" not found`;
  return new StatusError({ code: 404, reason: "NotFound", message, details: detailsOf(resource, name) });
}

export function noSuchPath(): StatusError {
  return new StatusError({ code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: {} });
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return new StatusError({ code: 409, reason: "AlreadyExists", message, details: detailsOf(resource, name) });
}

export function conflict(resource: Resource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new StatusError({ code: 409, reason: "Conflict", message, details: detailsOf(resource, name) });
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): StatusError {
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const lines = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = lines.length === 1 ? (lines[0] ?? "") : `[${lines.join(", ")}]`;
  const group = resource.group === "" ? {} : { group: resource.group };
  return new StatusError({
    code: 422,
    reason: "Invalid",
    message: `${kind} "${name}" is invalid: ${text}`,
    details: { ...(name === "" ? {} : { name }), ...group, kind: resource.kind, causes },
  });
}

/** The server is not there yet: the version asked for is newer than any that it has. */
export function tooNewVersion(version: number, current: number): StatusError {
  return new StatusError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    details: { causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }], retryAfterSeconds: 1 },
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError({ code: 400, reason: "BadRequest", message });
}

export function forbidden(resource: Resource, name: string, why: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" is forbidden: ${why}`;
  return new StatusError({ code: 403, reason: "Forbidden", message, details: detailsOf(resource, name) });
}

export function expired(message: string): StatusError {
  return new StatusError({ code: 410, reason: "Expired", message });
}

export function unsupportedMediaType(message: string): StatusError {
  return new StatusError({ code: 415, reason: "UnsupportedMediaType", message });
}

export function methodNotAllowed(): StatusError {
  return new StatusError({
    code: 405,
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
  });
}

export function tooLarge(limit: number): StatusError {
  return new StatusError({
    code: 413,
    reason: "RequestEntityTooLarge",
    message: `Request entity too large: limit is ${limit}`,
  });
}

export function internalError(cause: unknown): StatusError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new StatusError({ code: 500, reason: "InternalError", message: `Internal error occurred: ${text}` }, { cause });
}
