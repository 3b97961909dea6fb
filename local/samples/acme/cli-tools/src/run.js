const commands = { version: () => console.log("1.9.0") };

/** Runs one command and returns its exit code. */
export function run([name = "version"]) {
  const command = commands[name];
  if (command === undefined) {
    console.error(`acme: unknown command ${name}; known: ${Object.keys(commands).join(", ")}`);
    return 2;
  }
  command();
  return 0;
}
