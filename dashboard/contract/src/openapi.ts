import { z } from "zod";
import { Fault, faultStatus, type FaultKind } from "./fault.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import { StreamMessage } from "./stream.ts";

const always: readonly FaultKind[] = ["BadRequest", "TooManyRequests", "Internal"];
const withSession: readonly FaultKind[] = [...always, "Unauthenticated", "Unavailable"];

/** The table of routes as an OpenAPI 3.1 document. */
export function openapi(): Readonly<Record<string, unknown>> {
  const operations = Object.entries(routes).map(([name, route]) => [name, route] as const);
  const byPath = Object.groupBy(operations, ([, { path }]) => path.replaceAll(/:(\w+)/g, "{$1}"));
  const paths = Object.entries(byPath).map(([path, found]) => [
    path,
    Object.fromEntries((found ?? []).map(([name, route]) => [route.method.toLowerCase(), operationOf(name, route)])),
  ]);
  return {
    openapi: "3.1.0",
    info: { title: "Cody Batch dashboard", version: "v1", description: "Read-only: the only POST is login." },
    paths: Object.fromEntries(paths),
    components: { schemas: { Fault: schemaOf(Fault, "output"), StreamMessage: schemaOf(StreamMessage, "output") } },
  };
}

function operationOf(name: string, route: Route): Readonly<Record<string, unknown>> {
  return {
    operationId: name,
    summary: route.summary,
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } } }),
    responses: { "200": { description: "As asked.", content: { [route.answer.media]: contentOf(route) } }, ...refusalsOf(route) },
  };
}

function contentOf({ answer }: Route): Readonly<Record<string, unknown>> {
  if (answer.media === "application/json") return { schema: schemaOf(answer.schema, "output") };
  return answer.media === "text/event-stream" ? { schema: { $ref: "#/components/schemas/StreamMessage" } } : { schema: { type: "string" } };
}

function parametersOf(schema: z.ZodObject, place: "path" | "query"): readonly object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...form } = typeof property === "boolean" ? {} : property;
    return { name, in: place, required: required.includes(name), ...(description === undefined ? {} : { description }), schema: form };
  });
}

function refusalsOf({ faults, session }: Route): Readonly<Record<string, object>> {
  const kinds = [...new Set([...(session ? withSession : always), ...faults])];
  const byStatus = Object.groupBy(kinds, (kind) => String(faultStatus[kind]));
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Fault" } } };
  return Object.fromEntries(Object.entries(byStatus).map(([status, same]) => [status, { description: (same ?? []).join(", "), content }]));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
