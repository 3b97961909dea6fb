/** One alternative of an Accept header. */
export interface MediaRange {
  readonly type: string;
  /** The kind that the answer should be turned into, or "". */
  readonly as: string;
  readonly group: string;
  readonly version: string;
}

/** The alternatives of an Accept header, in the client's order. */
export function mediaRangesOf(accept: string): readonly MediaRange[] {
  return (accept === "" ? "*/*" : accept).split(",").map(rangeOf);
}

function rangeOf(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((parameter): [string, string] => pairOf(parameter)));
  return { type: type.toLowerCase(), as: values.get("as") ?? "", group: values.get("g") ?? "", version: values.get("v") ?? "" };
}

function pairOf(parameter: string): [string, string] {
  const [name = "", value = ""] = parameter.split("=", 2);
  return [name.trim(), value.trim()];
}
