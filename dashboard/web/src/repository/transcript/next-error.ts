/** The first error after the event, or the first of all when there is none after it. */
export function nextError(errors: readonly { readonly n: number }[], at: number | undefined): number | undefined {
  return (errors.find(({ n }) => n > (at ?? 0)) ?? errors[0])?.n;
}
