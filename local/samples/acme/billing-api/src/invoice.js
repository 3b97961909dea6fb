/** Sum of an invoice's lines in cents, converted and rounded half up. */
export function totalOf(lines, rate) {
  const cents = lines.reduce((sum, { quantity, unitCents }) => sum + quantity * unitCents, 0);
  return Math.round(cents * rate);
}
