import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { asking } from "../client/client.ts";
import { Commands } from "../command/line.tsx";
import { Answered } from "../fault/answered.tsx";
import { part } from "../frame/part.ts";
import { useTitle } from "../frame/title.ts";
import { useTopic } from "../stream/live.ts";
import { Attempts } from "./attempts/attempts.tsx";
import { Checks } from "./checks.tsx";
import { RepositoryHead } from "./head.tsx";
import { parts } from "./parts.ts";
import { usePartsAhead } from "./parts-ahead.ts";
import { PullRequestTab } from "./pull-request.tsx";
import type { RepositoryTab } from "./search.ts";
import { Tabs } from "./tabs.tsx";

const Diff = lazy(async () => ({ default: (await part(parts.diff())).DiffView }));
const Transcript = lazy(async () => ({ default: (await part(parts.transcript())).TranscriptView }));
const tabsAhead = ["diff", "transcript"] as const;
const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** One repository of a batch: the change, how it came about, what became of it. */
export function RepositoryPage() {
  const params = route.useParams();
  const { tab = "diff" } = route.useSearch();
  const query = useQuery(asking("repository", { params }));
  useTitle(query.data?.row.repository ?? params.changeset);
  useTopic(`repository:${params.namespace}/${params.changeset}`);
  usePartsAhead(tabsAhead);
  return (
    <Answered query={query} what="the repository">
      {(detail) => (
        <>
          <RepositoryHead detail={detail} />
          <Commands commands={detail.commands} message={detail.message} />
          <Tabs />
          <Suspense fallback={<p role="status">Loading the tab</p>}>
            <Tab tab={tab} detail={detail} />
          </Suspense>
        </>
      )}
    </Answered>
  );
}

function Tab({ tab, detail }: { readonly tab: RepositoryTab; readonly detail: RepositoryDetail }) {
  switch (tab) {
    case "diff":
      return <Diff detail={detail} />;
    case "transcript":
      return <Transcript detail={detail} />;
    case "checks":
      return <Checks result={detail.result} />;
    case "attempts":
      return <Attempts detail={detail} />;
    case "pull-request":
      return <PullRequestTab detail={detail} />;
  }
}
