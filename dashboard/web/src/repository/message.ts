/** What a message of the operator says before its commands, which the page offers by themselves; undefined when that is nothing. */
export function withoutCommands(message: string): string | undefined {
  const at = message.indexOf("kubectl ");
  if (at === -1) return message;
  const before = message.slice(0, at);
  // The words that lead to the command go with it.
  const end = before.lastIndexOf(". ");
  return end === -1 ? undefined : before.slice(0, end + 1);
}
