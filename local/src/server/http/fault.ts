/** What a test makes of one request. The seam is for tests: nothing in the server itself sets it. */
export type Fault =
  /** Answers with this status; with `commitFirst` the request is carried out all the same. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly reason?: string;
      readonly retryAfterSeconds?: number;
      readonly commitFirst?: boolean;
    }
  /** Resets the connection, or never answers. */
  | { readonly kind: "reset" | "silence"; readonly commitFirst?: boolean }
  /** Carries the request out after so long. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Lets a watch send so many lines, then cuts it. */
  | { readonly kind: "cut"; readonly afterLines: number; readonly how: Cut }
  /** Puts other lines in the place of each line of a watch: none (lost), two (doubled), an older one. */
  | { readonly kind: "edit"; readonly edit: (line: string, index: number) => readonly string[] };

/** `resetMidLine` and `halfLine` send half of the next line, then reset or close; `silence` keeps the connection and says no more. */
export type Cut = "reset" | "resetMidLine" | "halfLine" | "close" | "silence" | "expired" | "error";

export interface FaultedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly watch: boolean;
}

export type FaultSource = (request: FaultedRequest) => Fault | undefined;
