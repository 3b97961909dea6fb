/** What a prompt and a repository's instructions may name, written `${…}`. One syntax for every text of a BatchChange. */
export const templateVariables = [
  "repository.name",
  "repository.owner",
  "repository.url",
  "repository.branch",
  "batchChange.name",
  "batchChange.namespace",
] as const;

type TemplateVariable = (typeof templateVariables)[number];

/** A name that begins so is ours: where it is not one of the variables it is a mistake, and everything else is the user's own text. */
const reservedPrefixes = ["repository.", "batchChange."] as const;

/** Stands for a plain `${`. */
const templateEscape = "$${";

const isKnown = new Set<string>(templateVariables);
const written = /\$\$\{|\$\{([A-Za-z.]+)\}/g;

/** The text with its variables replaced, each once and never what came with a value; `$${` becomes `${`. */
export function fillIn(text: string, values: Readonly<Record<TemplateVariable, string>>): string {
  const valueOf: Readonly<Record<string, string>> = values;
  return text.replace(written, (whole: string, name: string | undefined) => {
    if (name === undefined) return "${";
    return isKnown.has(name) ? (valueOf[name] ?? whole) : whole;
  });
}

/** Whether the text names nothing under our prefixes but what there is. */
export function namesOnlyVariables(text: string): boolean {
  const known = templateVariables.map((name) => `\${${name}}`);
  const rest = [templateEscape, ...known].reduce((left, one) => left.replaceAll(one, " "), text);
  return reservedPrefixes.every((prefix) => !rest.includes(`\${${prefix}`));
}

/** The same as {@link namesOnlyVariables} for an API server. */
export function namesOnlyVariablesCel(field: string): string {
  const known = templateVariables.map((name) => `\${${name}}`);
  const rest = [templateEscape, ...known].reduce((left, one) => `${left}.replace('${one}', ' ')`, `self.${field}`);
  // A list of one takes the place of a variable, so that the text is stripped once: an API server bounds what rules may cost.
  return `[${rest}].all(rest, ${reservedPrefixes.map((prefix) => `!rest.contains('\${${prefix}')`).join(" && ")})`;
}

/** For the words of a refusal. */
export const variablesInWords = `may use ${templateVariables.map((name) => `\${${name}}`).join(", ")} and nothing else that begins with ${reservedPrefixes.map((prefix) => `\${${prefix}`).join(" or ")}: mend the name, or write ${templateEscape} for a plain \${`;
