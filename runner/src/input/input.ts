import { join } from "node:path";
import { RunInput } from "@codybatch/crds";
import type { z } from "zod";
import { readMounted } from "../out/index.ts";

/** The mounted input is missing or not what this version understands. */
class InputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "InputError";
  }
}

/** Reads the `input.json` of a change. Throws {@link InputError}. */
export async function readInput(directory: string): Promise<RunInput> {
  return await readInputAs(RunInput, directory);
}

/** Reads `input.json`, which the kubelet makes from the pod's annotation, as a task of one form. Throws {@link InputError}. */
export async function readInputAs<T extends z.ZodType>(form: T, directory: string): Promise<z.output<T>> {
  const text = await readMounted(join(directory, "input.json"));
  if (text === undefined) throw new InputError("input.json is missing");
  const { success, data, error } = form.safeParse(parseJSON(text));
  if (!success) throw new InputError(`input.json: ${error.issues[0]?.path.join(".")}: ${error.issues[0]?.message}`, { cause: error });
  return data;
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError("input.json is not JSON", { cause: error });
  }
}
