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

/** What the texts of a pull request may name besides. */
export const resultVariables = [
  "result.summary",
  "result.explanation",
  "result.filesChanged",
  "result.additions",
  "result.deletions",
] as const;

type ResultVariable = (typeof resultVariables)[number];

/** A value for each variable that the text may use; there is no other. */
type TemplateValues = Readonly<Record<TemplateVariable, string> & Partial<Record<ResultVariable, string>>>;

/** A name that begins so is ours: where it is not one of the variables it is a mistake, and everything else is the user's own text. */
const reservedPrefixes = ["repository.", "batchChange."] as const;

/** Stands for a plain `${`. */
const templateEscape = "$${";

const written = /\$\$\{|\$\{([A-Za-z.]+)\}/g;

/** The text with its variables replaced, each once and never what came with a value; `$${` becomes `${`. */
export function fillIn(text: string, values: TemplateValues): string {
  const valueOf = new Map(Object.entries(values));
  return text.replace(written, (whole: string, name: string | undefined) => {
    if (name === undefined) return "${";
    return valueOf.get(name) ?? whole;
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
