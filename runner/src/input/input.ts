import { join } from "node:path";
import { RunInput } from "@codybatch/crds";
import { readMounted } from "../out/index.ts";

/** The mounted input is missing or not what this version understands. */
class InputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "InputError";
  }
}

/** Reads `input.json`, which the kubelet makes from the pod's annotation. Throws {@link InputError}. */
export async function readInput(directory: string): Promise<RunInput> {
  const text = await readMounted(join(directory, "input.json"));
  if (text === undefined) throw new InputError("input.json is missing");
  const { success, data, error } = RunInput.safeParse(parseJSON(text));
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
