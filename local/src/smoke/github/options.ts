import { parseArgs } from "node:util";
import { orUsage, UsageError } from "../../command-line/usage.ts";

export interface Options {
  /** Where the repository is, as in spec.repositories. */
  readonly url: URL;
  /** `owner/name`. */
  readonly name: string;
  /** Base of the pull request; HEAD: the default branch. */
  readonly branch: string;
  /** Nobody is asked before something is written. */
  readonly agreed: boolean;
  readonly readToken: string;
  readonly writeToken: string;
}

export const usage = `usage: npm run smoke:github -- --repository https://github.com/you/sandbox [--branch NAME] [--yes]
Publishes one line to a repository of yours on the real GitHub: a branch, a pull request, a look at it; then it is closed and the branch deleted.
  --repository URL  a small repository in which a closed pull request does no harm
  --branch NAME     base of the pull request, default the default branch
  --yes             do not ask before something is written
Tokens come from the environment: CODYBATCH_GITHUB_WRITE_TOKEN (contents and pull requests: write), and CODYBATCH_GITHUB_READ_TOKEN when
reading is to be done with another one (contents, pull requests, checks, commit statuses: read). Nothing is paid, Claude is not asked.`;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the command line and the tokens. Throws {@link UsageError}; undefined when help was asked for. */
export function readOptions(args: readonly string[], environment: Environment): Options | undefined {
  const { repository, branch, yes, help } = parse(args);
  if (help) return undefined;
  if (repository === undefined) throw new UsageError("--repository is needed: a small repository of yours");
  const writeToken = tokenIn(environment, "CODYBATCH_GITHUB_WRITE_TOKEN");
  if (writeToken === undefined) throw new UsageError("set CODYBATCH_GITHUB_WRITE_TOKEN to a token that may write to this repository");
  const readToken = tokenIn(environment, "CODYBATCH_GITHUB_READ_TOKEN") ?? writeToken;
  return { ...placeOf(repository), branch, agreed: yes, readToken, writeToken };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- parseArgs derives it from the options
function parse(args: readonly string[]) {
  return orUsage(
    () =>
      parseArgs({
        args: [...args],
        options: {
          repository: { type: "string" },
          branch: { type: "string", default: "HEAD" },
          yes: { type: "boolean", default: false },
          help: { type: "boolean", short: "h", default: false },
        },
      }).values,
  );
}

function placeOf(repository: string): Pick<Options, "url" | "name"> {
  const url = URL.canParse(repository) ? new URL(repository) : undefined;
  const name = url?.pathname.replace(/^\//, "").replace(/\.git$/, "") ?? "";
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || !/^[^/]+\/[^/]+$/.test(name)) {
    throw new UsageError(`--repository must be like https://github.com/you/sandbox, not ${JSON.stringify(repository)}`);
  }
  return { url, name };
}

function tokenIn(environment: Environment, name: string): string | undefined {
  const token = (environment[name] ?? "").trim();
  return token === "" ? undefined : token;
}
