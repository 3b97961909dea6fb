const pattern = /\$\$|\$\(([A-Za-z_][-A-Za-z0-9_.]*)\)/g;

/** Kubernetes' `$(NAME)`: `$$` is a dollar sign, an unknown name stays as it stands. */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(pattern, (whole: string, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(values, name) ? (values[name] ?? whole) : whole;
  });
}
