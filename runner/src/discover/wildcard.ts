/** Whether a whole text fits a pattern in which `*` stands for any text. Case does not count. Takes no longer than both are long. */
export function fitsWildcard(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split(/\*+/);
  const whole = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return whole === first;
  if (!whole.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = whole.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return whole.length - last.length >= from && whole.endsWith(last);
}
