import { z } from "zod";

/** What the model is told about one call. */
export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
  /** An error that the model cannot have caused; for the log. */
  readonly fault?: unknown;
}

/** Says what was wrong and what to do instead; its message goes to the model. */
export class ToolError extends Error {}

/** `read` tools run side by side; `write` tools alone and in order; `report` last of a turn. */
type Access = "read" | "write" | "report";

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly access: Access;
  readonly schema: z.ZodObject;
  /** Never rejects: whatever goes wrong becomes an error for the model. */
  readonly call: (input: unknown) => Promise<ToolOutcome>;
}

interface Definition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly access: Access;
  readonly schema: Schema;
  readonly run: (input: z.infer<Schema>) => Promise<string | ToolOutcome>;
}

/** A tool whose input is checked before it runs: strict schemas are the API's promise, this is ours. */
export function defineTool<Schema extends z.ZodObject>(definition: Definition<Schema>): Tool {
  const { name, description, access, schema, run } = definition;
  return { name, description, access, schema, call: (input) => guarded(async () => run(parse(schema, input))) };
}

function parse<Schema extends z.ZodObject>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ToolError(`The input is not valid. ${z.prettifyError(parsed.error)}`);
}

async function guarded(run: () => Promise<string | ToolOutcome>): Promise<ToolOutcome> {
  try {
    const result = await run();
    return typeof result === "string" ? { text: result, isError: false } : result;
  } catch (error) {
    return { text: explain(error), isError: true, ...(error instanceof ToolError ? {} : { fault: error }) };
  }
}

/** Messages of the system carry host paths, so only their code is told. */
function explain(error: unknown): string {
  if (error instanceof ToolError) return error.message;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "an unexpected error";
  return `The call failed with ${code}. Nothing more is known; try another way.`;
}
