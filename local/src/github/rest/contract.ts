import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { z } from "zod";
import { Refusal } from "../refusal.ts";

const Extract = z.object({
  operations: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      path: z.string(),
      documentation: z.string(),
      parameters: z.record(z.string(), z.unknown()),
      query: z.record(z.string(), z.unknown()),
      body: z.record(z.string(), z.unknown()).optional(),
      bodyRequired: z.boolean(),
      responses: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()),
    }),
  ),
  schemas: z.record(z.string(), z.unknown()),
});
export type Operation = z.infer<typeof Extract>["operations"][number];

const Fields = z.record(z.string(), z.unknown());
type Fields = z.infer<typeof Fields>;

const formats = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  uri: (text: string): boolean => URL.canParse(text),
  email: /@/,
};

/** GitHub's own description of its operations, and what it says of a request or a response. */
export class Contract {
  readonly operations: readonly Operation[];
  readonly #strict: Ajv;
  /** Path and query are text; numbers are read from it. */
  readonly #loose: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor() {
    const { operations, schemas } = Extract.parse(
      JSON.parse(readFileSync(join(import.meta.dirname, "..", "openapi", "github.json"), "utf8")),
    );
    this.operations = operations;
    const options = { strict: false, formats, validateFormats: true, logger: false } as const;
    this.#strict = new Ajv(options);
    this.#loose = new Ajv({ ...options, coerceTypes: true });
    for (const ajv of [this.#strict, this.#loose]) ajv.addSchema({ schemas }, "github");
  }

  /** The parameters of a path, as what they mean. Undefined for a path that cannot be one: GitHub answers 404. */
  parameters(operation: Operation, given: Fields): Fields | undefined {
    const read = { ...given };
    return this.#check(this.#loose, `${operation.id} path`, operation.parameters)(read) ? read : undefined;
  }

  /** The query, as what it means. Throws a 422, also for a parameter that GitHub does not know. */
  query(operation: Operation, given: Fields): Fields {
    const read = { ...given };
    const validate = this.#check(this.#loose, `${operation.id} query`, operation.query);
    if (!validate(read)) throw unreadable(validate.errors);
    return read;
  }

  /** The body. Throws a 400 for what is no JSON and a 422 for what GitHub would not take. */
  body(operation: Operation, bytes: Buffer): unknown {
    if (operation.body === undefined) return undefined;
    if (bytes.length === 0 && !operation.bodyRequired) return {};
    const value = parsed(bytes);
    const validate = this.#check(this.#strict, `${operation.id} body`, operation.body);
    if (!validate(value)) throw unreadable(validate.errors);
    return value;
  }

  /** Why GitHub could not give this answer, or undefined. */
  mistake(operation: Operation, status: number, body: unknown): string | undefined {
    const schema = status >= 400 ? errorSchema : operation.responses[String(status)];
    if (schema === undefined) return `${operation.id} has no answer with status ${status}`;
    if (schema === null) return body === undefined ? undefined : `${operation.id} has no JSON with status ${status}`;
    const validate = this.#check(this.#strict, `${status >= 400 ? "error" : operation.id} ${status}`, schema);
    return validate(body) ? undefined : `${operation.id} ${status}: ${this.#strict.errorsText(validate.errors)}`;
  }

  #check(ajv: Ajv, key: string, schema: Fields): ValidateFunction {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = ajv.compile(Fields.parse(JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"github#/schemas/'))));
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** Every error may have a `status`, which the description forgets for a 422. */
const errorSchema = {
  anyOf: [
    { $ref: "#/schemas/basic-error" },
    {
      type: "object",
      required: ["message", "documentation_url", "status"],
      properties: {
        message: { type: "string" },
        documentation_url: { type: "string" },
        status: { type: "string" },
        errors: { anyOf: [{ $ref: "#/schemas/validation-error/properties/errors" }, { type: "array", items: { type: "string" } }] },
      },
      additionalProperties: false,
    },
  ],
};

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

/** Ajv's first complaint in the words of GitHub's own validator. */
function unreadable(errors: readonly ErrorObject[] | null | undefined): Refusal {
  const worst = errors?.find(({ keyword }) => keyword === "additionalProperties") ?? errors?.[0];
  return new Refusal(422, `Invalid request.\n\n${worst === undefined ? "No subschema matched." : sentence(worst)}`);
}

const Params = z.object({
  missingProperty: z.string().optional(),
  additionalProperty: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  allowedValues: z.array(z.unknown()).optional(),
});

function sentence({ instancePath, keyword, params, message }: ErrorObject): string {
  const { missingProperty, additionalProperty, type, allowedValues } = Params.parse(params);
  if (keyword === "required") return `"${missingProperty}" wasn't supplied.`;
  if (keyword === "additionalProperties") return `"${additionalProperty}" is not a permitted key.`;
  const where = instancePath === "" ? "The request" : `For 'properties${instancePath}', it`;
  if (keyword === "type") return `${where} is not of type ${[type].flat().join(" or ")}.`;
  if (keyword === "enum") return `${where} is not a member of ${JSON.stringify(allowedValues)}.`;
  return `${where} ${message ?? "is not valid"}.`;
}
