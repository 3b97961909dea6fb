import type { Wanted } from "../access/visitor.ts";
import type { Resource } from "../limits/limits.ts";
import type { Context, InRepository, Reply } from "./context.ts";
import { createToken, installationOf, rateLimit, repositoryInstallation } from "./handler/apps.ts";
import { combinedStatus, jobLogs, listAnnotations, listCheckRuns } from "./handler/checks.ts";
import { getCommit } from "./handler/commits.ts";
import { addLabels, createComment, listComments, listReviewers, requestReviewers, setLabels } from "./handler/issues.ts";
import { createPull, getPull, listPulls, updatePull } from "./handler/pulls.ts";
import { getContent, getRef, getRepository, getUser, matchingRefs } from "./handler/repository.ts";
import { searchCode, searchRepositories } from "./handler/search.ts";

/** How an operation is answered, and what it needs. */
export type Handling =
  | { readonly needs: "nothing" | "app"; readonly limit: Resource | undefined; readonly handle: (context: Context) => Promise<Reply> }
  | { readonly needs: "installed"; readonly limit: Resource; readonly handle: (context: InRepository) => Promise<Reply> }
  | {
      /** One of these on the repository of the path is enough. */
      readonly needs: readonly Wanted[];
      readonly limit: Resource;
      readonly handle: (context: InRepository) => Promise<Reply>;
    };

type Handle = (context: InRepository) => Promise<Reply>;

function read(permission: Wanted["permission"], handle: Handle): Handling {
  return { needs: [{ permission, level: "read" }], limit: "core", handle };
}

function write(permissions: readonly Wanted["permission"][], handle: Handle): Handling {
  return { needs: permissions.map((permission) => ({ permission, level: "write" })), limit: "core", handle };
}

/** Labels and comments of a pull request are those of an issue, for which either permission is enough. */
const issueOrPull = ["issues", "pull_requests"] as const;

/** Every operation of the extract, with the permissions that GitHub's documentation names. */
export const handlings: Readonly<Record<string, Handling>> = {
  "actions/download-job-logs-for-workflow-run": read("actions", jobLogs),
  "apps/create-installation-access-token": { needs: "app", limit: "core", handle: createToken },
  "apps/get-installation": { needs: "app", limit: "core", handle: installationOf },
  "apps/get-org-installation": { needs: "app", limit: "core", handle: installationOf },
  "apps/get-repo-installation": { needs: "installed", limit: "core", handle: repositoryInstallation },
  "apps/get-user-installation": { needs: "app", limit: "core", handle: installationOf },
  "checks/list-annotations": read("checks", listAnnotations),
  "checks/list-for-ref": read("checks", listCheckRuns),
  "git/get-ref": read("contents", getRef),
  "git/list-matching-refs": read("contents", matchingRefs),
  "issues/add-labels": write(issueOrPull, addLabels),
  "issues/create-comment": write(issueOrPull, createComment),
  "issues/list-comments": {
    needs: issueOrPull.map((permission) => ({ permission, level: "read" })),
    limit: "core",
    handle: listComments,
  },
  "issues/set-labels": write(issueOrPull, setLabels),
  "pulls/create": write(["pull_requests"], createPull),
  "pulls/get": read("pull_requests", getPull),
  "pulls/list": read("pull_requests", listPulls),
  "pulls/list-requested-reviewers": read("pull_requests", listReviewers),
  "pulls/request-reviewers": write(["pull_requests"], requestReviewers),
  "pulls/update": write(["pull_requests"], updatePull),
  "rate-limit/get": { needs: "nothing", limit: undefined, handle: rateLimit },
  "repos/get": read("metadata", getRepository),
  "repos/get-combined-status-for-ref": read("statuses", combinedStatus),
  "repos/get-commit": read("contents", getCommit),
  "repos/get-content": read("contents", getContent),
  "search/code": { needs: "nothing", limit: "code_search", handle: searchCode },
  "search/repos": { needs: "nothing", limit: "search", handle: searchRepositories },
  "users/get-authenticated": { needs: "nothing", limit: "core", handle: getUser },
};
