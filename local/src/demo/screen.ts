import { styleText } from "node:util";

/** The part of a terminal that is needed; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const colours: Readonly<Record<string, "green" | "red" | "yellow" | "cyan">> = {
  Ready: "green",
  NoChange: "green",
  Failed: "red",
  AwaitingApproval: "yellow",
  Running: "cyan",
  Publishing: "cyan",
  Open: "green",
  Merged: "green",
};

const coloured = new RegExp(`(?<= {2})(${Object.keys(colours).join("|")})(?= |$)`);

/** Writes lines; on a terminal it redraws the moving ones, elsewhere it writes each line that is new. */
export class Screen {
  readonly #output: Output;
  readonly #colour: boolean;
  readonly #banner: readonly string[];
  #drawn: readonly string[] = [];

  /** `banner` heads every screen. */
  constructor(output: Output, environment: Readonly<Record<string, string | undefined>>, banner?: string) {
    this.#output = output;
    this.#banner = banner === undefined ? [] : [banner];
    this.#colour = output.isTTY === true && (environment["NO_COLOR"] ?? "") === "";
  }

  /** Whether moving lines are redrawn in their place. */
  get redraws(): boolean {
    return this.#output.isTTY === true;
  }

  /** Writes lines that stay. */
  say(...lines: readonly string[]): void {
    this.#erase();
    for (const line of lines) this.#output.write(`${this.#coloured(line)}\n`);
  }

  /** Shows lines in the place of those shown before. */
  show(rows: readonly string[]): void {
    const lines = [...this.#banner, ...rows];
    if (this.redraws) this.#redraw(lines);
    else for (const line of lines) if (!this.#drawn.includes(line)) this.#output.write(`${line}\n`);
    this.#drawn = lines;
  }

  /** Leaves the moving lines as they are. */
  settle(): void {
    this.#drawn = [];
  }

  #redraw(lines: readonly string[]): void {
    if (lines.join("\n") === this.#drawn.join("\n")) return;
    this.#erase();
    const width = this.#output.columns ?? 120;
    for (const line of lines) this.#output.write(`${this.#coloured(line.slice(0, width - 1))}\n`);
  }

  #erase(): void {
    if (this.redraws && this.#drawn.length > 0) this.#output.write(`\u001B[${this.#drawn.length}A\u001B[0J`);
    this.#drawn = [];
  }

  #coloured(line: string): string {
    if (!this.#colour) return line;
    return line.replace(coloured, (phase) => {
      const colour = colours[phase];
      return colour === undefined ? phase : styleText(colour, phase, { validateStream: false });
    });
  }
}
